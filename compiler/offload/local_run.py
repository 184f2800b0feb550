"""A stub's call that runs here after all: weights are read, a remote cache is rebuilt from its log, and transformers answers."""

import inspect
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.compiler.offload.cache import NAMES, RemoteCache, become_local, named
from aweigh.compiler.offload.session import Row
from aweigh.compiler.offload.stub import Stub


def forward(
    stub: Stub, model: Any, reason: str, original: Callable[..., Any], arguments: dict[str, Any], *, once: bool
) -> Any:
    """The class's own forward; `once`: later calls may go to the engine again. Raises UnsupportedModel under --strict."""
    stub.come_home(model, reason, once=once)
    cache = named(arguments)
    if isinstance(cache, RemoteCache):
        become_local(cache, Past.of(cache).computed(model, original))
    result = original(model, **arguments)
    if stub.detached is None:
        stub.settle(model)  # transformers itself installs hooks where hidden states are asked for
    return result


@dataclass(frozen=True, slots=True)
class Past:
    """What a remote cache holds, as it was at one time. valid: [rows, width] bool, None where all are; `graded`: per column, whether
    it was computed with gradients on."""

    rows: list[Row]
    width: int
    valid: torch.Tensor | None
    graded: tuple[bool, ...]

    @staticmethod
    def of(cache: RemoteCache) -> "Past":
        return Past(cache._aweigh_rows, cache._aweigh_width, cache._aweigh_valid, cache._aweigh_graded)

    def computed(self, model: Any, original: Callable[..., Any]) -> Any:
        """The keys and values, computed here by the class's own forward. Pads are computed as pads: token 0, masked."""
        from transformers import DynamicCache

        real = DynamicCache(config=model.config)
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
                    attention_mask=seen[:, :end].long(),
                    use_cache=True,
                    **{name: value for name, value in arguments.items() if name in taken},
                )
            begin = end
        return real
