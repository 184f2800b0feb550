"""Numbered places at which a process can be made to die or a call to fail, so that a test can do so at every one of them.

After gofail and FreeBSD's fail(9): the points are enumerations, so that a test that goes through one has been everywhere. A point does nothing
unless somebody asks for it, which only tests do. `AWEIGH_FAILPOINT=PAGES_SYNCED` in the environment kills at the first pass,
`AWEIGH_FAILPOINT=PAGES_SYNCED:3` at the third. It is SIGKILL: no `finally` runs, no buffer is flushed, locks go with the process. `failing`
has a point raise instead, in this process.
"""

import contextlib
import enum
import os
import signal
from collections import Counter
from collections.abc import Iterator

VARIABLE = "AWEIGH_FAILPOINT"

_passed: Counter[str] = Counter()
_failing: dict[enum.Enum, list[Exception]] = {}


def reach(point: enum.Enum) -> None:
    """Kills the process if the environment says so. Raises what `failing` was given."""
    if _failing and _failing.get(point):
        raise _failing[point].pop()
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    _passed[point.name] += 1
    name, _, count = wanted.partition(":")
    if name == point.name and _passed[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def failing(point: enum.Enum, error: Exception, times: int = 1) -> Iterator[list[Exception]]:
    """Has the next `times` passes of a point raise. Yields those that have not come yet."""
    left = _failing[point] = [error] * times
    try:
        yield left
    finally:
        del _failing[point]
