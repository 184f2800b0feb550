"""The numbered steps of publish, rm, gc and export (see `memory/failpoints.py`)."""

import enum


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
    # sign
    SIGNATURE_WRITTEN = 17  # not committed
    # pages that came from elsewhere, or are healed: as publish does it, and then
    PAGES_PLACED = 18  # the transaction is complete and not committed
    PAGES_KEPT = 19
    # push
    PACK_SENT = 20  # an object store has a pack that no record names
