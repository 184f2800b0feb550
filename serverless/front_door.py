"""The FrontDoor service: admits, hands out leases and workers' addresses, carries `generate`."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Any

import grpc
from blake3 import blake3

from aweigh.proto.errors import AweighError, InvalidRequest, LeaseEnded, ModelNotFound, OurBug, Overloaded
from aweigh.proto.status import abort_arguments, from_rpc
from aweigh.proto.v1 import engine_pb2, front_door_pb2, front_door_pb2_grpc, generation_pb2
from aweigh.serverless.config import FrontDoorConfig
from aweigh.serverless.fairness.busy import FULL, WAIT, Busy
from aweigh.serverless.fairness.fairness import Fairness
from aweigh.serverless.fairness.limits import Caller
from aweigh.serverless.fairness.turns import Turns
from aweigh.serverless.leases import Leases
from aweigh.serverless.log_lines import FRONT_DOOR, LogLines
from aweigh.serverless.placement import Placement
from aweigh.serverless.worker_link import WorkerLink

MAX_GENERATE_BYTES = (
    32 << 20
)  # half of what a worker's stream takes: a larger message would break the stream for everybody
MAX_LOAD_BYTES = (64 << 20) - (64 << 10)  # what a worker takes, less room for what is added on the way
STATS_SECONDS = 5.0  # that a worker gets to say how it is
_log = logging.getLogger(__name__)
_Context = Any  # grpc ships no types


class FrontDoor(front_door_pb2_grpc.FrontDoorServicer):
    """Async shell around Leases and Placement. `links` holds the workers that serve, by name; the launcher adds and removes them."""

    def __init__(self, config: FrontDoorConfig, version: str) -> None:
        self.config = config
        self.version = version
        self.started = time.monotonic()
        self.leases = Leases(config.max_leases)
        self.turns = Turns(Fairness(config.max_running, config.max_wait))
        self.placement: Placement[engine_pb2.LoadModelRequest] = Placement()
        self.links: dict[str, WorkerLink] = {}
        self.describe_workers: Callable[[], list[front_door_pb2.StatusResponse.Worker]] = list
        self.drain_worker: Callable[[str, bool], None] = _no_workers
        self.log_lines = LogLines()
        self.refused: Counter[str] = Counter({FULL: 0, WAIT: 0})  # by reason
        self.http = ""  # URL of the HTTP door
        self._requests = 0
        self._loading: dict[str, asyncio.Lock] = {}
        self._calls: dict[str, set[asyncio.Task[object]]] = {}

    async def worker_ready(self, link: WorkerLink) -> None:
        """A worker serves: it learns all leases, then gets work."""
        self.links[link.name] = link
        await asyncio.gather(*[link.lease_opened(lease) for lease in self.leases.alive])
        self.placement.worker_ready(link.name)

    def worker_leaves(self, name: str) -> None:
        """A worker gets nothing new; what it has comes to its end there."""
        self.placement.worker_gone(name)

    def worker_gone(self, name: str) -> None:
        self.links.pop(name, None)
        self.placement.worker_gone(name)

    async def Hold(
        self, request_iterator: AsyncIterator[front_door_pb2.HoldRequest], context: _Context
    ) -> AsyncIterator[front_door_pb2.Lease]:
        first = await anext(request_iterator, None)
        if first is None:
            return
        async with _typed(context):
            held = self.hold(first.client)
        async with held as (lease, epoch):
            yield front_door_pb2.Lease(lease=lease, epoch=epoch, version=self.version)
            async for _ in request_iterator:
                pass

    def hold(self, client: str) -> contextlib.AbstractAsyncContextManager[tuple[str, int]]:
        """A lease and its epoch, alive until the context ends; within it, workers know it. Raises Overloaded at once."""
        lease = secrets.token_hex(16)
        epoch = self.leases.open(lease, client)
        _log.info("lease %s opened for %s", lease[:8], client[:80] or "a client")
        return self._held(lease, epoch)

    @contextlib.asynccontextmanager
    async def _held(self, lease: str, epoch: int) -> AsyncIterator[tuple[str, int]]:
        try:
            await asyncio.gather(*[link.lease_opened(lease) for link in self.links.values()])
            yield lease, epoch
        finally:
            self.leases.end(lease)
            for model in self.placement.lease_ended(lease):
                if model in self._loading and not self._loading[model].locked():
                    del self._loading[model]
            for call in self._calls.pop(lease, ()):
                call.cancel()
            for link in list(self.links.values()):
                link.lease_ended(lease)
            _log.info("lease %s ended", lease[:8])

    async def LoadModel(self, request: engine_pb2.LoadModelRequest, context: _Context) -> front_door_pb2.Placement:
        async with _typed(context):
            link, description = await self.load(request)
            return front_door_pb2.Placement(model=description, worker=link.name, address=link.address)
        raise AssertionError("unreachable")

    async def load(self, request: engine_pb2.LoadModelRequest) -> tuple[WorkerLink, engine_pb2.ModelDescription]:
        """Makes a model known and loads it, if it is not loaded. Raises what is wrong with it, Overloaded, EngineLost."""
        if not request.model:
            request.model = _name(request)
        if request.ByteSize() > MAX_LOAD_BYTES:
            raise InvalidRequest(
                f"a model's program and manifest have {request.ByteSize()} bytes, at most {MAX_LOAD_BYTES}: keep "
                "large constants in the checkpoint"
            )
        if request.lease:
            self.leases.check(request.lease)
        known = request.model in self.placement.models
        self.placement.register(request.model, request, request.lease)
        try:
            return await self._place(request.model, request)
        except BaseException:
            if not known:
                self.placement.models.pop(request.model, None)
            raise

    async def UnloadModel(
        self, request: engine_pb2.UnloadModelRequest, context: _Context
    ) -> engine_pb2.UnloadModelResponse:
        async with _typed(context):
            await self.unload(request)
        return engine_pb2.UnloadModelResponse()

    async def unload(self, request: engine_pb2.UnloadModelRequest) -> None:
        """Forgets a model; what runs on it fails. Raises ModelNotFound, EngineLost."""
        for name in self.placement.forget(request.model) & set(self.links):
            await self.links[name].engine.UnloadModel(request)

    async def ListModels(
        self, request: engine_pb2.ListModelsRequest, context: _Context
    ) -> engine_pb2.ListModelsResponse:
        async with _typed(context):
            answers = await asyncio.gather(*(link.engine.ListModels(request) for link in list(self.links.values())))
            return engine_pb2.ListModelsResponse(models=[model for answer in answers for model in answer.models])
        raise AssertionError("unreachable")

    async def Generate(
        self, request: front_door_pb2.FrontDoorGenerateRequest, context: _Context
    ) -> AsyncIterator[generation_pb2.GenerateEvent]:
        async with _typed(context), contextlib.aclosing(self.generate(request.lease, request.generate)) as events:
            async for event in events:
                yield event

    async def generate(
        self, lease: str, request: generation_pb2.GenerateRequest, caller: Caller | None = None
    ) -> AsyncGenerator[generation_pb2.GenerateEvent, None]:
        """The events of a call, which is cancelled where the loop over them is left. Without a caller it is the lease's. Raises typed errors."""
        async with self._admitted(lease):
            if request.ByteSize() > MAX_GENERATE_BYTES:
                raise InvalidRequest(f"a call has {request.ByteSize()} bytes, at most {MAX_GENERATE_BYTES}: split it")
            self.placement.choose(request.model)  # who names what is not there need not wait for that
            async with self.turns.turn(caller or Caller(lease), *_size(request)) as wrote:
                link, _ = await self._place(request.model, None)
                async with contextlib.aclosing(link.generate(lease, request)) as events:
                    async for event in events:
                        if event.rows:
                            wrote(sum(len(row.tokens) for row in event.rows))
                        yield event

    async def Status(self, request: front_door_pb2.StatusRequest, context: _Context) -> front_door_pb2.StatusResponse:
        return await self.status()

    async def status(self) -> front_door_pb2.StatusResponse:
        """Of all workers; one that does not answer has no statistics."""
        workers = self.describe_workers()
        asked = [(worker, link) for worker in workers if (link := self.links.get(worker.name)) is not None]
        answers = await asyncio.gather(*(link.stats(STATS_SECONDS) for _, link in asked))
        for (worker, _), stats in zip(asked, answers, strict=True):
            if stats is not None:
                worker.stats.CopyFrom(stats)
        return front_door_pb2.StatusResponse(
            version=self.version,
            uptime_seconds=time.monotonic() - self.started,
            workers=workers,
            leases=len(self.leases.alive),
            calls=front_door_pb2.StatusResponse.Calls(
                running=self.turns.fairness.running, waiting=self.turns.fairness.waiting, refused=self.refused
            ),
            http=self.http,
        )

    async def Drain(self, request: front_door_pb2.DrainRequest, context: _Context) -> front_door_pb2.DrainResponse:
        async with _typed(context):
            self.drain_worker(request.worker, request.undo)
        return front_door_pb2.DrainResponse()

    async def Logs(
        self, request: front_door_pb2.LogsRequest, context: _Context
    ) -> AsyncIterator[front_door_pb2.LogLine]:
        async with _typed(context):
            known = {FRONT_DOOR, *(worker.name for worker in self.describe_workers())}
            if request.process and request.process not in known:
                raise InvalidRequest(f"nothing is called {request.process!r}: there are {', '.join(sorted(known))}")
            async for line in self.log_lines.read(request.process, follow=request.follow):
                yield front_door_pb2.LogLine(process=line.process, text=line.text)

    async def _place(
        self, model: str, fresh: engine_pb2.LoadModelRequest | None
    ) -> tuple[WorkerLink, engine_pb2.ModelDescription]:
        """The worker that has `model`, loading it there if need be; one load per model at a time."""
        self.placement.choose(model)  # unknown names leave nothing behind
        async with self._loading.setdefault(model, asyncio.Lock()):
            lease = fresh.lease if fresh is not None and fresh.lease in self.leases.alive else ""
            worker, held = self.placement.choose(model, lease)
            link = self.links[worker]
            if held and fresh is None:
                return link, engine_pb2.ModelDescription(model=model)
            source = fresh or self.placement.models[model].source
            if source.draft:
                source = await self._with_draft(source, link, known=fresh is None)
            description: engine_pb2.ModelDescription = await link.engine.LoadModel(source)
            if description.missing:
                self.placement.missing(model, worker)
                if fresh is None:
                    raise ModelNotFound(f"model {model!r} went with its worker: load it again")
                return link, description
            if fresh is not None and model in self.placement.models:
                self.placement.models[model].source = fresh
            self.placement.loaded(model, worker, description.weight_bytes)
            if not description.already_loaded:
                _log.info("model %s loaded on %s: %d bytes of weights", model, worker, description.weight_bytes)
            return link, description

    async def _with_draft(
        self, source: engine_pb2.LoadModelRequest, link: WorkerLink, *, known: bool
    ) -> engine_pb2.LoadModelRequest:
        """Loads the model that drafts on the same worker. One that is gone is missed by nobody if the model was `known` before: answers are the same."""
        draft = self.placement.models.get(source.draft)
        if draft is None and known:
            alone = engine_pb2.LoadModelRequest()
            alone.CopyFrom(source)
            alone.draft = ""
            return alone
        if draft is not None and link.name not in draft.workers:
            description: engine_pb2.ModelDescription = await link.engine.LoadModel(draft.source)
            self.placement.loaded(source.draft, link.name, description.weight_bytes)
        return source

    @contextlib.asynccontextmanager
    async def _admitted(self, lease: str) -> AsyncIterator[None]:
        """Counts a call, and ties it to its lease: it is cancelled when the lease ends."""
        self.leases.check(lease)
        if self._requests >= self.config.max_requests:
            self.refused[FULL] += 1
            raise Overloaded(f"{self._requests} calls are running already: retry later")
        task = asyncio.current_task()
        assert task is not None
        calls = self._calls.setdefault(lease, set())
        calls.add(task)
        self._requests += 1
        try:
            yield
        except Busy:
            self.refused[WAIT] += 1
            raise
        except asyncio.CancelledError:
            if lease not in self.leases.alive:
                raise LeaseEnded("the connection that this call belongs to has ended") from None
            raise
        finally:
            self._requests -= 1
            calls.discard(task)


def _no_workers(name: str, undo: bool) -> None:
    raise InvalidRequest(f"there is no worker {name!r}")


def _size(request: generation_pb2.GenerateRequest) -> tuple[int, int]:
    """Tokens to read, and at most to write."""
    rows = len(request.prompts) * max(1, request.num_return_sequences)
    return sum(len(prompt.tokens) for prompt in request.prompts), rows * request.sampling.max_new_tokens


def _name(request: engine_pb2.LoadModelRequest) -> str:
    """Of a model that nobody named: by its Program, and by what its weights are made of."""
    weights = blake3(request.directory.encode() + b"\0" + request.manifest.SerializeToString(deterministic=True))
    return f"{request.fingerprint.hex()[:16]}:{weights.hexdigest(16)}:{request.directory}"


@contextlib.asynccontextmanager
async def _typed(context: _Context) -> AsyncIterator[None]:
    """Ends the call with the typed error that its body raises. What a worker reported passes on unchanged."""
    try:
        yield
    except AweighError as error:
        await _abort(context, error)
    except grpc.RpcError as error:
        await _abort(context, from_rpc(error))
    except (grpc.aio.AbortError, asyncio.CancelledError, GeneratorExit):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller hears of it and the log has it
        _log.exception("our bug")
        await _abort(context, OurBug(f"{type(error).__name__}: {error}"))


async def _abort(context: _Context, error: AweighError) -> None:
    code, details, metadata = abort_arguments(error)
    await context.abort(code, details, metadata)
