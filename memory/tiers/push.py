"""From the store to an object store: packs of pages that are not there yet, then small files, then the record, which makes the model visible.

What lies there is known from the records, and is asked for by size before it is relied on. A pack has its name from its content and is written
whole or not at all, so a push that was killed goes on where it was: what it had sent is found by name. Every page is proved before it is
sent. Four packs are in hand at once: 64 MiB, and as much in the library.
"""

import mmap
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.failpoints import reach
from aweigh.memory.store.absent import set_remote
from aweigh.memory.store.ahead import ahead
from aweigh.memory.store.catalog import Store, reading, writing
from aweigh.memory.store.content import content_of
from aweigh.memory.store.disk import read_fully, set_direct
from aweigh.memory.store.export import assets_of
from aweigh.memory.store.failpoints import Failpoint
from aweigh.memory.store.page import is_page
from aweigh.memory.store.rows import read as read_rows
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.packs import Pack, Place, cut, encode, file_path, name_of, places, record_path
from aweigh.memory.tiers.published import MAX_RECORD_BYTES, File, Published, decode
from aweigh.memory.tiers.published import encode as encode_record
from aweigh.proto.errors import AweighError, StoreFailed

MOST_MODELS = 10_000


@dataclass(frozen=True, slots=True)
class Pushed:
    """In bytes of pages."""

    name: str
    digest: bytes
    sent: int
    there: int


def push(store: Store, name: str, url: str, tell: Tell = silent) -> Pushed:
    """Writes a stored model to an object store, in the place of what has its name there.

    Raises InvalidRequest, ModelNotFound, StoreFailed. Nothing of the model is visible then.
    """
    bucket = Bucket(url, make=True)
    with Stored(store, name) as stored:
        with store.catalog(f"pushing {name}") as connection, reading(connection):
            rows = read_rows(connection, name)
            ((structure, used_as),) = connection.execute(
                "SELECT structure, used_as FROM models WHERE id = ?", (rows.model,)
            ).fetchall()
        if content_of(rows) != stored.content:
            raise StoreFailed(f"{name} was published anew while it was pushed: push it again")
        assets = assets_of(store, stored)
        tell("looking at what is there", 0, 0)
        slots = _slots(stored)
        there = _there(bucket, slots)
        new = list(cut(page for page in slots if page not in there))
        sent = 0
        for done, (_, count) in enumerate(ahead(lambda pack: _send(bucket, pack, slots, name), new), 1):
            sent += count
            reach(Failpoint.PACK_SENT)
            tell(
                "sending pages",
                min(done * len(new[0].hashes) * PAGE_BYTES, len(slots) * PAGE_BYTES),
                len(slots) * PAGE_BYTES,
            )
        files = {path: File(blake3(data).digest(), len(data)) for path, data in assets.items()}
        for path, data in assets.items():
            if bucket.size(file_path(files[path].digest)) != len(data):
                bucket.put(file_path(files[path].digest), data)
        packs = [*dict.fromkeys(place.pack for place in there.values()), *new]
        model = Published(
            name, structure, used_as, rows.fingerprint, rows.tensors, [length for _, length in rows.extents],
            [page.hash for page in rows.pages], files, packs, stored.signatures,
        )  # fmt: skip
        bucket.put(record_path(name), encode_record(model))
        store.prepare()
        with store.catalog(f"noting where {name} is") as connection, writing(connection):
            set_remote(connection, name, bucket.url, encode(packs))
    return Pushed(name, model.digest, sent, len(slots) * PAGE_BYTES - sent)


def records(bucket: Bucket, tell: Tell = silent) -> dict[str, Published]:
    """The models that an object store has, by name; records that are none are left out. Raises StoreFailed."""
    found = {}
    for path in sorted(bucket.paths("models", MOST_MODELS)):
        name = name_of(path)
        if name is not None:
            tell(f"reading the record of {name}", 0, 0)
            with suppress(AweighError):
                model = decode(bucket.get(path, MAX_RECORD_BYTES))
                if model.name == name:
                    found[name] = model
    return found


def _slots(stored: Stored) -> dict[bytes, tuple[int, int]]:
    """Descriptor and offset of every page, in the order of use."""
    found: dict[bytes, tuple[int, int]] = {}
    for extent in stored.extents:
        for run in extent.runs:
            set_direct(run.descriptor)
            for at, page in enumerate(run.hashes):
                found.setdefault(page, (run.descriptor, run.offset + at * PAGE_BYTES))
    return found


def _there(bucket: Bucket, wanted: Mapping[bytes, object]) -> dict[bytes, Place]:
    """Where pages lie already."""
    found: dict[bytes, Place] = {}
    for model in records(bucket).values():
        found |= {page: place for page, place in places(model.packs).items() if page in wanted}
    packs = dict.fromkeys(place.pack for place in found.values())
    whole = {pack for pack, good in ahead(lambda pack: _is_whole(bucket, pack), packs) if good}
    return {page: place for page, place in found.items() if place.pack in whole}


def _is_whole(bucket: Bucket, pack: Pack) -> bool:
    return bucket.size(pack.path) == len(pack.hashes) * PAGE_BYTES


def _send(bucket: Bucket, pack: Pack, slots: Mapping[bytes, tuple[int, int]], name: str) -> int:
    """Returns how many bytes were sent: none if an earlier push had sent them."""
    if _is_whole(bucket, pack):
        return 0
    size = len(pack.hashes) * PAGE_BYTES
    with mmap.mmap(-1, size) as room, memoryview(room) as data_B:
        for at, page in enumerate(pack.hashes):
            descriptor, offset = slots[page]
            with data_B[at * PAGE_BYTES : (at + 1) * PAGE_BYTES] as part_B:
                try:
                    whole = read_fully(descriptor, part_B, offset) == PAGE_BYTES and is_page(part_B, page)
                except OSError:
                    whole = False
            if not whole:
                raise StoreFailed(
                    f"a page of {name} is not what was stored: `aweigh store verify --repair`, or publish it again"
                )
        bucket.put(pack.path, data_B)
    return size
