"""What each thread knows of the calls that it is in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Thread(threading.local):
    """`within`: this thread is in a module's call that was decided on already, here or elsewhere."""

    within = False


THREAD = _Thread()


@contextmanager
def staying() -> Iterator[None]:
    """A context in which modules run here, whatever they are: a call that cannot leave does not leave in pieces.

    Capturing the pieces takes Dynamo many seconds, for a call that may not come again, and it takes the memory of weights, which looks
    like a script that may write to them.
    """
    before, THREAD.within = THREAD.within, True
    try:
        yield
    finally:
        THREAD.within = before
