"""Locks that a forked child finds free.

A script may fork while another of its threads compiles or loads a model. That thread does not exist in the child, and what it holds would be held
there for ever. Python frees its own locks so (https://docs.python.org/3/library/os.html#os.register_at_fork); these are ours. What
they guard is put in place by single assignments, so that a child finds it whole: made or not made yet.
"""

import os
import threading
from typing import Any
from weakref import WeakSet

_made: "WeakSet[Any]" = WeakSet()


def lock() -> "threading.RLock":
    """A lock that its thread may take again."""
    made = threading.RLock()
    _made.add(made)
    return made


def _free() -> None:
    for one in _made:
        one._at_fork_reinit()


os.register_at_fork(after_in_child=_free)
