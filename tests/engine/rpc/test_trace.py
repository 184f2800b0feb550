"""Traces of a worker: exact uses from the runner, sampled ones from the kernel, one trace at a time, refusals with their reason."""

import queue
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.engine.rpc.conftest import Process, load_request
from tests.engine.rpc.test_generate import ask

from aweigh.engine.rpc.trace import Cost
from aweigh.memory.statistics.sources import KINDS
from aweigh.proto.v1 import engine_pb2

NEVER = 3600.0  # seconds between batches: the next one comes when the trace ends
works = {name: kind.why_not() is None for name, kind in KINDS.items()}


class Trace:
    """A trace that has begun."""

    def __init__(self, engine: Any, source: str = "", interval: float = NEVER) -> None:
        self._requests: queue.SimpleQueue[engine_pb2.TraceRequest | None] = queue.SimpleQueue()
        self._requests.put(engine_pb2.TraceRequest(source=source, interval_seconds=interval))
        self.call = engine.Trace(self._sent())
        self.first: engine_pb2.TraceBatch = next(self.call)

    def _sent(self) -> Iterator[engine_pb2.TraceRequest]:
        while (request := self._requests.get()) is not None:
            yield request

    def end(self) -> dict[str, int]:
        """Uses by extent, of all batches."""
        self._requests.put(None)
        uses: dict[str, int] = {}
        self.extents: list[engine_pb2.TraceBatch.Extent] = []
        for batch in self.call:
            self.last = batch
            self.extents += batch.extents
            for number, count in zip(batch.extent, batch.uses, strict=True):
                name = self.extents[number].name
                uses[name] = uses.get(name, 0) + count
        return uses

    def cancel(self) -> None:
        self._requests.put(None)
        self.call.cancel()


def test_the_runner_counts_every_extent_exactly(worker: Any, door: Any, loaded: Any) -> None:
    trace = Trace(worker.engine)
    assert trace.first.source == "runner" and not trace.first.extent and trace.first.page_bytes == 1 << 21
    door.generate(1, door.lease("a"), ask([[1, 2, 3]], 7))
    uses = trace.end()
    stats = worker.engine.Stats(engine_pb2.StatsRequest(access_records=True))
    assert set(uses) == {record.extent for record in stats.records}
    assert set(uses.values()) == {7}, "a prompt and six tokens after the first"
    assert {extent.model for extent in trace.extents} == {"tiny"} and not trace.last.address


def test_batches_come_while_the_trace_runs(worker: Any, door: Any, loaded: Any) -> None:
    trace = Trace(worker.engine, interval=0.01)
    lease = door.lease("b")
    found: dict[int, int] = {}
    for number in range(1, 4):
        door.generate(number, lease, ask([[number]], 5))
        while sum(found.values()) < number * 5 * (len(found) or 1):
            batch = next(trace.call)
            for extent, uses in zip(batch.extent, batch.uses, strict=True):
                found[extent] = found.get(extent, 0) + uses
    assert set(found.values()) == {15} and sorted(found) == list(range(len(found)))
    trace.end()


@pytest.mark.skipif(not works["page-faults"], reason="perf events are not allowed here")
def test_page_faults_name_weights(worker: Any, door: Any, tiny: Any, tmp_path: Path) -> None:
    fresh = Path(shutil.copytree(tiny.directory, tmp_path / "fresh"))
    trace = Trace(worker.engine, "page-faults")
    worker.engine.LoadModel(load_request(tiny, model="fresh", directory=str(fresh)))
    request = ask([[1, 2, 3]], 2)
    request.model = "fresh"
    door.generate(1, door.lease("c"), request)
    uses = trace.end()
    worker.engine.UnloadModel(engine_pb2.UnloadModelRequest(model="fresh"))
    assert trace.last.source == "page-faults"
    assert len(trace.last.address) == len(trace.last.thread) == len(trace.last.instruction) == len(trace.last.extent)
    inode = f".{(fresh / 'model.safetensors').stat().st_ino:x}."
    assert any(inode in extent for extent in uses)
    assert {extent.model for extent in trace.extents if inode in extent.name} == {"fresh"}


@pytest.mark.skipif(not works["referenced"], reason="this kernel does not show references")
def test_references_are_those_of_a_model_that_runs(worker: Any, door: Any, loaded: Any) -> None:
    lease = door.lease("d")
    trace = Trace(worker.engine, "referenced", interval=NEVER)
    assert trace.end() == {}
    trace = Trace(worker.engine, "referenced", interval=NEVER)
    door.generate(1, lease, ask([[1, 2, 3]], 2))
    uses = trace.end()
    assert uses and set(uses.values()) == {1}


def test_a_trace_counts_itself_and_pauses_in_proportion(worker: Any, loaded: Any) -> None:
    trace = Trace(worker.engine, interval=0.01)
    one, other = next(trace.call), next(trace.call)
    assert 0 < trace.first.step_seconds < one.step_seconds < other.step_seconds
    assert 0 < one.processor_seconds < other.processor_seconds
    assert other.time - one.time >= 99 * (one.processor_seconds - trace.first.processor_seconds)
    trace.end()
    assert Cost(last=0.02).pause(1.0) == pytest.approx(2.0) and Cost(last=0.002).pause(1.0) == 1.0


def test_one_trace_at_a_time(worker: Any, loaded: Any) -> None:
    trace = Trace(worker.engine)
    with pytest.raises(grpc.RpcError, match="being traced already"):
        Trace(worker.engine)
    trace.end()
    Trace(worker.engine).end()


def test_a_client_that_went_away_leaves_no_trace(worker: Any, loaded: Any) -> None:
    Trace(worker.engine).cancel()
    while True:
        try:
            Trace(worker.engine).end()
        except grpc.RpcError as error:
            assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            continue
        return


def test_a_worker_that_leaves_ends_its_trace_in_good_order(tmp_path: Path) -> None:
    process = Process(tmp_path)
    trace = Trace(process.engine)
    process.process.send_signal(signal.SIGTERM)
    assert [len(batch.extent) for batch in trace.call] == [0], "the last batch still comes"
    assert process.process.wait(60) == 0
    process.stop()


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (engine_pb2.TraceRequest(source="vtune"), "choose one of runner"),
        (engine_pb2.TraceRequest(interval_seconds=-1), "cannot be"),
        (engine_pb2.TraceRequest(interval_seconds=float("nan")), "cannot be"),
        (engine_pb2.TraceRequest(interval_seconds=1e-9), "cannot be"),
        *(
            (engine_pb2.TraceRequest(source=name), f"'{name}' does not work here: ")
            for name, working in works.items()
            if not working
        ),
    ],
)
def test_what_cannot_be_traced_is_refused(worker: Any, request_: engine_pb2.TraceRequest, words: str) -> None:
    with pytest.raises(grpc.RpcError, match=words) as refused:
        list(worker.engine.Trace(iter([request_])))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
