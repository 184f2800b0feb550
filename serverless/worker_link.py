"""The front door's end of the one stream to a worker: commands out, one message of events per step in.

Each request has a queue. A client that stops reading cannot make it grow without bound: past MAX_BACKLOG bytes the request is
cancelled and ends with Overloaded. When the stream breaks, every open request ends with EngineLost.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncGenerator, Awaitable
from typing import Any

import grpc

from aweigh.proto.errors import AweighError, EngineLost, Overloaded
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2

MAX_BACKLOG = 8 << 20  # bytes of events that a client has not read
CHANNEL_OPTIONS = (("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", 1 << 30))

_log = logging.getLogger(__name__)
_Event = generation_pb2.GenerateEvent | AweighError


class _Backlog:
    """What a client has not read yet."""

    def __init__(self) -> None:
        self.size = 0
        self._events: asyncio.Queue[_Event] = asyncio.Queue()

    def put(self, event: _Event) -> None:
        self.size += 0 if isinstance(event, AweighError) else event.ByteSize()
        self._events.put_nowait(event)

    async def get(self) -> _Event:
        event = await self._events.get()
        self.size -= 0 if isinstance(event, AweighError) else event.ByteSize()
        return event


class WorkerLink:
    """One worker, seen from the front door."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        self.channel = grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)
        self.engine: Any = engine_pb2_grpc.EngineStub(self.channel)  # generated code is untyped
        self._commands: asyncio.Queue[engine_pb2.WorkCommand] = asyncio.Queue()
        self._requests: dict[int, _Backlog] = {}
        self._acknowledged: dict[str, asyncio.Event] = {}
        self._numbers = itertools.count(1)
        self._open = True

    async def run(self) -> None:
        """Carries commands and events until the worker goes away. Never raises; what was open ends with EngineLost."""
        call = self.engine.Work()
        writer = asyncio.create_task(self._write(call))
        reason = "its stream ended"
        try:
            async for message in call:
                self._receive(message)
        except grpc.RpcError as error:
            reason = str(from_rpc(error))
        finally:
            self._open = False
            writer.cancel()
            for backlog in self._requests.values():
                backlog.put(EngineLost(f"{self.name} went away in the middle of the call: {reason}"))
            for event in self._acknowledged.values():
                event.set()
            await self.channel.close()

    async def stats(self, timeout: float) -> engine_pb2.StatsResponse | None:
        """None: it does not answer within so many seconds, or has gone."""
        if not self._open:
            return None
        try:
            stats: engine_pb2.StatsResponse = await self.engine.Stats(engine_pb2.StatsRequest(), timeout=timeout)
        except grpc.RpcError:
            return None
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._open or (task is not None and task.cancelling()):
                raise
            return None  # the channel was closed meanwhile, which cancels what is under way on it
        return stats

    def lease_opened(self, lease: str) -> Awaitable[None]:
        """Tells the worker of a lease, now; what is returned waits until the worker knows it."""
        known = asyncio.Event()
        if self._open:
            self._acknowledged[lease] = known
            self._change(lease, ended=False)
        else:
            known.set()
        return self._known(lease, known)

    def lease_ended(self, lease: str) -> None:
        """Tells the worker that a lease is over, after whatever it was told before."""
        if self._open:
            self._change(lease, ended=True)

    def _change(self, lease: str, *, ended: bool) -> None:
        change = engine_pb2.WorkCommand.LeaseChange(lease=lease, ended=ended)
        self._commands.put_nowait(engine_pb2.WorkCommand(lease=change))

    async def _known(self, lease: str, known: asyncio.Event) -> None:
        try:
            await known.wait()
        finally:
            self._acknowledged.pop(lease, None)

    async def generate(
        self, lease: str, request: generation_pb2.GenerateRequest
    ) -> AsyncGenerator[generation_pb2.GenerateEvent, None]:
        """The events of one request; leaving the loop early cancels it. Raises EngineLost, Overloaded."""
        if not self._open:
            raise EngineLost(f"{self.name} went away: retry")
        number = next(self._numbers)
        backlog = self._requests[number] = _Backlog()
        submit = engine_pb2.WorkCommand.Submit(request=number, lease=lease, generate=request)
        self._commands.put_nowait(engine_pb2.WorkCommand(submit=submit))
        ended = False
        try:
            while not ended:
                event = await backlog.get()
                if isinstance(event, AweighError):
                    ended = isinstance(event, EngineLost)
                    raise event
                ended = event.HasField("finished") or event.HasField("failure")
                yield event
        finally:
            self._requests.pop(number, None)
            if not ended and self._open:
                self._cancel(number)

    def _cancel(self, number: int) -> None:
        """Asks the worker to forget a request; one that is over already is no mistake."""
        self._commands.put_nowait(engine_pb2.WorkCommand(cancel=engine_pb2.WorkCommand.Cancel(request=number)))

    async def _write(self, call: "grpc.aio.StreamStreamCall[engine_pb2.WorkCommand, engine_pb2.WorkEvents]") -> None:
        with contextlib.suppress(grpc.RpcError, asyncio.InvalidStateError):
            while True:
                await call.write(await self._commands.get())

    def _receive(self, message: engine_pb2.WorkEvents) -> None:
        for entry in message.events:
            backlog = self._requests.get(entry.request)
            if backlog is None:
                continue  # cancelled, and its last events were on their way
            if backlog.size >= MAX_BACKLOG:
                _log.warning("request %d on %s has a reader that stopped: cancelled", entry.request, self.name)
                self._requests.pop(entry.request)
                backlog.put(Overloaded("the reader of this stream fell too far behind: read faster"))
                # Here and not where the events are read: whoever does not read does not come by there.
                self._cancel(entry.request)
                continue
            backlog.put(entry.event)
        for lease in message.leases:
            if lease in self._acknowledged:
                self._acknowledged[lease].set()
