"""Which side of a model with an encoder, or that the model is one, is being traced: attention means another thing on each.

The encoder is an ordinary function of one row: its attention is spelled out. Of the decoder's attention over the encoder's output, one
trace keeps the keys and values and nothing else, the other one leaves them out: so they become a function of their own, which
runs once per sequence, and the decoder reads them from a state.

A model that is an encoder and nothing else has one side, in the ragged layout (`encoder_call.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum

import torch


class Side(Enum):
    ENCODER = "encode"
    MEMORY = "memorise"
    DECODER = "decode"
    RAGGED = "ragged"


_SIDE: ContextVar[Side | None] = ContextVar("side", default=None)
_KEPT: ContextVar[list[torch.Tensor]] = ContextVar("kept")


@contextmanager
def traced(side: Side) -> Iterator[None]:
    """Inside, `current` is `side`, and `keep` begins anew."""
    token = _SIDE.set(side)
    try:
        yield
    finally:
        _SIDE.reset(token)


def current() -> Side | None:
    """The side that is being traced; None for a model without an encoder."""
    return _SIDE.get()


@contextmanager
def keeping() -> Iterator[list[torch.Tensor]]:
    """Inside, `keep` appends to the list."""
    kept: list[torch.Tensor] = []
    token = _KEPT.set(kept)
    try:
        yield kept
    finally:
        _KEPT.reset(token)


def keep(key: torch.Tensor, value: torch.Tensor) -> None:
    """Keeps the keys [1, K, S, D] and values [1, K, S, E] of one layer."""
    _KEPT.get().extend((key, value))
