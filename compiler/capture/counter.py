"""Numbers the attention calls of one capture, in program order: that number is the layer's KV state.

`layer_idx` of the module is not used: it is missing in some modelling code, and repeated where a layer attends twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

_LAYERS: ContextVar[Iterator[int]] = ContextVar("layers")


@contextmanager
def counted_layers() -> Iterator[None]:
    """Inside, `next_layer` counts from zero."""
    token = _LAYERS.set(count())
    try:
        yield
    finally:
        _LAYERS.reset(token)


def next_layer() -> int:
    """Returns 0, 1, 2, ... within one `counted_layers`."""
    return next(_LAYERS.get())
