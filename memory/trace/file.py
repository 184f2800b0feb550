"""The trace file: Parquet, one row per record, in the order in which batches ended.

| column | type | |
| --- | --- | --- |
| time | float64 | end of the batch, seconds since 1970 |
| source | string | that ran |
| model | string | empty where several share the extent and the source cannot tell |
| extent | string | its name |
| first_page, pages | uint64, uint32 | pages that hold a byte of it |
| uses | uint64 | since the record before it |
| instruction, thread, address | uint64, uint32, uint64 | null where the source does not see them |

The file's metadata: `aweigh.version` of this format, `aweigh.source`, `aweigh.page_bytes`, `aweigh.began` (seconds since 1970),
`aweigh.interval` (seconds between batches), `aweigh.lost` (samples that found no room), `aweigh.unwatched` (extents that the source could not see or
tell from others). A file is written under a temporary name and
renamed when it is whole.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.trace.parquet import pyarrow
from aweigh.proto.errors import InvalidRequest

VERSION = 1
_GROUP = 1 << 16  # rows that are kept until they are written, and read at a time
_MOST_ROWS = 1 << 30  # of a file that is believed
_STRINGS = ("source", "model", "extent")
_SIGHTS = ("instruction", "thread", "address")


@dataclass(frozen=True, slots=True)
class TraceFacts:
    """What a file says of itself. `began` is in seconds since 1970, `interval` in seconds."""

    source: str
    page_bytes: int
    began: float
    interval: float
    lost: int = 0
    unwatched: int = 0
    rows: int = 0


def _schema() -> Any:
    arrow, _ = pyarrow()
    text = arrow.dictionary(arrow.int32(), arrow.string())
    types = {
        "time": arrow.float64(),
        **dict.fromkeys(_STRINGS, text),
        "first_page": arrow.uint64(),
        "pages": arrow.uint32(),
        "uses": arrow.uint64(),
        "instruction": arrow.uint64(),
        "thread": arrow.uint32(),
        "address": arrow.uint64(),
    }
    return arrow.schema([arrow.field(name, kind, name in _SIGHTS) for name, kind in types.items()])


class TraceWriter:
    """A trace in the making. A context manager: the file is there, whole, when it was left without an error, and not otherwise.

    Raises InvalidRequest where pyarrow is missing, OSError where the file cannot be written."""

    def __init__(self, path: Path, facts: TraceFacts) -> None:
        _, parquet = pyarrow()
        self._path = path
        self._new = path.with_name(f".{path.name}.{os.getpid()}")
        self._facts = facts
        self._schema = _schema()
        self._rows: list[AccessRecord] = []
        self._parquet = parquet.ParquetWriter(self._new, self._schema, compression="zstd")
        self.written = 0
        self.lost = self.unwatched = 0

    def add(self, records: list[AccessRecord]) -> None:
        """Appends rows."""
        self._rows += records
        if len(self._rows) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        arrow, _ = pyarrow()
        columns = [[getattr(row, name) for row in self._rows] for name in self._schema.names]
        self._parquet.write_table(arrow.table(columns, schema=self._schema))
        self.written += len(self._rows)
        self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._flush()
                facts = self._facts
                told = (VERSION, facts.source, facts.page_bytes, facts.began, facts.interval, self.lost, self.unwatched)
                self._parquet.add_key_value_metadata(dict(zip(_KEYS, map(str, told), strict=True)))
            self._parquet.close()
            if kind is None:
                os.replace(self._new, self._path)
        finally:
            self._new.unlink(missing_ok=True)


_KEYS = tuple(
    f"aweigh.{name}" for name in ("version", "source", "page_bytes", "began", "interval", "lost", "unwatched")
)


class TraceReader:
    """A trace that was written. Raises InvalidRequest for a file that is none, with a sentence that says what is wrong with it."""

    def __init__(self, path: Path) -> None:
        arrow, parquet = pyarrow()
        try:
            self._file = parquet.ParquetFile(path)
        except (OSError, arrow.ArrowException) as error:
            raise InvalidRequest(f"{path} cannot be read as a trace: {str(error).splitlines()[0]}") from None
        told = {
            key.decode(): value.decode("utf-8", "replace")
            for key, value in (self._file.metadata.metadata or {}).items()
        }
        version = told.get("aweigh.version")
        if version != str(VERSION):
            raise InvalidRequest(f"{path} is no trace of version {VERSION}: make one with `aweigh trace record`")
        schema = self._file.schema_arrow
        missing = [name for name in _schema().names if name not in schema.names]
        if missing or self._file.metadata.num_rows > _MOST_ROWS:
            raise InvalidRequest(
                f"{path} is a damaged trace ({', '.join(missing) or 'too many rows'}): record it again"
            )
        try:
            self.facts = TraceFacts(
                told["aweigh.source"],
                int(told["aweigh.page_bytes"]),
                float(told["aweigh.began"]),
                float(told["aweigh.interval"]),
                int(told["aweigh.lost"]),
                int(told["aweigh.unwatched"]),
                self._file.metadata.num_rows,
            )
        except (KeyError, ValueError) as error:
            raise InvalidRequest(f"{path} is a damaged trace ({error}): record it again") from None

    def records(self) -> Iterator[AccessRecord]:
        """All rows, in the order of the file; some tens of thousands are in memory at a time."""
        names = _schema().names
        for group in self._file.iter_batches(_GROUP, columns=names):
            columns = [group.column(name).to_pylist() for name in names]
            for time, source, model, extent, first_page, pages, uses, *sights in zip(*columns, strict=True):
                yield AccessRecord(time, source, extent, first_page, pages, uses, model, *sights)
