"""The numbered steps of migration (see `memory/failpoints.py`). `FAIL`: those that stand for a call that the system may refuse."""

import enum


class Migration(enum.Enum):
    """In the order in which they are passed."""

    # a region comes
    ADDED = 1  # it is about to get addresses
    FETCH_TOLD = 2  # the manager has told to bring it
    SHOWN = 3  # its file is mapped, and its hashes are not checked
    BACKED = 4  # it has frames, of any content
    CHUNK_TAKEN = 5
    CHUNK_LANDED = 6  # read and checked
    CAME = 7  # all of it
    SEALED = 8  # read-only; the manager does not know
    ARRIVED = 9  # the manager knows
    # and goes
    DROP_TOLD = 10  # its frames are still there, as are those of keys and values that are given back
    STRIPPED = 11  # they are free; the manager does not know
    DROPPED = 12
    FORGOTTEN = 13  # nobody maps it any more
    RELEASED = 14  # its addresses are given up
    # frames for keys and values
    GRANTED = 15  # and not in their place
    TAKEN = 16
    GIVEN = 17
    # another policy
    POLICY_SET = 18
    # scrub
    LOOKED = 19  # a page is hashed, and compared with nothing
    DAMAGE_FOUND = 20  # the manager does not know
    DAMAGE_TOLD = 21


FAIL = (
    Migration.ADDED,
    Migration.FETCH_TOLD,
    Migration.SHOWN,
    Migration.BACKED,
    Migration.CHUNK_TAKEN,
    Migration.CHUNK_LANDED,
    Migration.CAME,
    Migration.SEALED,
    Migration.DROP_TOLD,
    Migration.STRIPPED,
    Migration.GRANTED,
    Migration.TAKEN,
    Migration.LOOKED,
)
