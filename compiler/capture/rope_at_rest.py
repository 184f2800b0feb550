"""Rotary embeddings that change with the length of a sequence are held at their first shape, and the context ends where they change.

transformers recomputes the frequencies of types "dynamic" and "longrope" when the longest position of the call passes a limit. In a
ragged batch that would let a long neighbour turn a short sequence's keys; and keys that are cached already stay as they were. So a
Program is made for sequences up to the limit. Rejected: choosing frequencies by each token's position, which transformers does not do.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch

_CHANGING = ("dynamic", "longrope")


def _changes(rope_type: object) -> bool:
    return isinstance(rope_type, str) and any(word in rope_type for word in _CHANGING)


def _limits(module: Any, rope_type: str, settings: Mapping[str, Any]) -> Iterator[int]:
    if "longrope" in rope_type:
        stated = settings.get("original_max_position_embeddings")
        yield int(stated or module.original_max_seq_len)
    else:
        yield int(module.original_max_seq_len)


def rest_rope(model: torch.nn.Module) -> int | None:
    """Changes the rotary modules of `model`; returns the greatest length that they are right for, None if there is no limit."""
    limits: list[int] = []
    for module in model.modules():
        rope_type: Any = getattr(module, "rope_type", None)
        parameters = getattr(getattr(module, "config", None), "rope_parameters", None) or {}
        if _changes(rope_type):
            limits += _limits(module, rope_type, parameters)
            module.rope_type = "default"  # type: ignore[assignment]
        elif isinstance(rope_type, dict):
            for layer_type, own in rope_type.items():
                if _changes(own):
                    limits += _limits(module, own, parameters.get(layer_type, {}))
            module.rope_type = dict.fromkeys(rope_type, "default")  # type: ignore[assignment]
    return min(limits, default=None)
