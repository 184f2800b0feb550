"""Heals pages of the store that are not what was stored, from wherever a good copy is: object stores that the catalog knows, and peers."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.absent import ELSEWHERE
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.page import page_buffer
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.tiers.kept import keep
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import CheckpointInvalid, StoreFailed


@dataclass(slots=True)
class Repaired:
    """Pages that are right again, and one sentence for each that is not."""

    pages: int = 0
    left: list[str] = field(default_factory=list)


def repair(store: Store, tiers: Tiers, tell: Tell = silent) -> Repaired:
    """Brings every page that is marked as damaged (`verify` marks them). Raises ModelNotFound, StoreFailed."""
    done = Repaired()
    with store.catalog("repairing the store") as connection, reading(connection):
        damaged = _damaged(connection)

    def good() -> Iterator[tuple[bytes, memoryview]]:
        page = page_buffer()
        for at, name in enumerate(damaged):
            tell("bringing pages", at * PAGE_BYTES, len(damaged) * PAGE_BYTES)
            try:
                tiers.bring([name], page, None)
            except (StoreFailed, CheckpointInvalid) as error:
                done.left.append(str(error))
                continue
            yield name, page

    done.pages = keep(store, good()) if damaged else 0
    return done


def _damaged(connection: sqlite3.Connection) -> list[bytes]:
    """Pages that are here and wrong, not those that never came."""
    rows = connection.execute(
        "SELECT hash FROM pages JOIN segments ON segments.id = segment WHERE damaged AND uses > 0 AND name != ?",
        (ELSEWHERE,),
    )
    return [name for (name,) in rows]
