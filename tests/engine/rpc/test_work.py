"""The work stream while a request waits for its tokenizer: nobody else does, and its own order is kept."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from aweigh.engine.rpc.leases import Leases
from aweigh.engine.rpc.transfers import Transfers
from aweigh.engine.rpc.work import MAX_PENDING, WorkStream
from aweigh.engine.schedule import events as ev
from aweigh.memory.contents import Contents
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import engine_pb2, generation_pb2

Command = engine_pb2.WorkCommand
SLOW = generation_pb2.GenerateRequest(model="slow")


class Jobs:
    """What a worker is handed."""

    def __init__(self) -> None:
        self.numbers = itertools.count(100)
        self.turn: set[Any] = set()
        self.events: list[Any] = []

    def post(self, event: Any, request: int | None = None, listener: Any = None) -> None:
        self.events.append(event)

    def call(self, function: Any) -> None:
        function()

    def summary(self) -> list[Any]:
        """Groups by name, cancelled requests by number, leases by their ends."""
        kept = [event for event in self.events if not isinstance(event, ev.LeaseOpened)]
        return [getattr(event, "group", None) or getattr(event, "request", None) or event.lease for event in kept]


class Desk:
    """A stream, the queue of its commands, and tokenizers that are read when `read` is set."""

    def __init__(self) -> None:
        self.jobs = Jobs()
        self.leases = Leases(Transfers(), Contents(), lambda lease: None)
        self.read = asyncio.Event()
        self.error: Exception | None = None
        self.sent: list[Any] = []
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        worker: Any = self.jobs
        self.stream = WorkStream(worker, self.leases, self._group, lambda: False)
        self.task = asyncio.create_task(self._run())

    def _group(self, number: int, lease: str, request: Any) -> Any:
        return self._slow(number) if request.model == "slow" else f"group {number}"

    async def _slow(self, number: int) -> str:
        await self.read.wait()
        if self.error is not None:
            raise self.error
        return f"slow group {number}"

    async def _run(self) -> None:
        async for message in self.stream.run(self._commands()):
            self.sent.append(message)

    async def _commands(self) -> AsyncIterator[Any]:
        while (command := await self._queue.get()) is not None:
            yield command

    async def tell(self, *commands: Any) -> None:
        for command in commands:
            self._queue.put_nowait(command)
        for _ in range(20):
            await asyncio.sleep(0)

    @property
    def failures(self) -> dict[int, str]:
        return {entry.request: entry.event.failure.kind for message in self.sent for entry in message.events}


def lease(name: str, ended: bool = False) -> Any:
    return Command(lease=Command.LeaseChange(lease=name, ended=ended))


def submit(number: int, request: Any = SLOW, owner: str = "a") -> Any:
    return Command(submit=Command.Submit(request=number, lease=owner, generate=request))


def cancel(number: int) -> Any:
    return Command(cancel=Command.Cancel(request=number))


def test_nobody_waits_for_anothers_tokenizer() -> None:
    async def main() -> None:
        desk = Desk()
        quick = generation_pb2.GenerateRequest(model="quick")
        await desk.tell(lease("a"), submit(1), submit(2, quick), cancel(2), lease("b"), submit(3, quick, "b"))
        assert desk.jobs.summary() == ["group 101", 101, "group 102"]
        desk.read.set()
        await desk.tell()
        assert desk.jobs.summary()[3:] == ["slow group 100"]
        await desk.tell(cancel(1))
        assert desk.jobs.summary()[4:] == [100]
        desk.task.cancel()

    asyncio.run(main())


def test_a_pending_request_that_is_cancelled_is_cancelled_after_it_came() -> None:
    async def main() -> None:
        desk = Desk()
        await desk.tell(lease("a"), submit(1), cancel(1), cancel(1), submit(1))
        assert desk.failures == {1: "InvalidRequest"}, "a number in progress is taken"
        desk.read.set()
        await desk.tell()
        assert desk.jobs.summary() == ["slow group 100", 100]
        desk.task.cancel()

    asyncio.run(main())


def test_a_pending_request_ends_with_its_lease() -> None:
    async def main() -> None:
        desk = Desk()
        await desk.tell(lease("a"), lease("b"), submit(1), submit(2, owner="b"), lease("a", ended=True), lease("a"))
        assert desk.failures == {1: "LeaseEnded"} and desk.jobs.summary() == ["a"]
        desk.read.set()
        await desk.tell()
        assert desk.jobs.summary() == ["a", "slow group 101"], "an older request does not slip into a newer lease"
        desk.task.cancel()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("error", "kind"), [(InvalidRequest("no tokenizer"), "InvalidRequest"), (KeyError("x"), "OurBug")]
)
def test_a_tokenizer_that_cannot_be_read_fails_its_request(error: Exception, kind: str) -> None:
    async def main() -> None:
        desk = Desk()
        desk.error = error
        await desk.tell(lease("a"), submit(1), cancel(1), None)
        assert not desk.task.done(), "the stream waits for what is pending"
        desk.read.set()
        await desk.tell()
        assert desk.failures == {1: kind} and desk.jobs.summary() == ["a"]
        assert desk.task.done(), "then it ends in good order"

    asyncio.run(main())


def test_too_many_pending_requests_are_refused_and_all_end_with_the_stream() -> None:
    async def main() -> None:
        desk = Desk()
        await desk.tell(lease("a"), *[submit(number) for number in range(1, MAX_PENDING + 2)])
        assert desk.failures == {MAX_PENDING + 1: "Overloaded"} and desk.stream.busy
        desk.task.cancel()
        await asyncio.gather(desk.task, return_exceptions=True)
        desk.read.set()
        await asyncio.sleep(0)
        assert not desk.stream.busy and desk.jobs.summary() == ["a"]

    asyncio.run(main())
