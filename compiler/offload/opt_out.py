"""``with aweigh.local():``: inside, calls into models run in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_depth: ContextVar[int] = ContextVar("aweigh_local", default=0)


@contextmanager
def local() -> Iterator[None]:
    """A context in which models that are loaded are loaded here, and stubs that are called fetch their weights and run here."""
    token = _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.reset(token)


def is_local() -> bool:
    """Whether the caller is inside ``aweigh.local()``."""
    return _depth.get() > 0
