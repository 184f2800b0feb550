"""Numbered places at which a process of the store can be made to die, so that a test can die at every one of them.

After gofail and FreeBSD's fail(9): the points are an enumeration, so that a test that goes through it has been everywhere. A point
does nothing unless the environment names it, which only tests do: `AWEIGH_FAILPOINT=PAGES_SYNCED` kills at the first pass,
`AWEIGH_FAILPOINT=PAGES_SYNCED:3` at the third. It is SIGKILL: no `finally` runs, no buffer is flushed, locks go with the process.
"""

import enum
import os
import signal
from collections import Counter

VARIABLE = "AWEIGH_FAILPOINT"


class Failpoint(enum.Enum):
    """In the order in which they are passed."""

    # publish
    STAGING_LOCKED = 1  # a directory under publishing/ is ours
    SEGMENT_CREATED = 2
    PAGES_WRITTEN = 3  # not yet synced
    PAGES_SYNCED = 4  # not yet in the journal
    JOURNAL_TORN = 5  # the last record of the journal is half there
    JOURNAL_SYNCED = 6
    SEGMENT_MOVED = 7  # one segment is in segments/, the catalog knows nothing
    SEGMENTS_SYNCED = 8
    CATALOG_WRITTEN = 9  # the transaction is complete and not committed
    CATALOG_COMMITTED = 10
    STAGING_EMPTIED = 11
    # rm
    MODEL_DELETED = 12  # not committed
    # gc
    LEFTOVER_EMPTIED = 13  # the directory itself is still there
    ROWS_DELETED = 14  # the catalog has forgotten pages that still take room
    SPACE_FREED = 15
    # export
    EXPORT_WRITTEN = 16  # not yet under its name
    # pages that came from elsewhere, or are healed: as publish does it, and then
    PAGES_PLACED = 17  # the transaction is complete and not committed
    PAGES_KEPT = 18
    # push
    PACK_SENT = 19  # an object store has a pack that no record names


_passed: Counter[str] = Counter()


def reach(point: Failpoint) -> None:
    """Kills the process if the environment says so."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    _passed[point.name] += 1
    name, _, count = wanted.partition(":")
    if name == point.name and _passed[name] == int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
