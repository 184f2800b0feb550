"""The front door over real sockets, with engines that count instead of computing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.serverless.fake_engine import FakeEngine, serve

from aweigh.proto.errors import (
    AweighError,
    CheckpointInvalid,
    EngineLost,
    InvalidRequest,
    LeaseEnded,
    ModelNotFound,
    Overloaded,
)
from aweigh.proto.status import from_kind, from_rpc
from aweigh.proto.v1 import engine_pb2, front_door_pb2, front_door_pb2_grpc, generation_pb2, program_pb2
from aweigh.serverless import worker_link
from aweigh.serverless.config import FrontDoorConfig
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.worker_link import WorkerLink


class House:
    """One front door, two fake engines, one client channel."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.door = FrontDoor(FrontDoorConfig(), "test")
        self.engines = {name: FakeEngine() for name in ("w0", "w1")}
        self.servers: dict[str, grpc.aio.Server] = {}
        self.stub: Any = None

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["House"]:
        server = grpc.aio.server(options=[("grpc.max_receive_message_length", 1 << 30)])
        front_door_pb2_grpc.add_FrontDoorServicer_to_server(self.door, server)
        server.add_insecure_port(f"unix:{self.directory}/door")
        await server.start()
        links = []
        for name, engine in self.engines.items():
            address = f"unix:{self.directory}/{name}"
            self.servers[name] = await serve(engine, address)
            link = WorkerLink(name, address)
            links.append(asyncio.create_task(link.run()))
            await self.door.worker_ready(link)
        async with grpc.aio.insecure_channel(f"unix:{self.directory}/door") as channel:
            self.stub = front_door_pb2_grpc.FrontDoorStub(channel)
            yield self
        await server.stop(0)
        for worker in self.servers.values():
            await worker.stop(0)
        await asyncio.gather(*links)

    @contextlib.asynccontextmanager
    async def lease(self) -> AsyncIterator[str]:
        call = self.stub.Hold()
        await call.write(front_door_pb2.HoldRequest(client="test"))
        yield (await call.read()).lease
        call.cancel()

    async def load(self, model: str, directory: str = "/good") -> front_door_pb2.Placement:
        answer: front_door_pb2.Placement = await self.stub.LoadModel(
            engine_pb2.LoadModelRequest(model=model, directory=directory)
        )
        return answer

    def generate(self, lease: str, model: str, count: int) -> Any:
        sampling = generation_pb2.SamplingSettings(max_new_tokens=count)
        request = generation_pb2.GenerateRequest(model=model, sampling=sampling)
        return self.stub.Generate(front_door_pb2.FrontDoorGenerateRequest(lease=lease, generate=request))


async def tokens_of(call: Any) -> list[int]:
    tokens: list[int] = []
    try:
        while (event := await call.read()) is not grpc.aio.EOF:
            if event.HasField("failure"):
                raise from_kind(event.failure.kind, event.failure.message)
            tokens += [token for row in event.rows for token in row.tokens]
    except grpc.RpcError as error:
        raise from_rpc(error) from None
    return tokens


async def until(condition: Callable[[], bool]) -> None:
    """Yields to the loop until `condition` holds; the test's own time limit ends a wait that is in vain."""
    while not condition():
        await asyncio.sleep(0)


def run(directory: Path, body: Callable[[House], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(30), House(directory).open() as house:
            await body(house)

    asyncio.run(main())


def test_a_call_runs_where_its_model_is(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        async with house.lease() as lease:
            first, second = await house.load("m"), await house.load("n")
            assert (first.worker, second.worker) == ("w0", "w1")
            assert (await house.load("m")).model.already_loaded
            lists = await asyncio.gather(*(tokens_of(house.generate(lease, m, 50)) for m in "mnmn"))
            assert lists == [list(range(50))] * 4
            assert all(lease in engine.leases for engine in house.engines.values())

    run(tmp_path, body)


def test_a_model_that_drafts_is_loaded_beside_the_one_that_it_drafts_for(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        engines = house.engines
        await house.load("d")
        message = engine_pb2.LoadModelRequest(model="m", directory="/good", draft="d")
        assert (await house.stub.LoadModel(message)).worker == "w1"
        assert engines["w0"].drafts == [("d", "")] and engines["w1"].drafts == [("d", ""), ("m", "d")]
        house.door.placement.forget("d")
        house.door.placement.missing("m", "w1")
        async with house.lease() as lease:
            assert await tokens_of(house.generate(lease, "m", 5)) == list(range(5))
        again = [load for engine in engines.values() for load in engine.drafts if load == ("m", "")]
        assert len(again) == 1, "what drafted is gone, and nobody misses it"

    run(tmp_path, body)


def test_the_end_of_a_client_ends_its_lease_and_calls(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        engine = house.engines["w0"]
        engine.hold = asyncio.Event()
        async with house.lease() as lease:
            await house.load("m")
            call = house.generate(lease, "m", 5)
            assert (await call.read()).rows[0].tokens == [0]
        await until(lambda: lease not in engine.leases and bool(engine.cancelled))
        with pytest.raises(AweighError):
            await tokens_of(call)
        with pytest.raises(LeaseEnded):
            await tokens_of(house.generate(lease, "m", 1))

    run(tmp_path, body)


def test_a_cancelled_call_is_cancelled_at_the_worker_and_nobody_elses(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        engine = house.engines["w0"]
        engine.hold = asyncio.Event()
        async with house.lease() as lease:
            await house.load("m")
            doomed, other = house.generate(lease, "m", 5), house.generate(lease, "m", 5)
            await doomed.read()
            doomed.cancel()
            await until(lambda: len(engine.cancelled) == 1)
            engine.hold.set()
            assert await tokens_of(other) == list(range(5))

    run(tmp_path, body)


def test_a_worker_that_dies_ends_its_calls_with_one_typed_error(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        house.engines["w0"].hold = asyncio.Event()
        async with house.lease() as lease:
            await house.load("m")
            call = house.generate(lease, "m", 5)
            await call.read()
            await house.servers["w0"].stop(0)
            house.door.worker_gone("w0")
            with pytest.raises(EngineLost, match="w0 went away"):
                await tokens_of(call)
            assert await tokens_of(house.generate(lease, "m", 3)) == [0, 1, 2]  # loaded again, elsewhere
            assert house.engines["w1"].loads == ["m"]

    run(tmp_path, body)


def test_typed_errors_pass_through(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        async with house.lease() as lease:
            with pytest.raises(ModelNotFound):
                await tokens_of(house.generate(lease, "unknown", 1))
            with pytest.raises(LeaseEnded):
                await tokens_of(house.generate("forged", "unknown", 1))
            with pytest.raises(grpc.RpcError) as caught:
                await house.load("bad", "/bad")
            assert isinstance(from_rpc(caught.value), CheckpointInvalid)
            with pytest.raises(ModelNotFound):
                await tokens_of(house.generate(lease, "bad", 1))

    run(tmp_path, body)


def test_unload_and_status(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        await house.load("m")
        await house.stub.UnloadModel(engine_pb2.UnloadModelRequest(model="m"))
        assert house.engines["w0"].loads == []
        house.door.describe_workers = lambda: [front_door_pb2.StatusResponse.Worker(name="w0", state="ready")]
        answer = await house.stub.Status(front_door_pb2.StatusRequest())
        assert (answer.version, answer.workers[0].stats.device) == ("test", "fake")

    run(tmp_path, body)


def test_a_call_that_would_break_the_stream_is_refused(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        await house.load("m")
        async with house.lease() as lease:
            generate = generation_pb2.GenerateRequest(model="m", torch_generator=bytes(33 << 20))
            call = house.stub.Generate(front_door_pb2.FrontDoorGenerateRequest(lease=lease, generate=generate))
            with pytest.raises(InvalidRequest, match="split"):
                await tokens_of(call)
            assert await tokens_of(house.generate(lease, "m", 3)) == [0, 1, 2]

    run(tmp_path, body)


def _with_content(lease: str, *digests: bytes, model: str = "") -> engine_pb2.LoadModelRequest:
    slots = [program_pb2.WeightExpression(content=program_pb2.Content(digest=digest)) for digest in digests]
    return engine_pb2.LoadModelRequest(model=model, lease=lease, manifest=program_pb2.Manifest(slots=slots))


def test_what_is_missing_is_put_where_it_was_missed(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        async with house.lease() as lease, house.lease() as other:
            first = await house.stub.LoadModel(_with_content(lease, b"1"))
            assert list(first.model.missing) == [b"1"] and first.worker == "w0"
            house.engines["w0"].contents.add(b"1")
            await house.load("m")  # w0 has the most weights by now
            again = await house.stub.LoadModel(_with_content(lease, b"1"))
            assert (again.worker, list(again.model.missing)) == ("w0", [])
            more = await house.stub.LoadModel(_with_content(lease, b"1", b"2"))
            assert (more.worker, list(more.model.missing)) == ("w0", [b"2"]), "graphs of one lease meet"
            assert more.model.model != again.model.model
            elsewhere = await house.stub.LoadModel(_with_content(other, b"3"))
            assert elsewhere.worker == "w1"
            shared = await house.stub.LoadModel(_with_content(other, b"1"))
            assert shared.worker == "w0" and shared.model.already_loaded

    run(tmp_path, body)


def test_models_of_leases_are_forgotten_with_the_last_of_them(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        for engine in house.engines.values():
            engine.contents.add(b"1")
        async with house.lease() as first:
            async with house.lease() as second:
                for lease in (first, second):
                    await house.stub.LoadModel(_with_content(lease, b"1", model="m"))
                await house.load("stays")
            await until(lambda: second not in house.door.leases.alive)
            assert await tokens_of(house.generate(first, "m", 1)) == [0]
            for engine in house.engines.values():
                engine.contents.clear()
            house.door.placement.missing("m", "w0")
            with pytest.raises(ModelNotFound, match="load it again"):
                await tokens_of(house.generate(first, "m", 1))
        await until(lambda: set(house.door.placement.models) == {"stays"})
        assert not house.door.placement.homes and set(house.door._loading) == {"stays"}
        with pytest.raises(grpc.RpcError) as caught:
            await house.stub.LoadModel(_with_content(first, b"1", model="m"))
        assert isinstance(from_rpc(caught.value), LeaseEnded)

    run(tmp_path, body)


def test_a_model_that_no_worker_would_take_is_refused(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        request = engine_pb2.LoadModelRequest(model="m", directory="x" * (64 << 20))
        with pytest.raises(grpc.RpcError) as caught:
            await house.stub.LoadModel(request)
        assert isinstance(from_rpc(caught.value), InvalidRequest) and "at most" in str(from_rpc(caught.value))
        assert not any(engine.loads for engine in house.engines.values()) and not house.door.placement.models

    run(tmp_path, body)


def test_unknown_models_leave_nothing_behind(tmp_path: Path) -> None:
    async def body(house: House) -> None:
        async with house.lease() as lease:
            with pytest.raises(ModelNotFound):
                await tokens_of(house.generate(lease, "nobody", 3))
        assert not house.door._loading

    run(tmp_path, body)


def test_who_stops_reading_is_cancelled_at_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_link, "MAX_BACKLOG", 10)

    async def body(house: House) -> None:
        sampling = generation_pb2.SamplingSettings(max_new_tokens=100)
        request = generation_pb2.GenerateRequest(model="m", sampling=sampling)
        events = house.door.links["w0"].generate("l", request)
        await anext(events)
        await until(lambda: bool(house.engines["w0"].cancelled))
        with pytest.raises(Overloaded):
            async for _ in events:
                pass

    run(tmp_path, body)
