"""The trace file: what was written is read back, a file that is none says so, and half a file is never seen."""

from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.trace import summary
from aweigh.memory.trace.command import main
from aweigh.memory.trace.file import VERSION, TraceFacts, TraceReader, TraceWriter
from aweigh.proto.errors import InvalidRequest

FACTS = TraceFacts("page-faults", 1 << 21, began=1000.0, interval=0.5)
RECORDS = [
    AccessRecord(1000.5, "page-faults", "file:1@0+10", 0, 1, 3, "one", 7, 8, 2**63),
    AccessRecord(1001.0, "page-faults", "file:1@0+10", 0, 1, 4, "one", 7, 8, 9),
    AccessRecord(1001.0, "page-faults", "file:1@200000+400000", 1, 2, 2**40),
]


def written(path: Path, records: list[AccessRecord], lost: int = 0) -> Path:
    with TraceWriter(path, FACTS) as trace:
        trace.add(records)
        trace.lost, trace.unwatched = lost, 7
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    trace = TraceReader(written(tmp_path / "a.parquet", RECORDS, lost=5))
    assert list(trace.records()) == RECORDS
    assert trace.facts == TraceFacts("page-faults", 1 << 21, 1000.0, 0.5, lost=5, unwatched=7, rows=3)


def test_a_long_trace_is_written_in_groups(tmp_path: Path) -> None:
    with TraceWriter(tmp_path / "a.parquet", FACTS) as trace:
        for _ in range(30):
            trace.add(RECORDS[:2] * 1500)
    assert pyarrow.parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 2
    assert list(TraceReader(tmp_path / "a.parquet").records()) == RECORDS[:2] * 45000
    assert (tmp_path / "a.parquet").stat().st_size < 90_000, "a byte per record, at most"


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    table = pyarrow.parquet.read_table(written(tmp_path / "a.parquet", RECORDS))
    assert table.column_names == [
        "time", "source", "model", "extent", "first_page", "pages", "uses", "instruction", "thread", "address",
    ]  # fmt: skip
    assert table.column("address").to_pylist() == [2**63, 9, None]


def test_a_trace_without_records(tmp_path: Path) -> None:
    trace = TraceReader(written(tmp_path / "a.parquet", []))
    assert list(trace.records()) == [] and len(list(summary.lines(trace))) == 2


def test_half_a_file_is_never_seen(tmp_path: Path) -> None:
    old = written(tmp_path / "a.parquet", RECORDS).read_bytes()
    with pytest.raises(ZeroDivisionError), TraceWriter(tmp_path / "a.parquet", FACTS) as trace:
        trace.add(RECORDS * 30000)
        _ = 1 / 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]
    assert (tmp_path / "a.parquet").read_bytes() == old


@pytest.mark.parametrize("damage", ["missing", "text", "cut", "foreign", "columns", "version", "metadata"])
def test_what_is_no_trace_says_so(tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.parquet"
    whole = pyarrow.parquet.read_table(written(path, RECORDS))
    told = dict(pyarrow.parquet.ParquetFile(path).metadata.metadata)
    match damage:
        case "missing":
            path.unlink()
        case "text":
            path.write_text("time,source\n" * 100)
        case "cut":
            path.write_bytes(path.read_bytes()[:-20])
        case "foreign":
            pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), path)
        case "columns":
            pyarrow.parquet.write_table(whole.drop_columns(["uses"]).replace_schema_metadata(told), path)
        case "version":
            later = {**told, b"aweigh.version": str(VERSION + 1).encode()}
            pyarrow.parquet.write_table(whole.replace_schema_metadata(later), path)
        case "metadata":
            pyarrow.parquet.write_table(whole.replace_schema_metadata({**told, b"aweigh.page_bytes": b"many"}), path)
    with pytest.raises(InvalidRequest, match=r"a\.parquet"):
        TraceReader(path)
    assert main(["show", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.parquet", RECORDS, lost=5)
    assert main(["show", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "source page-faults, 3 records in 1.0 s, every 0.5 s, 5 samples lost",
        "7 extents were not watched: the source could not see them, or not tell them from others",
        "model one: 1 extents, 2.1 MB in pages, 7 uses",
        "model (shared): 1 extents, 4.2 MB in pages, 1099511627776 uses",
        "  1099511627776 uses of 2 page(s): file:1@200000+400000",
        "           7 uses of 1 page(s): file:1@0+10 (one)",
    ]
