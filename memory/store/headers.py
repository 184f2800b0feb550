"""A directory that stands for a stored model: its small files, and a safetensors file that ends with its header.

Scripts name it as they name any checkpoint; an engine knows by who the file is that the store has the data (`Stored.find`). The file is cut off on
purpose: whoever would read weights from it, such as transformers itself, is told that the file is incomplete. A file of the full size
with a hole in it would be read as zeros.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from blake3 import blake3

from aweigh.memory.core import FileIdentity
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.disk import sync_directory
from aweigh.memory.store.export import files_of
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.trouble import trouble

Identities = dict[str, tuple[str, bytes]]
_PREFIX_BYTES = 8
_WHOLE = 1 << 62  # one file, whatever it would hold


def directory_of(store: Store, name: str) -> Path:
    """Where it is, or would be. No name of a model has a tilde in it."""
    return store.root / "models" / name.replace("/", "~")


@contextmanager
def headers(
    store: Store, name: str, tensors: Iterable[StoredTensor], assets: Mapping[str, bytes]
) -> Iterator[Identities]:
    """Makes the directory of a model; it takes the place of what stood there when the block ends, and not where it raises. One that is the
    same stays: whoever has its files open has the right ones.

    Yields, for the catalog: by file, who it is and the hash of its header. Raises StoreFailed.
    """
    target = directory_of(store, name)
    partial = target.parent / f".{target.name}.{os.getpid()}"
    (file,) = files_of(list(tensors), _WHOLE)
    files = {file.name: file.header, **assets}
    digest = blake3(file.header[_PREFIX_BYTES:]).digest()
    if _is(target, files):
        yield {file.name: (FileIdentity.of(os.stat(target / file.name)).name, digest)}
        return
    with trouble(f"writing the headers of {name}", store.root):
        try:
            partial.mkdir(parents=True)
            for path, data in files.items():
                (partial / path).parent.mkdir(exist_ok=True)
                with (partial / path).open("xb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
            for folder in {partial, *(partial / path for path in map(os.path.dirname, assets))}:
                sync_directory(folder)
            yield {file.name: (FileIdentity.of(os.stat(partial / file.name)).name, digest)}
            if target.exists():
                shutil.rmtree(target)
            partial.rename(target)
            sync_directory(target.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _is(directory: Path, files: Mapping[str, bytes]) -> bool:
    try:
        there = {str(path.relative_to(directory)) for path in directory.rglob("*") if not path.is_dir()}
        return there == files.keys() and all((directory / path).read_bytes() == data for path, data in files.items())
    except OSError:
        return False


def remove_headers(store: Store, name: str) -> None:
    """Removes the directory, if there is one. Raises StoreFailed."""
    with trouble(f"removing the headers of {name}", store.root):
        directory = directory_of(store, name)
        if directory.is_dir():
            shutil.rmtree(directory)
