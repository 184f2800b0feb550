"""What the system says when a disk fails, as one sentence that says what to do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aweigh.proto.errors import StoreFailed

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def trouble(doing: str, place: Path) -> Iterator[None]:
    """Turns errors of the system and of SQLite into StoreFailed. `doing`: what fails then, for instance "publishing llama"."""
    try:
        yield
    except OSError as error:
        raise StoreFailed(f"{doing} failed: {_reason(error, place)}") from error
    except sqlite3.Error as error:
        raise StoreFailed(f"{doing} failed: {_catalog_reason(error, place)}") from error
    except UnicodeDecodeError as error:  # of a text in the catalog's file, or of what SQLite says about it
        raise StoreFailed(f"{doing} failed: the catalog of {place} is damaged: run `aweigh store verify`") from error


def _reason(error: OSError, place: Path) -> str:
    if error.errno in _FULL:
        return f"the disk of {place} is full: free some space there (`aweigh store gc`) and do it again"
    if error.errno in _CLOSED:
        return f"{place} cannot be written: mount it for writing, or set AWEIGH_HOME to a directory of yours"
    said = os.strerror(error.errno) if error.errno else str(error)
    return f"{place} cannot be read or written ({said}): look at the disk, then run `aweigh store verify`"


def _catalog_reason(error: sqlite3.Error, place: Path) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return f"the disk of {place} is full: free some space there (`aweigh store gc`) and do it again"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return f"{place} cannot be written: mount it for writing, or set AWEIGH_HOME to a directory of yours"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"another process holds the catalog of {place} for too long: do it again when it is done"
    return f"the catalog of {place} is damaged or its disk fails ({error}): run `aweigh store verify`"
