"""A published model as a checkpoint: the same tensors by the same names, read from the pages of a store. Legend: B bytes."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES, Extent
from aweigh.memory.mapping import Anonymous, map_file
from aweigh.memory.mover.chunks import Chunk, cut
from aweigh.memory.mover.core import Making, Run, Target
from aweigh.memory.mover.mover import READING
from aweigh.memory.mover.read import fill
from aweigh.memory.region import OpenFile, Region
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import is_page
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.stored import NO_FILE, Stored, StoredExtent
from aweigh.memory.store.stored import Run as StoredRun
from aweigh.memory.tiers.known import learn
from aweigh.memory.tiers.tiers import Tiers
from aweigh.memory.trust.trust import Trust
from aweigh.proto.dtypes import SAFETENSORS_NAMES
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound, StoreFailed, Untrusted


@dataclass(frozen=True, slots=True)
class StoredSource:
    """One extent of a store. `aweigh.memory.sources.Source`."""

    stored: Stored
    extent: StoredExtent
    files: Mapping[int, OpenFile]  # by the store's descriptors, those that are read past the page cache
    tiers: Tiers

    @property
    def name(self) -> str:
        """By content: models that share the extent share what is made of it."""
        return f"pages:{self.extent.digest.hex()}"

    @property
    def size(self) -> int:
        return self.extent.length

    def map(self) -> Tensor:
        """See `Source.map`. Every page is checked: what is made of them is not checked again."""
        parts = [part for run in self.extent.runs for part in (self._shown(run),) if part is not None]
        if len(parts) < len(self.extent.runs):
            return self._brought()
        return (parts[0] if len(parts) == 1 else torch.cat(parts))[: self.extent.length]

    def _shown(self, run: StoredRun) -> Tensor | None:
        """A run's pages, mapped; None if they are not all there and right."""
        if run.descriptor == NO_FILE:
            return None
        try:
            part = map_file(run.descriptor, run.offset + run.length)[run.offset :]
        except (OSError, ValueError):
            return None
        pages = zip(part.view(-1, PAGE_BYTES), run.hashes, strict=True)
        return part if all(is_page(memoryview(page.numpy()), name) for page, name in pages) else None

    def _brought(self) -> Tensor:
        """The pages in memory of our own, from wherever they can be had."""
        bytes_B = Anonymous(self.extent.pages * PAGE_BYTES).bytes_B
        buffer_B = bytes_B.numpy().data
        chunks = list(cut([Target(run, bytes_B.data_ptr() + at) for at, run in self._region().placed]))
        with ThreadPoolExecutor(READING) as pool:
            for _ in pool.map(lambda chunk: _fill(chunk, bytes_B.data_ptr(), buffer_B), chunks):
                pass
        return bytes_B[: self.extent.length]

    def _region(self) -> Region:
        return Region(self.name, self.extent.length, tuple(map(self._run, self.extent.runs)), self)

    def _run(self, run: StoredRun) -> Run:
        descriptor = NO_FILE if run.descriptor == NO_FILE else self.files[run.descriptor].descriptor
        return Run(descriptor, run.offset, run.length, run.hashes, self.tiers)

    def region(self, extent: Extent) -> tuple[Region, int]:
        """See `Source.region`."""
        return self._region(), extent.offset


def _fill(chunk: Chunk | Making, address: int, buffer_B: memoryview) -> None:
    assert isinstance(chunk, Chunk)
    first = chunk.address - address
    fill(chunk, buffer_B[first : first + chunk.length])


@dataclass(frozen=True, slots=True)
class _Nothing:
    """Where tensors without bytes lie."""

    name: str = "pages:"
    size: int = 0

    def map(self) -> Tensor:
        return torch.empty(0, dtype=torch.uint8)

    def region(self, extent: Extent) -> None:
        return None


class StoredCheckpoint:
    """What `Checkpoint` is for a directory. The files stay open for as long as a region of them is mapped."""

    def __init__(self, stored: Stored, tiers: Tiers | None = None) -> None:
        """`tiers`: where pages come from that are not as they should be on the disk; None: nowhere. Raises OSError."""
        self._stored = stored
        tiers = tiers or Tiers()
        descriptors = {run.descriptor for extent in stored.extents for run in extent.runs} - {NO_FILE}
        files = {descriptor: OpenFile(descriptor) for descriptor in descriptors}
        self.files: list[StoredSource | _Nothing] = [
            StoredSource(stored, extent, files, tiers) for extent in stored.extents
        ]

    def file(self, name: str) -> StoredSource | _Nothing:
        """Raises CheckpointInvalid."""
        extent = self._tensor(name).extent
        return _Nothing() if extent is None else self.files[extent]

    def entry(self, name: str) -> TensorEntry:
        """Raises CheckpointInvalid."""
        tensor = self._tensor(name)
        return TensorEntry(
            name, SAFETENSORS_NAMES.get(tensor.dtype), tensor.dtype, tensor.shape, tensor.offset, tensor.length
        )

    def extent(self, name: str) -> Extent:
        """Raises CheckpointInvalid."""
        tensor = self._tensor(name)
        return Extent(self.file(name).name, tensor.offset, tensor.length)

    def close(self) -> None:
        """Nothing: `Stored` closes its files when the last region of them is gone."""

    def _tensor(self, name: str) -> StoredTensor:
        found = self._stored.tensors.get(name)
        if found is None:
            raise CheckpointInvalid(f"the stored model {self._stored.name} has no tensor {name!r}: publish it again")
        return found


def published(
    checkpoint: Checkpoint, store: Store, tiers: Tiers | None = None, trust: Trust | None = None
) -> StoredCheckpoint | None:
    """The model that was published from exactly these files, or that these headers stand for, if there is one that can be read.

    Raises Untrusted: signatures are required, and it has none that is believed, or there is no such model."""
    tiers, trust = tiers or Tiers(), trust or Trust()
    try:
        name = Stored.find(store, [file.identity for file in checkpoint.files])
        if name is not None:
            learn(tiers, store, name)
            stored = Stored(store, name, absent=tiers.reaches_afar)
            trust.check(name, stored.content, stored.signatures)
            return StoredCheckpoint(stored, tiers)
    except (ModelNotFound, StoreFailed, OSError) as error:
        if trust.required:
            raise Untrusted(
                f"nothing proves the signature of these weights ({error}): publish them again, with --sign KEY"
            ) from error
        return None  # somebody removed it meanwhile, or the store is damaged: the files are there
    if trust.required:
        raise Untrusted(
            "this engine takes signed models only, and these files are not in its store as they are: `aweigh publish DIRECTORY --sign KEY`"
        )
    return None
