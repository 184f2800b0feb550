"""A stub's call that runs here after all: weights are read, a remote cache is rebuilt from its log, and transformers answers."""

import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.compiler.offload.cache import NAMES, RemoteCache, RemoteStaticCache, become_local, emptied, named
from aweigh.compiler.offload.encoder import Deferred
from aweigh.compiler.offload.module.thread import decided
from aweigh.compiler.offload.session import Row
from aweigh.compiler.offload.stub import Stub


def forward(
    stub: Stub, model: Any, reason: str, original: Callable[..., Any], arguments: dict[str, Any], *, once: bool
) -> Any:
    """The class's own forward, whole: none of its modules leaves on its own; `once`: later calls may go to the engine again.

    Raises UnsupportedModel under --strict."""
    stub.come_home(model, reason, once=once)
    with decided():
        return _forward(stub, model, original, arguments)


def _forward(stub: Stub, model: Any, original: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    if isinstance(arguments.get("encoder_outputs"), Deferred):
        arguments["encoder_outputs"] = arguments["encoder_outputs"].here(model)
    cache = named(arguments)
    if isinstance(cache, RemoteCache):
        mask = arguments.get("attention_mask")
        past = Past.of(cache)
        if isinstance(mask, torch.Tensor) and mask.dim() == 2 and cache._aweigh_grows:
            arguments = {**arguments, "attention_mask": past.widened(mask)}
        with stub.adapters.as_then(model, cache._aweigh_filling):
            real = past.computed(model, original)
        become_local(cache, real)
    try:
        return original(model, **arguments)
    finally:
        if stub.detached is None:
            stub.settle(model)  # transformers itself installs hooks where hidden states are asked for


@dataclass(frozen=True, slots=True)
class Past:
    """What a remote cache holds, as it was at one time. valid: [rows, width] bool, None where all are; `graded`: per column, whether
    it was computed with gradients on; `empty` makes an ordinary cache of its kind; `length`: that of a static one, 0 for others."""

    rows: list[Row]
    width: int
    valid: torch.Tensor | None
    graded: tuple[bool, ...]
    empty: Callable[[], Any]
    length: int

    @staticmethod
    def of(cache: RemoteCache) -> "Past":
        length = cache.get_max_length() if isinstance(cache, RemoteStaticCache) else 0
        rows, width = cache._aweigh_rows, cache._aweigh_width
        return Past(rows, width, cache._aweigh_valid, cache._aweigh_graded, emptied(cache), length)

    def computed(self, model: Any, original: Callable[..., Any]) -> Any:
        """The keys and values, computed here by the class's own forward. Pads are computed as pads: token 0, masked."""
        real = self.empty()
        if not self.width:
            return real
        seen = self.valid if self.valid is not None else torch.ones((len(self.rows), self.width), dtype=torch.bool)
        ids = torch.zeros((len(self.rows), self.width), dtype=torch.long)
        positions = torch.zeros_like(ids)
        for index, row in enumerate(self.rows):
            ids[index][seen[index]] = torch.tensor(row.tokens)
            positions[index][seen[index]] = torch.tensor(row.positions)
        taken = inspect.signature(original).parameters
        begin = 0
        for graded, columns in itertools.groupby(self.graded):
            end = begin + len(list(columns))
            arguments = {"position_ids": positions[:, begin:end], **dict.fromkeys(NAMES, real)}
            with torch.set_grad_enabled(graded and torch.is_grad_enabled()):
                original(
                    model,
                    input_ids=ids[:, begin:end],
                    attention_mask=self.widened(seen[:, :end].long()),
                    use_cache=True,
                    **{name: value for name, value in arguments.items() if name in taken},
                )
            begin = end
        return real

    def widened(self, mask: torch.Tensor) -> torch.Tensor:
        """A mask of two dimensions as models want it beside a static cache: of its length, zero where nothing is yet."""
        return torch.nn.functional.pad(mask, (0, max(0, self.length - mask.shape[1])))
