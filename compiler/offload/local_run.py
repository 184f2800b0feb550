"""A stub's call that runs here after all: weights are read, a remote cache is rebuilt from its log, and transformers answers."""

import inspect
from collections.abc import Callable
from typing import Any

import torch

from aweigh.compiler.offload.cache import NAMES, RemoteCache, RemoteStaticCache, become_local, emptied, named
from aweigh.compiler.offload.encoder import Deferred
from aweigh.compiler.offload.stub import Stub


def forward(
    stub: Stub, model: Any, reason: str, original: Callable[..., Any], arguments: dict[str, Any], *, once: bool
) -> Any:
    """The class's own forward; `once`: later calls may go to the engine again. Raises UnsupportedModel under --strict."""
    stub.come_home(model, reason, once=once)
    if isinstance(arguments.get("encoder_outputs"), Deferred):
        arguments["encoder_outputs"] = arguments["encoder_outputs"].here(model)
    cache = named(arguments)
    if isinstance(cache, RemoteCache):
        mask = arguments.get("attention_mask")
        if isinstance(mask, torch.Tensor) and mask.dim() == 2 and cache._aweigh_grows:
            arguments = {**arguments, "attention_mask": _widened(mask, cache)}
        _rebuild(model, cache, original)
    try:
        return original(model, **arguments)
    finally:
        if stub.detached is None:
            stub.settle(model)  # transformers itself installs hooks where hidden states are asked for


def _rebuild(model: Any, cache: RemoteCache, original: Callable[..., Any]) -> None:
    """Computes the keys and values of a remote cache here. Pads are computed as pads: token 0, masked."""
    real = emptied(cache)
    rows, width, valid = cache._aweigh_rows, cache._aweigh_width, cache._aweigh_valid
    if width:
        seen = valid if valid is not None else torch.ones((len(rows), width), dtype=torch.bool)
        ids = torch.zeros((len(rows), width), dtype=torch.long)
        positions = torch.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index][seen[index]] = torch.tensor(row.tokens)
            positions[index][seen[index]] = torch.tensor(row.positions)
        with torch.no_grad():
            taken = inspect.signature(original).parameters
            arguments = {"position_ids": positions, **dict.fromkeys(NAMES, real)}
            original(
                model,
                input_ids=ids,
                attention_mask=_widened(seen.long(), cache),
                use_cache=True,
                **{name: value for name, value in arguments.items() if name in taken},
            )
    become_local(cache, real)


def _widened(mask: torch.Tensor, cache: RemoteCache) -> torch.Tensor:
    """A mask of two dimensions as models want it beside a cache of a fixed length: of that length, zero where nothing is yet."""
    if not isinstance(cache, RemoteStaticCache):
        return mask
    return torch.nn.functional.pad(mask, (0, max(0, cache.get_max_length() - mask.shape[1])))
