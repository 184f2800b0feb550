"""The `Work` stream: commands of a front door in, one message of events per turn of the step loop out.

The stream is the life line of what came over it: when it breaks, its leases end and its requests are cancelled. A front door that
stops reading has at most MAX_BACKLOG_BYTES waiting for it, then the stream is cut.

A request whose stop strings need a tokenizer is *pending* until that is read, in a task of its own: the commands behind it do not
wait. Its own order is kept: a cancel that comes meanwhile follows its submission, an end of its lease ends it.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from aweigh.engine.core import FinishReason, TokenLogprobs
from aweigh.engine.execute import Collected
from aweigh.engine.rpc.leases import Leases
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.instructions import Answer, Emit, Finish
from aweigh.engine.worker import Worker
from aweigh.proto.errors import AweighError, InvalidRequest, LeaseEnded, OurBug, Overloaded
from aweigh.proto.status import kind_of
from aweigh.proto.v1 import engine_pb2, generation_pb2

MAX_BACKLOG_BYTES = 16 << 20
MAX_LEASE_NAME = 256
MAX_PENDING = 256

Group = Callable[[int, str, generation_pb2.GenerateRequest], Any]
_log = logging.getLogger(__name__)


class WorkStream:
    """One front door. Commands are read on the event loop, events come from the step thread."""

    def __init__(self, worker: Worker, leases: Leases, submit: Group, draining: Callable[[], bool]) -> None:
        self._worker = worker
        self._known = leases
        self._submit = submit
        self._draining = draining
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._turn = engine_pb2.WorkEvents()  # the step thread's
        self._waiting = engine_pb2.WorkEvents()  # the event loop's
        self._backlog = 0
        self._requests: dict[int, int] = {}
        self._pending: dict[int, tuple[str, asyncio.Task[Any]]] = {}  # by number: lease, and what reads the tokenizer
        self._cancelled: set[int] = set()  # of the pending ones
        self._leases: set[str] = set()
        self._closing = False
        self._leaving = False
        self._cut = False

    async def run(self, commands: AsyncIterator[engine_pb2.WorkCommand]) -> AsyncIterator[engine_pb2.WorkEvents]:
        """Yields messages until the other side goes away. Raises Overloaded if it stops reading."""
        reader = asyncio.create_task(self._read(commands))
        reader.add_done_callback(lambda _: self._changed.set())
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                if self._cut:
                    raise Overloaded("the reader of the work stream fell too far behind: the stream is cut")
                message, self._waiting, self._backlog = self._waiting, engine_pb2.WorkEvents(), 0
                if message.events or message.leases:
                    yield message
                if reader.done() and reader.exception() is not None:
                    raise reader.exception()  # type: ignore[misc]
                if self._leaving or (self._closing and not self.busy and not self._waiting.events):
                    return
        finally:
            reader.cancel()
            self._end()

    @property
    def busy(self) -> bool:
        """Whether requests of this stream are in progress."""
        return bool(self._requests or self._pending)

    def leave(self) -> None:
        """Ends the stream in good order, whatever is in progress."""
        self._leaving = True
        self._changed.set()

    async def _read(self, commands: AsyncIterator[engine_pb2.WorkCommand]) -> None:
        async for command in commands:
            match command.WhichOneof("command"):
                case "submit":
                    self._accept(command.submit)
                case "cancel":
                    self._cancel(command.cancel.request)
                case "lease":
                    self._lease(command.lease.lease, command.lease.ended)
        self._closing = True

    def _accept(self, submit: engine_pb2.WorkCommand.Submit) -> None:
        number = submit.request
        try:
            if self._draining():
                raise Overloaded("the engine is shutting down: retry on another one")
            if submit.lease not in self._leases:
                raise InvalidRequest("the request names a lease that did not come over its stream")
            if number in self._requests or number in self._pending:
                raise InvalidRequest(f"request {number} is in progress already")
            if len(self._pending) >= MAX_PENDING:
                raise Overloaded(f"{MAX_PENDING} requests wait for their tokenizers: retry later")
            request = next(self._worker.numbers)
            group = self._submit(request, submit.lease, submit.generate)
        except Exception as error:  # noqa: BLE001  the stream is everybody's: one request does not cut it
            self._refuse(number, error)
            return
        if asyncio.iscoroutine(group):
            task = asyncio.create_task(group)
            self._pending[number] = submit.lease, task
            task.add_done_callback(partial(self._prepared, number, request))
        else:
            self._start(number, request, group)

    def _prepared(self, number: int, request: int, task: "asyncio.Task[Any]") -> None:
        """What was pending is not any more: it starts, unless nobody waits for it."""
        if task.cancelled() or self._pending.get(number, ("", None))[1] is not task:
            return
        error = task.exception()
        if error is not None:
            self._refuse(number, error)
        else:
            self._start(number, request, task.result())
            if number in self._cancelled:
                self._cancel(number)
        del self._pending[number]
        self._cancelled.discard(number)
        self._changed.set()

    def _start(self, number: int, request: int, group: Any) -> None:
        self._requests[number] = request
        self._worker.post(ev.SubmitGroup(group, time.monotonic()), request, _Request(self, number))

    def _cancel(self, number: int) -> None:
        if number in self._requests:
            self._worker.post(ev.Cancel(self._requests[number], time.monotonic()))
        elif number in self._pending:
            self._cancelled.add(number)

    def _refuse(self, number: int, error: BaseException) -> None:
        if not isinstance(error, AweighError):
            _log.error("request %d failed for a reason that nobody foresaw", number, exc_info=error)
            error = OurBug(f"{type(error).__name__} in the engine: {error}")
        self._push(failure(number, error))

    def _drop_pending(self, numbers: list[int]) -> None:
        for number in numbers:
            _, task = self._pending.pop(number)
            task.cancel()
            self._cancelled.discard(number)

    def _lease(self, lease: str, ended: bool) -> None:
        if ended:
            if lease in self._leases:
                gone = [number for number, (owner, _) in self._pending.items() if owner == lease]
                self._drop_pending(gone)
                for number in gone:
                    self._refuse(number, LeaseEnded("the lease ended while the request was in progress"))
                self._leases.discard(lease)
                self._known.end(lease)
                self._worker.post(ev.LeaseEnded(lease))
            return
        if not lease or len(lease) > MAX_LEASE_NAME or (self._known.known(lease) and lease not in self._leases):
            _log.warning("a lease was offered that is in use or has no valid name")
            return

        def acknowledge() -> None:
            self._turn.leases.append(lease)
            self._worker.turn.add(self)

        if lease not in self._leases:
            self._leases.add(lease)
            self._known.open(lease)
            self._worker.post(ev.LeaseOpened(lease))
        self._worker.call(acknowledge)

    def _end(self) -> None:
        now = time.monotonic()
        self._drop_pending(list(self._pending))
        for request in self._requests.values():
            self._worker.post(ev.Cancel(request, now))
        for lease in self._leases:
            self._known.end(lease)
            self._worker.post(ev.LeaseEnded(lease))
        self._leases.clear()
        _log.info("a work stream ended with %d requests in progress", len(self._requests))

    def _push(self, message: engine_pb2.WorkEvents) -> None:
        """Adds to what waits to be sent; on the event loop.

        `run` stands still in its `yield` while nobody reads, so what has grown too large is dropped here.
        """
        if self._cut:
            return
        self._waiting.MergeFrom(message)
        self._backlog += message.ByteSize()
        if self._backlog > MAX_BACKLOG_BYTES:
            self._cut, self._waiting = True, engine_pb2.WorkEvents()
            self._end()
        self._changed.set()

    def _finished(self, number: int) -> None:
        self._requests.pop(number, None)
        self._changed.set()

    # On the step thread

    def event(self, number: int) -> generation_pb2.GenerateEvent:
        """An event to fill in, that leaves with this turn."""
        self._worker.turn.add(self)
        entry = self._turn.events.add(request=number)
        return entry.event

    def over(self, number: int) -> None:
        self._loop.call_soon_threadsafe(self._finished, number)

    def flush(self) -> None:
        """See `Flushable`."""
        message, self._turn = self._turn, engine_pb2.WorkEvents()
        try:
            self._loop.call_soon_threadsafe(self._push, message)
        except RuntimeError:
            _log.info("events came after the end of the event loop")


class _Request:
    """A `Listener` that writes events of one request."""

    def __init__(self, stream: WorkStream, number: int) -> None:
        self._stream = stream
        self._number = number

    def emit(self, emitted: Emit) -> None:
        event = self._stream.event(self._number)
        for index, (row, token) in enumerate(zip(emitted.rows, emitted.tokens, strict=True)):
            entry = event.rows.add(row=row, tokens=[token])
            if emitted.logprobs is not None:
                _fill(entry.logprobs.add(), emitted.logprobs[index])

    def finish(self, finished: Finish) -> None:
        usage = finished.usage
        self._stream.event(self._number).finished.CopyFrom(
            generation_pb2.GenerateEvent.Finished(
                reasons=[_REASONS[reason] for reason in finished.reasons],
                torch_generator=finished.generator,
                usage=generation_pb2.Usage(
                    prompt_tokens=usage.prompt_tokens,
                    cached_tokens=usage.cached_tokens,
                    generated_tokens=usage.generated_tokens,
                    queue_seconds=usage.queue_seconds,
                    first_token_seconds=usage.first_token_seconds,
                    total_seconds=usage.total_seconds,
                ),
            )
        )
        self._stream.over(self._number)

    def answer(self, answered: Answer, collected: Collected) -> None:
        raise AssertionError("a group is finished, not answered")

    def fail(self, error: AweighError) -> None:
        self._stream.event(self._number).failure.CopyFrom(_failure(error))
        self._stream.over(self._number)


_REASONS: dict[FinishReason, Any] = {reason: reason.value for reason in FinishReason}


def _fill(message: generation_pb2.TokenLogprobs, logprobs: TokenLogprobs) -> None:
    message.logprob = logprobs.logprob
    message.tokens.extend(logprobs.tokens)
    message.logprobs.extend(logprobs.logprobs)


def _failure(error: AweighError) -> generation_pb2.Failure:
    return generation_pb2.Failure(kind=kind_of(error).__name__, message=str(error))


def failure(number: int, error: AweighError) -> engine_pb2.WorkEvents:
    """A message that fails one request."""
    event = generation_pb2.GenerateEvent(failure=_failure(error))
    return engine_pb2.WorkEvents(events=[engine_pb2.WorkEvents.RequestEvent(request=number, event=event)])
