"""The step loop in this process: who fails alone, who hears what, and how it ends."""

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import torch
from safetensors.torch import save_file
from tests.engine.llama import T, Writer

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.engine.core import tokens_of
from aweigh.engine.execute import Collected
from aweigh.engine.rpc import calls, work
from aweigh.engine.rpc.leases import Leases
from aweigh.engine.rpc.service import EngineService
from aweigh.engine.rpc.transfers import Transfers
from aweigh.engine.sampling.group import group_of
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.instructions import Answer, Emit, Finish
from aweigh.engine.worker import Worker
from aweigh.memory.contents import Contents
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import AweighError, EngineLost, InvalidRequest, NumericalFailure, OurBug, Overloaded
from aweigh.proto.program import FunctionInput, FunctionOutput, Manifest, Slot, TensorType
from aweigh.proto.v1 import engine_pb2, generation_pb2

POSITIONS = 8


class Heard:
    """A listener that waits."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.tokens: list[int] = []
        self.error: AweighError | None = None
        self.collected: Collected | None = None

    def emit(self, emitted: Emit) -> None:
        self.tokens += emitted.tokens

    def finish(self, finished: Finish) -> None:
        self.over.set()

    def answer(self, answered: Answer, collected: Collected) -> None:
        self.collected = collected
        self.over.set()

    def fail(self, error: AweighError) -> None:
        self.error = error
        self.over.set()

    def wait(self) -> "Heard":
        assert self.over.wait(60)
        return self


@pytest.fixture
def parts() -> Iterator[tuple[Worker, EngineService]]:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4))
    yield worker, service
    worker.stop()
    service.close()


def with_positions(tiny: Any) -> tuple[Any, Manifest]:
    """The tiny Llama with a table of 8 learned positions in front, as GPT-2 has one."""
    size = tiny.shape.hidden
    ids, x = TensorType(DType.INT64, (1, T)), TensorType(DType.FLOAT32, (1, T, size))
    slot = len(tiny.program.slots)
    w = Writer(("token_ids", ids), ("positions", ids))
    table = w.op("weight", (), TensorType(DType.FLOAT32, (tiny.shape.vocabulary, size)), slot=0)
    rows = w.op("embedding", (0, table), x)
    places = w.op("weight", (), TensorType(DType.FLOAT32, (POSITIONS, size)), slot=slot)
    added = w.op("aten.add.Tensor", (rows, w.op("embedding", (1, places), x)), x)
    block, first = w.end(1, (), (added,))
    old = tiny.program.functions[0]
    inputs = (FunctionInput("token_ids", ids), FunctionInput("positions", ids))
    embed = dataclasses.replace(old, inputs=inputs, blocks=(block,), outputs=(FunctionOutput("embeddings", first),))
    slots = (*tiny.program.slots, Slot(DType.FLOAT32, (POSITIONS, size)))
    program = dataclasses.replace(tiny.program, slots=slots, functions=(embed, *tiny.program.functions[1:]))
    return program, Manifest((*tiny.manifest.slots, "positions"))


def load(
    service: EngineService, program: Any, manifest: Manifest, directory: Path, name: str = "m", draft: str = ""
) -> Any:
    request = engine_pb2.LoadModelRequest(
        model=name,
        draft=draft,
        program=program_to_message(program),
        manifest=manifest_to_message(manifest),
        directory=str(directory),
        fingerprint=fingerprint(program),
    )
    return service._loading.submit(service._load, request).result()


def submit(worker: Worker, loaded: Any, lease: str, prompt: list[int], count: int) -> Heard:
    number = next(worker.numbers)
    message = generation_pb2.GenerateRequest(
        model="m",
        prompts=[generation_pb2.Prompt(tokens=prompt)],
        sampling=generation_pb2.SamplingSettings(max_new_tokens=count),
    )
    heard = Heard()
    worker.post(ev.SubmitGroup(group_of(number, lease, message, loaded.spec, 0.0), 0.0), number, heard)
    return heard


def saved(tiny: Any, path: Path, **changes: torch.Tensor) -> Path:
    tensors = {name: value.contiguous() for name, value in tiny.module.state_dict().items()}
    save_file({**tensors, **changes}, path / "model.safetensors")
    return path


def test_who_steps_outside_a_table_fails_alone(parts: Any, tiny: Any, tmp_path: Path) -> None:
    worker, service = parts
    program, manifest = with_positions(tiny)
    table = torch.zeros(POSITIONS, tiny.shape.hidden)
    loaded = load(service, program, manifest, saved(tiny, tmp_path, positions=table))
    worker.post(ev.LeaseOpened("l"))
    hold = threading.Event()
    worker.call(lambda: hold.wait() and None)  # so that all three are in one batch
    good, bad, also = (submit(worker, loaded, "l", p, 3) for p in ([5, 17, 3], list(range(9)), [60, 2]))
    hold.set()
    assert isinstance(bad.wait().error, InvalidRequest) and not bad.tokens
    assert good.wait().tokens == tiny.greedy([5, 17, 3], 3)
    assert also.wait().tokens == tiny.greedy([60, 2], 3)
    worker.call(worker.scheduler.check_integrity)


def test_nan_stays_with_its_owner(parts: Any, tiny: Any, tmp_path: Path) -> None:
    worker, service = parts
    name = "model.embed_tokens.weight"
    table = tiny.module.state_dict()[name].clone()
    table[7] = float("nan")
    loaded = load(service, tiny.program, tiny.manifest, saved(tiny, tmp_path, **{name: table}))
    worker.post(ev.LeaseOpened("l"))
    hold = threading.Event()
    worker.call(lambda: hold.wait() and None)
    good, bad = (submit(worker, loaded, "l", p, 6) for p in ([5, 17, 3], [5, 7, 3]))
    hold.set()
    assert isinstance(bad.wait().error, NumericalFailure)
    assert good.wait().tokens == tiny.greedy([5, 17, 3], 6)


def test_what_is_in_progress_at_the_end_is_told(tiny: Any) -> None:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4))
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
    worker.post(ev.LeaseOpened("l"))
    heard = submit(worker, loaded, "l", [1, 2], 400)
    worker.stop()
    service.close()
    assert isinstance(heard.wait().error, EngineLost)


def test_a_bug_in_a_step_fails_that_step_and_no_more(parts: Any, tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, service = parts
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
    worker.post(ev.LeaseOpened("l"))
    real = worker._executor.run
    calls = iter([True])

    def broken(*arguments: Any) -> Any:
        assert not next(calls, False), "our own bug"
        return real(*arguments)

    monkeypatch.setattr(worker._executor, "run", broken)
    first = submit(worker, loaded, "l", [1, 2], 3).wait()
    assert type(first.error).__name__ == "OurBug"
    assert submit(worker, loaded, "l", [1, 2], 3).wait().tokens == tiny.greedy([1, 2], 3)


def test_a_deadline_may_be_far_away(parts: Any, tiny: Any) -> None:
    worker, service = parts
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
    worker.post(ev.LeaseOpened("l"))
    row = ev.StepRow(1, tokens=tokens_of([1]), logits=1)
    steps = [Heard() for _ in range(2)]
    for heard in steps:
        number = next(worker.numbers)
        worker.post(ev.SubmitStep(number, "l", "m", (row,), 0.0, deadline=1e300), number, heard, ())
        heard.wait()
    assert all(heard.error is None for heard in steps)
    assert submit(worker, loaded, "l", [1, 2], 3).wait().tokens == tiny.greedy([1, 2], 3)


def test_a_broken_loop_tells_everybody(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4))
    died = threading.Event()
    worker.on_death = died.set
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
    worker.post(ev.LeaseOpened("l"))
    heard = submit(worker, loaded, "l", [1, 2], 400)

    def broken(*_: Any) -> Any:
        raise AssertionError("an invariant")

    monkeypatch.setattr(worker.scheduler, "handle", broken)
    assert isinstance(heard.wait().error, EngineLost)
    assert died.wait(10)
    service.close()


def test_a_lost_device_ends_the_worker(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4))
    died = threading.Event()
    worker.on_death = died.set
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
    worker.post(ev.LeaseOpened("l"))

    def broken(*_: Any) -> Any:
        raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(loaded.model, "function", broken)
    assert isinstance(submit(worker, loaded, "l", [1, 2], 4).wait().error, EngineLost)
    assert died.wait(10)
    service.close()


def test_a_reader_that_stopped_is_cut(parts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, _ = parts
    monkeypatch.setattr(work, "MAX_BACKLOG_BYTES", 1000)

    async def scenario() -> None:
        never = asyncio.Event()

        async def commands() -> Any:
            await never.wait()
            yield None

        stream = work.WorkStream(
            worker, Leases(Transfers(), Contents(), lambda lease: None), lambda *_: None, lambda: False
        )
        messages = stream.run(commands())
        for number in range(100):
            stream._push(work.failure(number, InvalidRequest("something that takes a few bytes")))
        with pytest.raises(Overloaded):
            await anext(messages)

    asyncio.run(scenario())


def test_a_reader_that_stopped_in_mid_stream_costs_no_memory(parts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, _ = parts
    monkeypatch.setattr(work, "MAX_BACKLOG_BYTES", 1000)

    async def scenario() -> None:
        never = asyncio.Event()

        async def commands() -> Any:
            await never.wait()
            yield None

        stream = work.WorkStream(
            worker, Leases(Transfers(), Contents(), lambda lease: None), lambda *_: None, lambda: False
        )
        messages = stream.run(commands())
        stream._push(work.failure(0, InvalidRequest("the first")))
        assert (await anext(messages)).events
        for number in range(100):  # nobody asks for the next message, as when the wire is full
            stream._push(work.failure(number, InvalidRequest("something that takes a few bytes")))
        assert stream._waiting.ByteSize() <= 1000
        with pytest.raises(Overloaded):
            await anext(messages)

    asyncio.run(scenario())


def test_a_call_that_breaks_in_an_unforeseen_way_does_not_end_the_loop(
    parts: Any, tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, service = parts
    loaded = load(service, tiny.program, tiny.manifest, tiny.directory)

    def broken(*_: Any) -> Any:
        raise TypeError("what no check foresees")

    monkeypatch.setattr(loaded.model, "function", broken)
    assert isinstance(calls.run(loaded, "embed", []).outputs, OurBug)


def test_a_draining_worker_admits_nothing(parts: Any) -> None:
    _, service = parts
    service.draining = True

    class Context:
        async def abort(self, code: grpc.StatusCode, details: str, metadata: Any) -> None:
            raise grpc.aio.AbortError(metadata)

    async def scenario() -> None:
        with pytest.raises(grpc.aio.AbortError, match="Overloaded"):
            await service.LoadModel(engine_pb2.LoadModelRequest(), Context())

    asyncio.run(scenario())


@pytest.mark.parametrize("changes", [{"kernels": "triton"}, {"device": "cuda"}])
def test_a_device_that_is_not_there_is_told(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRITON_INTERPRET", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="--"):
        assemble(Config(listen="unix:unused", kv_bytes=1 << 22, **changes))
