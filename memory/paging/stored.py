"""A published model as a checkpoint: the same tensors by the same names, read from the pages of a store. Legend: B bytes."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES, Extent
from aweigh.memory.mapping import map_file
from aweigh.memory.mover.core import Run
from aweigh.memory.region import OpenFile, Region
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import is_page
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.stored import Stored, StoredExtent
from aweigh.memory.trust.trust import Trust
from aweigh.proto.dtypes import SAFETENSORS_NAMES
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound, StoreFailed, Untrusted


@dataclass(frozen=True, slots=True)
class StoredSource:
    """One extent of a store. `aweigh.memory.sources.Source`."""

    stored: Stored
    extent: StoredExtent
    files: Mapping[int, OpenFile]  # by the store's descriptors, those that are read past the page cache

    @property
    def name(self) -> str:
        """By content: models that share the extent share what is made of it."""
        return f"pages:{self.extent.digest.hex()}"

    @property
    def size(self) -> int:
        return self.extent.length

    def map(self) -> Tensor:
        """See `Source.map`. Every page is checked: what is made of them is not checked again."""
        parts: list[Tensor] = []
        for run in self.extent.runs:
            try:
                parts.append(map_file(run.descriptor, run.offset + run.length)[run.offset :])
            except (OSError, ValueError) as error:
                raise CheckpointInvalid(
                    f"pages of {self.stored.name} cannot be mapped ({error}): run `aweigh store verify`"
                ) from None
            for number, page in enumerate(parts[-1].view(-1, PAGE_BYTES)):
                if not is_page(memoryview(page.numpy()), run.hashes[number]):
                    raise CheckpointInvalid(
                        f"a page of {self.stored.name} is not what its hash says: run `aweigh store verify`"
                    )
        return (parts[0] if len(parts) == 1 else torch.cat(parts))[: self.extent.length]

    def region(self, extent: Extent) -> tuple[Region, int]:
        """See `Source.region`."""
        runs = tuple(
            Run(self.files[run.descriptor].descriptor, run.offset, run.length, run.hashes) for run in self.extent.runs
        )
        return Region(self.name, self.extent.length, runs, self), extent.offset


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

    def __init__(self, stored: Stored) -> None:
        """Raises OSError."""
        self._stored = stored
        descriptors = {run.descriptor for extent in stored.extents for run in extent.runs}
        files = {descriptor: OpenFile(descriptor) for descriptor in descriptors}
        self.files: list[StoredSource | _Nothing] = [StoredSource(stored, extent, files) for extent in stored.extents]

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


def published(checkpoint: Checkpoint, store: Store, trust: Trust | None = None) -> StoredCheckpoint | None:
    """The model that was published from exactly these files, if there is one that can be read.

    Raises Untrusted: signatures are required, and it has none that is believed, or there is no such model."""
    trust = trust or Trust()
    try:
        name = Stored.find(store, [file.identity for file in checkpoint.files])
        if name is not None:
            stored = Stored(store, name)
            trust.check(name, stored.content, stored.signatures)
            return StoredCheckpoint(stored)
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
