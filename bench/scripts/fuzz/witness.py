"""How close the decisions of a plain run were: what stands between the taken token and the next best one.

A difference between two runs is excused only where the oracle itself stood on an edge. For the greatest of logits that is the
distance of the two greatest; for a draw, which torch makes as the greatest of p / q with q exponential, their relative distance;
for beams the smallest distance between neighbours among the continuations that were kept, and the first that was not.
"""

import sys
from collections.abc import Callable
from typing import Any

import torch


class Witness:
    """Stands beside `torch.argmax`, `torch.multinomial` and `torch.topk` in this process from its making on."""

    def __init__(self) -> None:
        self._decisions: list[dict[str, Any]] = []
        self._watch("argmax", _greatest)
        self._watch("multinomial", _drawn)
        self._watch("topk", _kept)

    def take(self) -> list[dict[str, Any]]:
        """The decisions since the last call: `by` (the function) and `gap`, the smallest over the rows."""
        taken, self._decisions = self._decisions, []
        return taken

    def _watch(self, name: str, gap: Callable[..., float | None]) -> None:
        original = getattr(torch, name)

        def watched(values: Any, *args: Any, **kwargs: Any) -> Any:
            inside = sys._getframe(1).f_code.co_filename.endswith("logits_process.py")
            found = gap(values, inside, *args, **kwargs)
            if found is not None:
                self._decisions.append({"by": name, "gap": found})
            return original(values, *args, **kwargs)

        setattr(torch, name, watched)
        if name == "argmax":
            torch.Tensor.argmax = watched  # type: ignore[method-assign,assignment]


def _greatest(values: Any, inside: bool, *args: Any, **kwargs: Any) -> float | None:
    if not values.is_floating_point() or values.dim() < 2 or values.shape[-1] < 2:
        return None
    best = torch.sort(values.detach(), dim=-1, descending=True).values[..., :2]
    return _smallest(best[..., 0] - best[..., 1])


def _drawn(values: Any, inside: bool, num_samples: int = 1, *args: Any, **kwargs: Any) -> float | None:
    state = torch.default_generator.get_state()
    chances = values / torch.empty_like(values).exponential_(1)
    torch.default_generator.set_state(state)
    order = torch.sort(chances, dim=-1, descending=True).values[..., : num_samples + 1]
    return _smallest((order[..., :-1] - order[..., 1:]) / order[..., :-1])


def _kept(values: Any, inside: bool, k: int, *args: Any, **kwargs: Any) -> float | None:
    if not values.is_floating_point():
        return None
    order = torch.sort(values.detach(), dim=-1, descending=True).values[..., : k + 1]
    gaps = order[..., :-1] - order[..., 1:]
    return _smallest(gaps[..., k - 1 :] if inside else gaps)


def _smallest(gaps: torch.Tensor) -> float | None:
    real = gaps[torch.isfinite(gaps) & (gaps > 0)]  # an exact tie is decided by an order that both runs must have
    return float(real.min()) if real.numel() else None
