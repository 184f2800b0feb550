"""Calls of modules whose weights do not come: others run meanwhile, and whoever waits is answered, refused or forgotten."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.engine.conftest import made as llama
from tests.engine.llama import Shape
from tests.engine.rpc import modules
from tests.engine.worker.test_paged_worker import Disk, load
from tests.engine.worker.test_worker import submit
from tests.integration.test_text_encoders import CALLS, assert_close, expected
from tests.integration.text_encoders import Encoder, Engine, engine, made, tensors_of

from aweigh.engine.schedule import events as ev
from aweigh.proto.errors import CheckpointInvalid, EngineLost, ModelNotFound
from aweigh.proto.v1 import engine_pb2, program_pb2

ARENA = 64 << 20
PROMPT = [3, 1, 4, 1, 5]


@pytest.fixture
def worker() -> Iterator[Engine]:
    with engine(arena_bytes=ARENA, kernels="reference") as started:
        assert started.worker.pager is not None
        started.worker.pager._carrier.map_cached = False
        started.worker.post(ev.LeaseOpened("l"))
        for lease in ("l", *(f"l{number}" for number in range(len(CALLS)))):
            started.service._leases.open(lease)
        yield started


class Both:
    """Two encoders over files of their own, of which the first one's can be stopped."""

    def __init__(self, worker: Engine, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = worker.service
        self.models = [made("BertModel", directory / "slow"), made("RobertaModel", directory / "quick")]
        self.slow = Encoder(worker, self.models[0], directory / "slow", CALLS[0])
        self.quick = Encoder(worker, self.models[1], directory / "quick", CALLS[0])
        self.disk = Disk(directory / "slow" / "model.safetensors", monkeypatch)

    def start(self, encoder: Encoder) -> list["asyncio.Task[engine_pb2.CallResponse]"]:
        """All calls at once, each of another lease."""
        return [
            asyncio.ensure_future(self.service._calls.call(encoder.request(given, f"l{at}")))
            for at, given in enumerate(CALLS)
        ]

    def are_right(self, which: int, responses: Sequence[engine_pb2.CallResponse]) -> bool:
        for given, response in zip(CALLS, responses, strict=True):
            assert_close(tensors_of(response), expected(self.models[which], given))
        return True


@pytest.fixture
def both(worker: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(worker, tmp_path, monkeypatch)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 120)

    asyncio.run(bounded())


async def reached(disk: Disk) -> None:
    assert await asyncio.get_running_loop().run_in_executor(None, disk.reached.wait, 60)


async def step_thread(worker: Engine, function: Callable[[], Any]) -> Any:
    """What a function says between two turns of the step thread."""
    return await worker.service._on_step_thread(function)


async def quiet(worker: Engine, encoder: Encoder) -> bool:
    """Whether nothing is kept for calls of a model."""
    model = worker.service._model(encoder.name).model
    late = worker.worker._late
    assert late is not None

    def look() -> bool:
        kept = (late._tickets, late._tries, late._broken, worker.worker._calls._late)
        return not any(model in each for each in kept)

    return bool(await step_thread(worker, look))


def test_others_are_answered_meanwhile(worker: Engine, both: Both, tmp_path: Path) -> None:
    (tmp_path / "llama").mkdir()
    tiny = llama(Shape(), tmp_path / "llama")
    generating = load(worker.service, "tiny", tiny)

    async def test() -> None:
        waiting = both.start(both.slow)
        await reached(both.disk)
        for _ in range(2):
            assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        heard = submit(worker.worker, generating, "l", PROMPT, 4)
        await asyncio.get_running_loop().run_in_executor(None, heard.wait)
        assert heard.tokens == tiny.greedy(PROMPT, 4)
        waiting += both.start(both.slow)
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        assert not any(task.done() for task in waiting)
        both.disk.gate.set()
        found = await asyncio.gather(*waiting)
        assert both.are_right(0, found[: len(CALLS)]) and both.are_right(0, found[len(CALLS) :])
        assert max(response.together for response in found) > 1
        assert await quiet(worker, both.slow)

    run(test)
    assert worker.worker.pager is not None
    worker.worker.pager.check_integrity()


@pytest.mark.parametrize("late", [False, True])
def test_a_disk_that_fails_fails_the_calls_of_its_model(worker: Engine, both: Both, late: bool) -> None:
    both.disk.fails = True
    if not late:
        both.disk.gate.set()

    async def test() -> None:
        waiting = both.start(both.slow)
        await reached(both.disk)
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        both.disk.gate.set()
        failed = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(error, CheckpointInvalid) for error in failed), failed
        both.disk.fails = False
        found: list[Any] = await asyncio.gather(*both.start(both.slow), return_exceptions=True)
        while any(isinstance(each, CheckpointInvalid) for each in found):  # in quarantine, for a second
            found = await asyncio.gather(*both.start(both.slow), return_exceptions=True)
        assert both.are_right(0, found)
        assert await quiet(worker, both.slow)

    run(test)


def test_calls_that_nobody_waits_for_are_forgotten(worker: Engine, both: Both) -> None:
    async def test() -> None:
        waiting = both.start(both.slow)
        await reached(both.disk)
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        assert not await quiet(worker, both.slow)
        for task in waiting[1:]:
            task.cancel()
        await asyncio.wait(waiting[1:])
        assert not await quiet(worker, both.slow), "one is left"
        waiting[0].cancel()
        await asyncio.wait(waiting)
        assert worker.service._calls.running == 0
        assert await quiet(worker, both.slow), "its weights are wanted by nobody"
        both.disk.gate.set()
        assert both.are_right(0, await asyncio.gather(*both.start(both.slow)))

    run(test)
    assert worker.worker.pager is not None
    worker.worker.pager.check_integrity()


def test_a_model_that_goes_while_its_calls_wait(worker: Engine, both: Both) -> None:
    async def test() -> None:
        waiting = both.start(both.slow)
        await reached(both.disk)
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        worker.service._loading.submit(worker.service._unload, both.slow.name)
        failed = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(error, ModelNotFound) for error in failed), failed
        both.disk.gate.set()
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))

    run(test)


def test_a_worker_that_stops_while_calls_wait(worker: Engine, both: Both) -> None:
    async def test() -> None:
        waiting = both.start(both.slow)
        await reached(both.disk)
        assert both.are_right(1, await asyncio.gather(*both.start(both.quick)))
        await asyncio.get_running_loop().run_in_executor(None, worker.worker.stop)
        failed = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(error, EngineLost) for error in failed), failed

    with suppress(RuntimeError):
        run(test)
    both.disk.gate.set()


def test_a_function_of_its_own_is_put_off_too(worker: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` of a module, which runs alone."""
    weights = [torch.randn(8, 8, generator=torch.Generator().manual_seed(seed)) for seed in range(2)]
    names = []
    for at, weight in enumerate(weights):
        (tmp_path / str(at)).mkdir()
        save_file({"w": weight}, tmp_path / str(at) / "model.safetensors")
        message = modules.request("w", directory=str(tmp_path / str(at)), model=f"m{at}")
        loaded: Any = worker.service._loading.submit(worker.service._load, message).result()
        names.append(loaded.spec.name)
    disk = Disk(tmp_path / "0" / "model.safetensors", monkeypatch)
    rows = torch.randn(2, 3, 8)
    tensor = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape, data=rows.numpy().tobytes())

    def start(at: int) -> "asyncio.Task[engine_pb2.CallResponse]":
        inputs = [engine_pb2.NamedTensor(name="0", tensor=tensor)]
        request = engine_pb2.CallRequest(lease="l", model=names[at], function="main", inputs=inputs)
        return asyncio.ensure_future(worker.service._calls.call(request))

    def is_right(at: int, response: engine_pb2.CallResponse) -> bool:
        data = torch.frombuffer(bytearray(response.outputs[0].tensor.data), dtype=torch.float32).view(2, 3, 8)
        return torch.allclose(data, rows @ weights[at].T, atol=1e-5)

    async def test() -> None:
        waiting = [start(0), start(0)]
        await reached(disk)
        assert is_right(1, await start(1)), "of the same lease"
        assert not any(task.done() for task in waiting)
        disk.gate.set()
        assert all(is_right(0, response) for response in await asyncio.gather(*waiting))

    run(test)
