"""The Engine service. Handlers run on the event loop: they check, hand over to the step thread or the loading thread, and wait."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from aweigh.engine.core import RequestGroup
from aweigh.engine.loading import Loaded, Loader, Missing
from aweigh.engine.rpc import contents
from aweigh.engine.rpc.calls import Calls
from aweigh.engine.rpc.encoder import memories_of
from aweigh.engine.rpc.guard import streaming, told, unary
from aweigh.engine.rpc.leases import Leases
from aweigh.engine.rpc.occupancy import arena_of, frames_of, is_quarantined
from aweigh.engine.rpc.pages import PagesServer
from aweigh.engine.rpc.steps import Reply, response_of, submit_of
from aweigh.engine.rpc.tensors import spec_of
from aweigh.engine.rpc.trace import Traces
from aweigh.engine.rpc.transfers import MAX_LEASE_BYTES, Transfers
from aweigh.engine.rpc.work import WorkStream
from aweigh.engine.run.check import warm_up
from aweigh.engine.run.model import Model
from aweigh.engine.sampling.group import group_of
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.instructions import Counters
from aweigh.engine.worker import Worker
from aweigh.memory.statistics.record import AccessRecord
from aweigh.memory.statistics.runner import ExactSource
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.errors import InvalidRequest, ModelNotFound, Overloaded
from aweigh.proto.v1 import engine_pb2, generation_pb2

# Sessions that the worker numbers are apart from those that clients number.
_FIRST_SESSION = 1 << 62
_log = logging.getLogger(__name__)


class EngineService:
    """`aweigh.v1.Engine`. Generated code finds handlers by name."""

    def __init__(self, worker: Worker, loader: Loader, name: str, device: str) -> None:
        self.draining = False
        self.pages: PagesServer | None = None  # what gives pages to peers
        self._worker = worker
        self._loader = loader
        self._name = name
        self._device = device
        self._transfers = Transfers()
        self._leases = Leases(self._transfers, loader.contents, self._lease_ended)
        self._calls = Calls(worker, self._leases, self._transfers, self._model, self._refuse_while_draining)
        self._streams: set[WorkStream] = set()
        self._traces = Traces(loader.models, device, self._on_step_thread)
        self._loading = ThreadPoolExecutor(1, "loading")
        self._helpers = ThreadPoolExecutor(2, "helper")
        self._loading.submit(warm_up)
        worker.on_release = self._release

    def _release(self, model: Model) -> None:
        """Called on the step thread. Nobody waits for a release: what goes wrong in it is said in the log."""
        tell = partial(_tell, f"model {model.name} was not released")
        self._loading.submit(self._loader.release, model).add_done_callback(tell)

    def _lease_ended(self, lease: str) -> None:
        """A load that was let in before the lease ended is before this on the loading thread."""

        def unload() -> None:
            for name in self._loader.ended(lease):
                self._unload(name)

        tell = partial(_tell, f"models of lease {lease[:8]} were not unloaded")
        with contextlib.suppress(RuntimeError):  # the process is on its way out
            self._loading.submit(unload).add_done_callback(tell)

    def end_streams(self) -> None:
        """Ends the work streams, and a trace, in good order."""
        for stream in self._streams:
            stream.leave()
        self._traces.end()

    @property
    def accepting(self) -> bool:
        """Whether requests have come over a work stream that are not over; those whose tokenizer is being read, too. Or calls."""
        return self._calls.running > 0 or any(stream.busy for stream in self._streams)

    def close(self) -> None:
        self._loading.shutdown(wait=False, cancel_futures=True)
        if self.pages is not None:
            self.pages.stop()
        self._loader.tiers.close()
        self._helpers.shutdown(wait=False, cancel_futures=True)

    # Models

    @unary
    async def LoadModel(self, request: engine_pb2.LoadModelRequest, context: Any) -> engine_pb2.ModelDescription:
        self._refuse_while_draining()
        if request.lease:
            self._leases.check(request.lease)
        loaded = await asyncio.get_running_loop().run_in_executor(self._loading, self._load, request)
        return loaded.description()

    @unary
    async def UnloadModel(self, request: engine_pb2.UnloadModelRequest, context: Any) -> engine_pb2.UnloadModelResponse:
        await asyncio.get_running_loop().run_in_executor(self._loading, self._unload, request.model)
        return engine_pb2.UnloadModelResponse()

    @unary
    async def ListModels(self, request: engine_pb2.ListModelsRequest, context: Any) -> engine_pb2.ListModelsResponse:
        models = list(self._loader.models.values())
        return engine_pb2.ListModelsResponse(models=[loaded.description() for loaded in models])

    def _load(self, request: engine_pb2.LoadModelRequest) -> Loaded | Missing:
        loaded = self._loader.load(request)
        if isinstance(loaded, Loaded) and not loaded.again:
            self._worker.add(loaded.model, loaded.spec, loaded.draft)
        return loaded

    def _unload(self, name: str) -> None:
        self._loader.unload(name)
        self._worker.post(ev.ModelUnloaded(name))

    def _model(self, name: str) -> Loaded:
        loaded = self._loader.models.get(name)
        if loaded is None:
            raise ModelNotFound(f"no model {name[:200]!r} is loaded here: load it first")
        return loaded

    # Generation

    @streaming
    async def Work(
        self, commands: AsyncIterator[engine_pb2.WorkCommand], context: Any
    ) -> AsyncIterator[engine_pb2.WorkEvents]:
        stream = WorkStream(self._worker, self._leases, self._group, lambda: self.draining)
        self._streams.add(stream)
        try:
            async for message in stream.run(commands):
                yield message
        finally:
            self._streams.discard(stream)

    def _group(self, number: int, lease: str, request: generation_pb2.GenerateRequest) -> Any:
        """A RequestGroup, or a coroutine of one where a tokenizer has to be read."""
        loaded = self._model(request.model)
        structure = loaded.model.structure
        if not structure.steppable:
            raise InvalidRequest("the model has no body and head to generate with: call its functions")
        memories = memories_of(request, loaded)
        make = partial(group_of, number, lease, request, loaded.spec, time.monotonic(), loaded.directory, memories)
        reads = request.sampling.stop_strings or request.HasField("grammar")
        return self._in_helper(make) if reads else make()

    async def _in_helper(self, make: "partial[RequestGroup]") -> RequestGroup:
        return await asyncio.get_running_loop().run_in_executor(self._helpers, make)

    # Sessions

    @unary
    async def Step(self, request: engine_pb2.StepRequest, context: Any) -> engine_pb2.StepResponse:
        return await self._step(request, context.time_remaining())

    @streaming
    async def Steps(
        self, requests: AsyncIterator[engine_pb2.StepRequest], context: Any
    ) -> AsyncIterator[engine_pb2.StepReply]:
        async for request in requests:
            try:
                reply = engine_pb2.StepReply(response=await self._step(request, None))
            except Exception as error:  # noqa: BLE001  the stream goes on: a step that failed never was
                reply = engine_pb2.StepReply(failure=told(error))
            yield reply

    async def _step(self, request: engine_pb2.StepRequest, left: float | None) -> engine_pb2.StepResponse:
        self._refuse_while_draining()
        self._leases.check(request.lease)
        loaded = self._model(request.model)
        number = next(self._worker.numbers)
        event = submit_of(number, request, loaded, self._transfers, time.monotonic(), left)
        reply = Reply()
        self._worker.post(event, number, reply, event.outputs)
        try:
            answered, collected = await reply.future
        except asyncio.CancelledError:
            self._worker.post(ev.Cancel(number, time.monotonic()))
            raise
        return response_of(request.lease, len(request.rows), answered, collected, self._transfers, loaded)

    @unary
    async def OpenSession(self, request: engine_pb2.OpenSessionRequest, context: Any) -> engine_pb2.OpenSessionResponse:
        self._leases.check(request.lease)
        self._model(request.model)
        number = next(self._worker.numbers)
        session = _FIRST_SESSION + number
        await self._ask(ev.OpenSession(number, request.lease, request.model, session))
        return engine_pb2.OpenSessionResponse(session=session)

    @unary
    async def ForkSession(self, request: engine_pb2.ForkSessionRequest, context: Any) -> engine_pb2.OpenSessionResponse:
        self._leases.check(request.lease)
        if request.keep < -1:
            raise InvalidRequest("`keep` is a number of tokens, or -1 for all")
        number = next(self._worker.numbers)
        session = _FIRST_SESSION + number
        keep = None if request.keep == -1 else request.keep
        await self._ask(ev.ForkSession(number, request.lease, request.session, session, keep))
        return engine_pb2.OpenSessionResponse(session=session)

    @unary
    async def CloseSession(
        self, request: engine_pb2.CloseSessionRequest, context: Any
    ) -> engine_pb2.CloseSessionResponse:
        self._leases.check(request.lease)
        number = next(self._worker.numbers)
        await self._ask(ev.CloseSessions(number, request.lease, tuple(request.sessions)))
        return engine_pb2.CloseSessionResponse()

    async def _ask(self, event: ev.OpenSession | ev.ForkSession | ev.CloseSessions) -> None:
        reply = Reply()
        self._worker.post(event, event.request, reply)
        await reply.future

    # Functions and tensors

    @unary
    async def Call(self, request: engine_pb2.CallRequest, context: Any) -> engine_pb2.CallResponse:
        return await self._calls.call(request)

    @streaming
    async def Calls(
        self, requests: AsyncIterator[engine_pb2.CallRequest], context: Any
    ) -> AsyncIterator[engine_pb2.CallReply]:
        async for reply in self._calls.stream(requests):
            yield reply

    @unary
    async def Upload(self, chunks: AsyncIterator[engine_pb2.TensorChunk], context: Any) -> engine_pb2.Transfer:
        first = await anext(aiter(chunks), None)
        if first is None:
            raise InvalidRequest("the upload has no first chunk with a header")
        self._leases.check(first.lease)
        dtype, _, size = spec_of(first.header)
        if size > MAX_LEASE_BYTES:
            raise Overloaded(f"a tensor of {size} bytes is more than {MAX_LEASE_BYTES}")
        with self._transfers.coming(first.lease, size):
            data = bytearray(first.data)
            async for chunk in chunks:
                data += chunk.data
                if len(data) > size:
                    break
        if len(data) != size:
            raise InvalidRequest(f"{len(data)} bytes came, the tensor's header declares {size}")
        return engine_pb2.Transfer(
            transfer=self._transfers.put(first.lease, first.header, dtype, data), lease=first.lease
        )

    @streaming
    async def Download(self, request: engine_pb2.Transfer, context: Any) -> AsyncIterator[engine_pb2.TensorChunk]:
        held = self._transfers.take(request.lease, request.transfer)
        for begin in range(0, max(len(held.data), 1), CHUNK_BYTES):
            chunk = engine_pb2.TensorChunk(data=bytes(held.data[begin : begin + CHUNK_BYTES]))
            if not begin:
                chunk.lease = request.lease
                chunk.header.CopyFrom(held.header)
            yield chunk

    @unary
    async def PutContent(
        self, chunks: AsyncIterator[engine_pb2.ContentChunk], context: Any
    ) -> engine_pb2.ContentStored:
        stored = await contents.receive(chunks, self._loader.contents, self._transfers, self._helpers)
        return engine_pb2.ContentStored(bytes=stored)

    # Statistics

    @unary
    async def Stats(self, request: engine_pb2.StatsRequest, context: Any) -> engine_pb2.StatsResponse:
        counters, records = await self._on_step_thread(partial(self._count, request.access_records))
        models = [
            engine_pb2.StatsResponse.ModelStats(
                model=name, weight_bytes=loaded.model.weights.bytes, requests=counters.requests.get(name, 0)
            )
            for name, loaded in list(self._loader.models.items())
        ]
        response = engine_pb2.StatsResponse(worker=self._name, device=self._device, models=models)
        if self._worker.pager is not None:
            report = self._worker.pager.report()
            response.arena.CopyFrom(arena_of(report, self._loader.tiers.report()))
            for entry in response.models:
                if (loaded := self._loader.models.get(entry.model)) is not None:
                    frames = frames_of(loaded.model, report)
                    entry.paged_frames, entry.resident_frames = frames
                    entry.quarantined = is_quarantined(loaded.model, report)
        for field in ("blocks_total", "blocks_free", "sessions", "running", "waiting", "prompt_tokens", "generated_tokens", "prefix_hits", "preemptions", "steps", "leases", "drafted_tokens", "accepted_tokens"):  # fmt: skip
            setattr(response, field, getattr(counters, field))
        response.access_source = ExactSource.name
        for name, (done, total) in list(self._loader.progress.items()):
            response.loading.add(model=name, bytes_done=done, bytes_total=total)
        for record in records:
            response.records.add(
                time=record.time,
                source=record.source,
                extent=record.extent,
                first_page=record.first_page,
                pages=record.pages,
                uses=record.uses,
            )
        return response

    @streaming
    async def Trace(
        self, requests: AsyncIterator[engine_pb2.TraceRequest], context: Any
    ) -> AsyncIterator[engine_pb2.TraceBatch]:
        async with contextlib.aclosing(self._traces.stream(requests)) as batches:
            async for batch in batches:
                yield batch

    async def counters(self) -> Counters:
        """The scheduler's counters, between two steps."""
        counters: Counters = await self._on_step_thread(partial(self._worker.scheduler.counters))
        return counters

    def _count(self, with_records: bool) -> tuple[Counters, list[AccessRecord]]:
        source = ExactSource()
        if with_records:
            for loaded in list(self._loader.models.values()):
                loaded.model.count(source)
        return self._worker.scheduler.counters(), list(source.records(time.time()))

    # What handlers share

    async def _on_step_thread(self, function: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def resolve(result: Any) -> None:
            if not future.done():
                future.set_result(result)

        def run() -> None:
            result = function()
            loop.call_soon_threadsafe(resolve, result)

        self._worker.call(run)
        return await future

    def _refuse_while_draining(self) -> None:
        if self.draining:
            raise Overloaded("the engine is shutting down: retry on another one")


def _tell(what: str, done: "Future[None]") -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("%s", what, exc_info=error)
