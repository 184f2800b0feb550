"""The small files beside a model's weights, without which a directory is no model: configuration, tokenizer, cards.

Text and vocabularies by their suffixes, and nothing that is or may hold code: no `.py`, no pickle in any spelling. Links may lead out of the
directory (the cache of the hub is made of them); directories that are links are not entered.
"""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from aweigh.memory.checkpoint.directory import INDEX
from aweigh.memory.checkpoint.file import open_regular
from aweigh.proto.errors import CheckpointInvalid

SUFFIXES = frozenset({".json", ".jsonl", ".txt", ".model", ".tiktoken", ".jinja", ".bpe", ".md"})
NAMES = frozenset({"LICENSE", "NOTICE"})
MAX_FILE_BYTES = 64 << 20
MAX_BYTES = 256 << 20
MAX_FILES = 256
MAX_LOOKED_AT = 10_000


def read_assets(directory: Path) -> dict[str, bytes]:
    """The files by their path in the directory, at most one directory deep. Larger ones are left out.

    Raises CheckpointInvalid: there are too many, or one cannot be read.
    """
    found: dict[str, bytes] = {}
    total = 0
    try:
        for path in _candidates(directory):
            data = _small(path)
            if data is None:
                continue
            found[path.relative_to(directory).as_posix()] = data
            total += len(data)
            if len(found) > MAX_FILES or total > MAX_BYTES:
                raise CheckpointInvalid(
                    f"{directory} has more than {MAX_FILES} small files or {MAX_BYTES >> 20} MiB of them beside its weights: "
                    "publish a directory that holds the model alone"
                )
    except OSError as error:
        raise CheckpointInvalid(f"{directory} cannot be read: {error.strerror or error}") from None
    return found


def is_asset(path: str) -> bool:
    """Whether a path of a catalog may be written into a directory: relative, at most one directory deep, of a known kind."""
    parts = PurePosixPath(path).parts
    return 1 <= len(parts) <= 2 and ".." not in parts and not path.startswith("/") and _wanted(parts[-1])


def _candidates(directory: Path) -> Iterator[Path]:
    looked_at = 0
    for folder, inner, names in os.walk(directory):
        if Path(folder) != directory:
            inner.clear()
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            looked_at += 1
            if looked_at > MAX_LOOKED_AT:
                raise CheckpointInvalid(f"{directory} has more than {MAX_LOOKED_AT} files: is it a model's directory?")
            if _wanted(name):
                yield Path(folder, name)


def _wanted(name: str) -> bool:
    if name.startswith(".") or name == INDEX or name.endswith(".index.json"):
        return False
    return name in NAMES or os.path.splitext(name)[1] in SUFFIXES


def _small(path: Path) -> bytes | None:
    """None: it is too large, or no regular file."""
    try:
        descriptor = open_regular(path)
    except CheckpointInvalid:
        return None
    with open(descriptor, "rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    return data if len(data) <= MAX_FILE_BYTES else None
