"""From an object store into the store: the record, proved; the small files, proved; and all pages, or none.

A whole pull does what a publish does, with ranges of packs for files: pages go into segments under publishing/, with a journal, and one transaction
makes the model visible; one that was killed goes on. A lazy one makes the model visible at once: its pages are rows without a slot
(store/absent.py), which whoever uses the model brings, and the keeper writes down.
"""

import queue
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.ahead import DEPTH, ahead
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.headers import directory_of, headers
from aweigh.memory.store.name import check as check_name
from aweigh.memory.store.page import is_page, page_buffer
from aweigh.memory.store.record import Entry, Gone, enter
from aweigh.memory.store.record import check_name as check_free
from aweigh.memory.store.staging import Staging
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.packs import encode, file_path, places, record_path
from aweigh.memory.tiers.published import MAX_RECORD_BYTES, Published, decode
from aweigh.proto.errors import InvalidRequest, StoreFailed

BATCH_PAGES = 64


@dataclass(frozen=True, slots=True)
class Pulled:
    """`directory` stands for the model: a script names it. `digest` as it was pushed. In bytes of pages."""

    name: str
    directory: Path
    digest: bytes
    brought: int
    total: int


def pull(
    url: str,
    name: str,
    store: Store,
    *,
    called: str = "",
    lazy: bool = False,
    digest: str = "",
    tell: Tell = silent,
) -> Pulled:
    """Brings a model from an object store.

    Args:
        called: what to call it here, in the place of what has that name; empty: as there, if the name is free.
        lazy: without its pages.
        digest: what the record's has to be, hexadecimal; empty: any.

    Raises InvalidRequest, ModelNotFound; StoreFailed: nothing of the model is visible then.
    """
    bucket = Bucket(url)
    here = called or name
    check_name(here)
    tell(f"reading the record of {name}", 0, 0)
    model = decode(bucket.get(record_path(name), MAX_RECORD_BYTES))
    if model.name != name:
        raise StoreFailed(f"the record of {name} is that of another model: push it again")
    if digest and digest.lower() != model.digest.hex():
        raise InvalidRequest(
            f"{name} of {bucket.url} is not the model of that digest: it has {model.digest.hex()}; ask whoever pushed it"
        )
    assets = _assets(bucket, model)
    source = f"{bucket.url} {name}"
    store.prepare()
    with store.catalog(f"pulling {here}") as connection, ExitStack() as stack:
        check_free(connection, here, source, replaces=bool(called))
        identities = stack.enter_context(headers(store, here, model.tensors, assets))
        entry = Entry(
            here, bool(called), source, model.structure, model.used_as, model.fingerprint, model.tensors,
            model.named(), model.hashes, identities, assets, (bucket.url, encode(model.packs)),
            signatures=model.signatures,
        )  # fmt: skip
        brought = 0
        if lazy:
            enter(connection, entry, {}, absent=True)
        else:
            key = blake3(b"pull" + model.digest).digest(16)
            staging = Staging(store, key, lambda stage: tell(stage, 0, 0))
            try:
                staging.resume(connection)
                lacking = connection.execute("SELECT hash FROM pages WHERE NOT damaged").fetchall()
                have = {page for (page,) in lacking} | staging.staged.keys()
                while True:
                    brought += _bring(
                        bucket, model, [page for page in dict.fromkeys(model.hashes) if page not in have], staging, tell
                    )
                    staging.move()
                    try:
                        enter(connection, entry, staging.staged)
                        break
                    except Gone as gone:
                        have -= gone.hashes
                staging.finish()
            finally:
                staging.close()
    total = len(set(model.hashes)) * PAGE_BYTES
    return Pulled(here, directory_of(store, here), model.digest, brought, total)


def _assets(bucket: Bucket, model: Published) -> dict[str, bytes]:
    found = {}
    for path, file in model.files.items():
        data = bucket.get(file_path(file.digest), file.size)
        if blake3(data).digest() != file.digest:
            raise StoreFailed(f"{path} of {model.name} is not what was pushed: push it again")
        found[path] = data
    return found


def _bring(bucket: Bucket, model: Published, wanted: list[bytes], staging: Staging, tell: Tell) -> int:
    """Writes pages into the staging, `DEPTH` of them in hand. Returns their bytes."""
    where = places(model.packs)
    spare: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
    for _ in range(DEPTH + 1):
        spare.put(page_buffer())

    def fetch(name: bytes) -> memoryview:
        page, place = spare.get(), where[name]
        if not bucket.get_range(place.pack.path, place.slot * PAGE_BYTES, page) or not is_page(page, name):
            raise StoreFailed(f"a page of {model.name} is not what was pushed to {bucket.url}: push it again")
        return page

    for done, (name, page) in enumerate(ahead(fetch, wanted), 1):
        staging.write(done, name, page)
        spare.put(page)
        if staging.unsafe >= BATCH_PAGES:
            staging.save()
        tell("bringing pages", done * PAGE_BYTES, len(wanted) * PAGE_BYTES)
    staging.save()
    staging.wait()
    return len(wanted) * PAGE_BYTES
