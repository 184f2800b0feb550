"""What each thread knows of the calls that it is in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Thread(threading.local):
    """`within`: this thread is in a module's call that was decided on already, here or elsewhere."""

    within = False


THREAD = _Thread()


@contextmanager
def decided() -> Iterator[None]:
    """A context in which this thread's calls of modules are parts of a call that was decided on."""
    before = THREAD.within
    THREAD.within = True
    try:
        yield
    finally:
        THREAD.within = before
