"""What each thread knows of the calls that it is in."""

import contextlib
import threading
from collections.abc import Iterator


class _Thread(threading.local):
    """`within`: this thread is in a module's call that was decided on already, here or elsewhere; `capturing`: Dynamo looks at one for us."""

    within = False
    capturing = False


THREAD = _Thread()


@contextlib.contextmanager
def decided() -> Iterator[None]:
    """Inside, no call of a module is looked at: where this one runs was decided, and what it calls runs there too."""
    before, THREAD.within = THREAD.within, True
    try:
        yield
    finally:
        THREAD.within = before
