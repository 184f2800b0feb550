"""Publishing: from a checkpoint's directory to pages that the catalog names, all of them or none.

Theory. Pages are written under publishing/, synced, noted in a journal; when all are there their segments are renamed into segments/, the
directory is synced, and one transaction of the catalog makes the model visible. Whatever dies before that commit leaves bytes that
nothing names, which the next publish of the same goes on from, or gc takes. Whatever dies after it leaves a directory for gc.

A page that was stored before is not written again. It may be given back between that look and our commit, so the transaction looks
again, and what has gone is read and written anew. Two who publish the same take turns, and the second finds all done. Two who publish different
models with equal pages both write them; the copy of the later commit is named by nobody, and gc frees it.

Memory: `ahead.DEPTH` pages and one more, whatever the size of the model, and some 500 bytes for each of its pages.
"""

import queue
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store import ahead
from aweigh.memory.store.assets import read_assets
from aweigh.memory.store.borrow import Page, borrow
from aweigh.memory.store.carried import read_carried
from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.foreign import CONFIG, read_config, without_quantization
from aweigh.memory.store.headers import headers
from aweigh.memory.store.low_bit_source import LowBitSource, quantized
from aweigh.memory.store.name import check
from aweigh.memory.store.order import by_use, natural
from aweigh.memory.store.page import page_buffer, page_hash
from aweigh.memory.store.plan import Plan, make_plan, plan_of, structure
from aweigh.memory.store.program_order import NoProgram, ProgramOrder, ask
from aweigh.memory.store.quantization import AS_IS, Quantization
from aweigh.memory.store.record import Gone, Record, check_name, commit
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.signatures import sign
from aweigh.memory.store.source import Source
from aweigh.memory.store.staging import Staging
from aweigh.memory.store.stored import Stored
from aweigh.memory.store.tell import Tell, silent
from aweigh.memory.store.twins import copy_as, has_assets, is_whole, packed_like, twins
from aweigh.memory.trust.private_key import PrivateKey
from aweigh.proto.errors import ModelNotFound, StoreFailed

BATCH_PAGES = 64
"""Pages that a kill may lose."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. Bytes of pages are counted with their padding."""

    name: str
    bytes: int  # of tensors
    read_bytes: int  # of the source's files, this time
    new_bytes: int  # of pages that the store did not have
    shared_bytes: int  # of pages that it had
    used_as: str  # where the order of use is from: "program" or "names"
    reason: str  # why not from the Program


def publish(
    directory: Path,
    name: str,
    store: Store,
    *,
    source_name: str = "",
    replaces: bool = True,
    program: bool = True,
    key: PrivateKey | None = None,
    quantization: Quantization | None = None,
    tell: Tell = silent,
    batch_pages: int = BATCH_PAGES,
) -> Published:
    """Stores the checkpoint in `directory` as `name`, in the place of what had that name.

    Args:
        source_name: where it is from, for people; empty: the directory.
        replaces: whether `name` may be that of a model from elsewhere.
        program: whether the compiler's process is asked for the order of use.
        key: signs the model; it is not visible without.
        quantization: what is stored has weights of few bits, and a directory of its own, by which scripts name it.

    Raises:
        ModelNotFound, CheckpointInvalid: of the checkpoint.
        InvalidRequest: the name is none, or taken; there is nothing to quantise.
        StoreFailed: the disk is full, read-only, or fails. Nothing of the model is visible then.
    """
    check(name)
    directory = directory.absolute()
    source, order = Source(directory), None
    try:
        if quantization is not None:
            source, order = quantized(source, quantization, tell)
        assets = read_assets(directory)
        if quantization is not None and quantization.kind == AS_IS:
            assets[CONFIG] = without_quantization(read_config(directory))
        store.prepare()
        with store.catalog(f"publishing {name}") as connection:
            job = _Publish(
                source, assets, name, source_name or str(directory), store, connection, key, tell, batch_pages, order
            )
            return job.run(replaces=replaces, program=program)
    finally:
        source.close()


class _Publish:
    def __init__(
        self,
        source: Source,
        assets: dict[str, bytes],
        name: str,
        source_name: str,
        store: Store,
        connection: sqlite3.Connection,
        key: PrivateKey | None,
        tell: Tell,
        batch_pages: int,
        order: ProgramOrder | None,
    ) -> None:
        self._source = source
        self._assets = assets
        self._name = name
        self._source_name = source_name
        self._store = store
        self._catalog = connection
        self._key = key
        self._order = order  # of what is quantised
        self._carried = None if isinstance(source, LowBitSource) else read_carried(source.directory)
        self._tell = tell
        self._batch_pages = batch_pages
        self._read = 0
        self._buffers: queue.SimpleQueue[memoryview] = queue.SimpleQueue()
        for _ in range(ahead.DEPTH + 1):
            self._buffers.put(page_buffer())

    def run(self, *, replaces: bool, program: bool) -> Published:
        check_name(self._catalog, self._name, self._source_name, replaces=replaces)
        if found := self._already(replaces=replaces):
            return found
        order, reason = self._order, ""
        if order is None:
            order, reason = self._asked() if program else (None, "nobody asked the compiler")
        try:
            return self._publish(order, reason, replaces=replaces, borrows=True)
        except Gone:
            return self._publish(order, reason, replaces=replaces, borrows=False)

    def _publish(self, order: ProgramOrder | None, reason: str, *, replaces: bool, borrows: bool) -> Published:
        """Raises Gone if what it borrowed went meanwhile."""
        kind = structure(self._source.tensors)
        used_as, plan = self._plan(order, kind, borrows=borrows)
        staging = Staging(
            self._store, blake3(self._source.digest + plan.digest).digest(16), lambda stage: self._tell(stage, 0, 0)
        )
        try:
            if found := self._already(replaces=replaces):
                staging.finish()
                return found
            staging.resume(self._catalog)
            for number, page in plan.known.items():
                if number not in staging.hashes and self._is_stored(page):
                    staging.stored_before(number, page)
            staging.save()
            staging.wait()
            self._store_pages(plan, [n for n in range(plan.pages) if n not in staging.hashes], staging)
            with self._identities() as identities:
                while True:
                    staging.move()
                    self._source.check_unchanged()
                    hashes = [staging.hashes[number] for number in range(plan.pages)]
                    record = Record(
                        self._name, replaces, self._source_name, kind, used_as, (order.fingerprint or None) if order else None,
                        self._source.tensors, plan, hashes, identities, self._assets, self._key,
                        self._carried.signatures if self._carried else (),
                    )  # fmt: skip
                    try:
                        new = commit(self._catalog, record, staging.staged)
                        break
                    except Gone as gone:
                        if gone.hashes & plan.borrowed:
                            raise
                        again = [number for number, page in enumerate(hashes) if page in gone.hashes]
                        self._store_pages(plan, again, staging)
            staging.finish()
        finally:
            staging.close()
        distinct = len(set(hashes))
        return Published(
            self._name, self._source.bytes, self._read, new * PAGE_BYTES, (distinct - new) * PAGE_BYTES, used_as, reason
        )

    def _identities(self) -> AbstractContextManager[Mapping[str, tuple[str, bytes]]]:
        """By what a script names the model: the source's files or, where something else is stored, those of a directory of its own."""
        if self._order is None:
            return nullcontext(self._source.identities)
        tensors = self._source.tensors.values()
        stored = [StoredTensor(entry.name, entry.dtype_name, entry.shape, None, 0, entry.length) for entry in tensors]
        return headers(self._store, self._name, stored, self._assets)

    def _already(self, *, replaces: bool) -> Published | None:
        """These very files are stored: nothing is to be read."""
        if self._order is not None:
            return None
        with reading(self._catalog):
            same = [
                (model, name)
                for model, name in twins(self._catalog, self._source.identities)
                if is_whole(self._catalog, model, name) and has_assets(self._catalog, model, self._assets)
            ]
        if not same or not self._signed(same[0][1]):
            return None
        if self._name not in (name for _, name in same) and not copy_as(
            self._catalog, same[0][0], self._name, self._source_name, replaces=replaces
        ):
            return None
        used_as, pages = self._catalog.execute(
            "SELECT used_as, (SELECT COUNT(DISTINCT page) FROM model_extents JOIN extent_pages USING (extent) "
            "WHERE model = models.id) FROM models WHERE name = ?",
            (self._name,),
        ).fetchone()
        return Published(self._name, self._source.bytes, 0, 0, pages * PAGE_BYTES, used_as, "")

    def _signed(self, name: str) -> bool:
        """Signs a stored model, if that is wanted. False: it is gone."""
        try:
            if self._key is not None:
                sign(self._store, name, self._key)
        except ModelNotFound:
            return False
        return True

    def _asked(self) -> tuple[ProgramOrder | None, str]:
        self._tell("asking the compiler for the order of use", 0, 0)
        try:
            return ask(self._source.directory, lambda stage: self._tell(f"compiler: {stage}", 0, 0)), ""
        except NoProgram as error:
            return None, str(error)

    def _plan(self, order: ProgramOrder | None, kind: bytes, *, borrows: bool) -> tuple[str, Plan]:
        """What came with signatures is cut as it was. Else a stored model of the same structure is followed, so that both share pages, unless
        only we know the order of a Program."""
        tensors = self._source.tensors
        if self._carried and self._carried.fits(
            {name: entry.length for name, entry in tensors.items() if entry.length}
        ):
            return self._carried.used_as, plan_of(self._carried.extents)
        with reading(self._catalog):
            like = packed_like(self._catalog, kind, tensors)
        if like is not None and (order is None or like[1] == "program"):
            name, used_as, extents = like
            return used_as, self._borrowed(plan_of(extents), name) if borrows else plan_of(extents)
        if order is None:
            return "names", make_plan(tensors, natural(tensors))
        return "program", make_plan(tensors, by_use(tensors, order.leaves))

    def _borrowed(self, plan: Plan, name: str) -> Plan:
        """The plan with what the model of that name has of it taken from there."""

        def seen(page: Page) -> None:
            self._read += page[2]
            self._buffers.put(page[0])

        self._tell(f"comparing with {name}", 0, 0)
        try:
            with Stored(self._store, name) as base:
                found = borrow(plan, base, lambda number: self._hashed(plan, number), seen)
        except (ModelNotFound, StoreFailed):  # it went meanwhile
            return plan
        return found if all(map(self._is_stored, found.borrowed)) else plan

    def _store_pages(self, plan: Plan, numbers: Sequence[int], staging: Staging) -> None:
        """Reads pages of the plan, and writes those that nobody has."""
        done = plan.pages - len(numbers)
        for number, (page, name, count) in ahead.ahead(lambda number: self._hashed(plan, number), numbers):
            self._read += count
            if name in staging.staged or self._is_stored(name):
                staging.stored_before(number, name)
            else:
                staging.write(number, name, page)
            self._buffers.put(page)
            if staging.unsafe >= self._batch_pages:
                staging.save()
            done += 1
            self._tell("writing pages", done * PAGE_BYTES, plan.pages * PAGE_BYTES)
        staging.save()
        staging.wait()

    def _hashed(self, plan: Plan, number: int) -> Page:
        page = self._buffers.get()
        count = self._source.read_page(plan, number, page)
        return page, page_hash(page), count

    def _is_stored(self, name: bytes) -> bool:
        return (
            self._catalog.execute("SELECT 1 FROM pages WHERE hash = ? AND NOT damaged", (name,)).fetchone() is not None
        )
