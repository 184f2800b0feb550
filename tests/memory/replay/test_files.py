"""Traces from files of every kind that is read, and what is said of a bad one."""

import gzip
import itertools
import statistics
from pathlib import Path

import pytest

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.replay import files, servegen
from aweigh.memory.replay.workload import Access, Model, Request
from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.trace.file import TraceFacts, TraceWriter
from aweigh.proto.errors import InvalidRequest

LIKE = Model("like", (PAGE_BYTES,) * 2, 1e-5, 1e-3)
HEADER = "window_start_s,client,rate_req_s,iat_cv,iat_dist,p1,p2\n"


def test_clients_of_servegen_become_models(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv.gz"
    rows = "0,7,0.5,1,Gamma,1.0,2\n600,7,0.1,1,Gamma,1.0,10\n0,8,0.05,2,Weibull,0.5,1\n"
    path.write_bytes(gzip.compress((HEADER + rows).encode()))
    workload = files.load(path, LIKE, seed=3)
    assert [model.name for model in workload.models] == ["7", "8"]
    assert workload == files.load(path, LIKE, seed=3) and workload != files.load(path, LIKE, seed=4)
    early = sum(request.model == "7" and request.time < 600 for request in workload.requests)
    late = sum(request.model == "7" and request.time >= 600 for request in workload.requests)
    assert 240 < early < 360 and 35 < late < 85
    assert list(workload.requests) == sorted(workload.requests)


@pytest.mark.parametrize(
    ("distribution", "shape", "variation"), [("Gamma", 0.25, 2.0), ("Weibull", 0.5427, 2.0), ("Gamma", 4, 0.5)]
)
def test_gaps_have_the_mean_and_the_variation_of_their_row(distribution: str, shape: float, variation: float) -> None:
    rows = [servegen.ClientWindow(600.0 * n, "c", 20.0, variation, distribution, shape) for n in range(3)]
    times = [time for time, _ in servegen.arrivals(rows, 0.0, 1800.0, seed=1)]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert statistics.mean(gaps) == pytest.approx(0.05, rel=0.05)
    assert statistics.pstdev(gaps) / statistics.mean(gaps) == pytest.approx(variation, rel=0.1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("client,rate\n", "first line must be"),
        (HEADER + "0,1,-1,1,Gamma,1,1\n", ":2: a rate"),
        (HEADER + "0,1,1,1,Gamma,1,1\n0,1,1,1,Pareto,1,1\n", ":3: "),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(text)
    with pytest.raises(InvalidRequest, match=said):
        files.load(path, LIKE)


def test_azure(tmp_path: Path) -> None:
    path = tmp_path / "azure.csv"
    rows = "2023-11-16 18:17:04.0319600,3180,8\n2023-11-16 18:17:03.9799600,4808,10\n"
    path.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n" + rows)
    requests = files.load(path, LIKE).requests
    assert [(r.prompt, r.new) for r in requests] == [(4808, 10), (3180, 8)]
    assert requests[0].time == 0 and requests[1].time == pytest.approx(0.052, abs=1e-6)
    path.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17,x,8\n")
    with pytest.raises(InvalidRequest, match=":2: "):
        files.load(path, LIKE)


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    model = '{"model": "m", "extents": [100, 200], "step_seconds": 0.5}\n'
    path.write_text(model + '{"time": 2, "model": "m", "prompt": 3, "new": 4}\n')
    workload = files.load(path, LIKE)
    assert workload.models == (Model("m", (100, 200), 0.0, 0.5),) and workload.requests == (Request(2.0, "m", 3, 4),)
    path.write_text(model + '{"time": 2, "extent": 1}\n{"time": 1, "extent": 0, "uses": 5}\n')
    assert files.load(path, LIKE).accesses == (Access(1.0, 0, 5), Access(2.0, 1, 1))
    for bad, said in (
        ("[]", ":2: this is no model"),
        ('{"time": 1, "extent": 2}', "no model has"),
        ('{"time": 1, "model": "n", "prompt": 3, "new": 4}', "'n'"),
        ('{"time": 1', ":2: "),
    ):
        path.write_text(model + bad + "\n")
        with pytest.raises(InvalidRequest, match=said):
            files.load(path, LIKE)


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "trace.parquet"
    with TraceWriter(path, TraceFacts("runner", PAGE_BYTES, 100.0, 1.0)) as writer:
        writer.add(
            [
                AccessRecord(101.0, "runner", "file@0", 0, 3, 7, "m"),
                AccessRecord(101.0, "runner", "file@1", 3, 1, 7, "n"),
                AccessRecord(102.0, "runner", "file@0", 0, 3, 9, "m"),
            ]
        )
    workload = files.load(path, LIKE)
    assert workload.models == (Model("m", (3 * PAGE_BYTES,)), Model("n", (PAGE_BYTES,)))
    assert workload.accesses == (Access(0.0, 0, 7), Access(0.0, 1, 7), Access(1.0, 0, 9))
    assert workload.footprint_frames == 4
