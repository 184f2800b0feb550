"""Traces: batches of access records for whoever asks, from one source at a time.

The step thread gives a copy of its counters away, which takes microseconds; sums and differences are made on another thread. That one
competes for the interpreter's lock all the same, so a batch that took t of processor time is followed by a pause of at least 100 t: no
source takes more than a hundredth of a processor, however many extents there are. Every batch says what the trace has cost so far. An
extent's name is said once and its number stands for it then, so that a batch is a few bytes per record.
"""

import asyncio
import contextlib
import time
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aweigh.engine.loading import Loaded
from aweigh.engine.run.model import Model, Tally
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.statistics.extent_map import ExtentMap
from aweigh.memory.statistics.runner import ExactSource
from aweigh.memory.statistics.source import AccessSource
from aweigh.memory.statistics.sources import kind_named
from aweigh.proto.errors import InvalidRequest, Overloaded
from aweigh.proto.v1 import engine_pb2

_DEFAULT = 1.0  # seconds
_SHORTEST, _LONGEST = 0.01, 3600.0
_MOST_EXTENTS = 1 << 20  # that a trace names
_SHARE = 0.01  # of a processor, at most
_RUNNER = ExactSource.name


class Traces:
    """At most one trace. `on_step_thread` runs a function between two steps."""

    def __init__(
        self,
        models: Mapping[str, Loaded],
        device: str,
        on_step_thread: Callable[[Callable[[], Any]], Awaitable[Any]],
    ) -> None:
        self._models = models
        self._device = device
        self._on_step_thread = on_step_thread
        self._running: asyncio.Future[None] | None = None
        self._tallies: list[tuple[Model, Tally]] = []
        self._placed: tuple[list[tuple[weakref.ref[Model], int]], ExtentMap] = ([], ExtentMap())

    async def stream(
        self, requests: AsyncIterator[engine_pb2.TraceRequest]
    ) -> AsyncGenerator[engine_pb2.TraceBatch, None]:
        """Raises InvalidRequest (with the reason why a source does not work here) and Overloaded."""
        first = await anext(aiter(requests), engine_pb2.TraceRequest())
        interval = first.interval_seconds or _DEFAULT
        if not _SHORTEST <= interval <= _LONGEST:
            raise InvalidRequest(f"a batch every {interval} s cannot be: choose {_SHORTEST} to {_LONGEST} seconds")
        kind = kind_named(first.source or _RUNNER)
        if self._device != "cpu" and kind.name != _RUNNER:
            raise InvalidRequest(f"source {kind.name!r} does not see what {self._device} reads: take {_RUNNER!r}")
        if self._running is not None:
            raise Overloaded("this worker is being traced already: wait until that trace ends")
        ended = self._running = asyncio.ensure_future(_over(requests))
        source = kind.make(self._count, self._places)
        numbers = _Numbers(source)
        thread = ThreadPoolExecutor(1, "trace")
        cost = Cost()
        try:
            await self._on(thread, cost, source.start)
            yield cost.written(numbers.batch([]))
            while not ended.done():
                await asyncio.wait({ended}, timeout=cost.pause(interval))
                yield cost.written(await self._on(thread, cost, lambda: numbers.batch(source.records(time.time()))))
        except OSError as error:
            raise InvalidRequest(f"source {kind.name!r} stopped: {error.strerror}") from None
        finally:
            self._running = None
            ended.cancel()
            thread.submit(source.close)
            thread.shutdown(wait=False)

    def end(self) -> None:
        """Ends the trace in good order: its last batch is still sent."""
        if self._running is not None:
            self._running.cancel()

    async def _on(self, thread: ThreadPoolExecutor, cost: "Cost", function: Callable[[], Any]) -> Any:
        self._tallies, took = await self._on_step_thread(self._tally)
        cost.step += took
        try:
            result, cost.last = await asyncio.get_running_loop().run_in_executor(thread, _timed, function)
        finally:
            self._tallies = []  # a model that is unloaded is nobody's
        cost.processor += cost.last
        return result

    def _tally(self) -> tuple[list[tuple[Model, Tally]], float]:
        """The counters, and how many seconds it took to copy them."""
        began = time.perf_counter()
        models = [loaded.model for loaded in list(self._models.values())]
        return [(model, model.tally()) for model in models], time.perf_counter() - began

    def _count(self, source: ExactSource) -> None:
        for model, tally in self._tallies:
            model.count(source, tally)

    def _places(self) -> ExtentMap:
        """The very same map while the models are the same, and the functions that they have bound: these tell experts apart."""
        models = [(weakref.ref(model), len(tally)) for model, tally in self._tallies]
        if models != self._placed[0]:
            self._placed = (models, ExtentMap(place for model, _ in self._tallies for place in model.places()))
        return self._placed[1]


@dataclass(slots=True)
class Cost:
    """Seconds of the step thread, and of processor time of the trace's own: so far, and of the last batch."""

    step: float = 0.0
    processor: float = 0.0
    last: float = 0.0

    def pause(self, interval: float) -> float:
        """Seconds until the next batch, where one is wanted every `interval` seconds."""
        return max(interval, self.last / _SHARE)

    def written(self, batch: engine_pb2.TraceBatch) -> engine_pb2.TraceBatch:
        batch.step_seconds, batch.processor_seconds = self.step, self.processor
        return batch


def _timed(function: Callable[[], Any]) -> tuple[Any, float]:
    began = time.thread_time()
    result = function()
    return result, time.thread_time() - began


class _Numbers:
    """Numbers for extents, from 0 on, in the order in which they are first used."""

    def __init__(self, source: AccessSource) -> None:
        self._source = source
        self._numbers: dict[tuple[str, str], int] = {}

    def batch(self, records: Any) -> engine_pb2.TraceBatch:
        """The message of these records."""
        batch = engine_pb2.TraceBatch(source=self._source.name, time=time.time(), page_bytes=PAGE_BYTES)
        numbers, uses, sights = [], [], []
        refused = 0
        for record in records:
            key = (record.model, record.extent)
            number = self._numbers.get(key)
            if number is None and len(self._numbers) >= _MOST_EXTENTS:
                refused += 1
                continue
            if number is None:
                number = self._numbers[key] = len(self._numbers)
                batch.extents.add(
                    model=record.model, name=record.extent, first_page=record.first_page, pages=record.pages
                )
            numbers.append(number)
            uses.append(record.uses)
            if record.address is not None:
                sights.append((record.instruction, record.thread, record.address))
        batch.extent.extend(numbers)
        batch.uses.extend(uses)
        for instruction, thread, address in sights:
            batch.instruction.append(instruction)
            batch.thread.append(thread)
            batch.address.append(address)
        self._source.lost += refused
        batch.lost, batch.unwatched = self._source.lost, self._source.unwatched
        return batch


async def _over(requests: AsyncIterator[engine_pb2.TraceRequest]) -> None:
    with contextlib.suppress(Exception):  # a stream that broke is over as well: the handler is cancelled for it
        async for _ in requests:
            pass
