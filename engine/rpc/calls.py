"""`Call`: one run of one function of a model, for functions that keep no state.

Inputs are checked against the declared types before anything is computed, and so is the size of everything that will be.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.computation import Computation
from aweigh.engine.execute import reason_of
from aweigh.engine.loading import Loaded
from aweigh.engine.rpc.guard import told
from aweigh.engine.rpc.leases import Leases
from aweigh.engine.rpc.ran import Ran
from aweigh.engine.rpc.shared import ALIGNMENT, Shared
from aweigh.engine.rpc.tensors import header_of
from aweigh.engine.rpc.together import Waiting, run_together
from aweigh.engine.rpc.transfers import MAX_LEASE_BYTES, Transfers
from aweigh.engine.run import texts
from aweigh.engine.run.admission import admit
from aweigh.engine.run.bounds import within
from aweigh.engine.run.symbols import check_inputs, shape, sources
from aweigh.engine.worker import SMALL_BYTES, Worker
from aweigh.memory.paging.not_resident import NotResident
from aweigh.proto.errors import AweighError, InvalidRequest, OurBug, Overloaded
from aweigh.proto.flat import EFFECTS, Flat
from aweigh.proto.ops import RAGGED
from aweigh.proto.v1 import engine_pb2, program_pb2

MAX_VALUE_BYTES = 1 << 32
# A model of few bytes computes on several threads where it makes something as large as this.
_SMALL_VALUE_BYTES = 4 << 20
_log = logging.getLogger(__name__)


class Calls:
    """Functions of a worker's models, called. Lives on the event loop."""

    def __init__(
        self,
        worker: Worker,
        leases: Leases,
        transfers: Transfers,
        model: Callable[[str], Loaded],
        admit: Callable[[], None],
    ) -> None:
        """`model` raises ModelNotFound, `admit` Overloaded where nothing is taken any more."""
        self.running = 0
        self._worker = worker
        self._leases = leases
        self._transfers = transfers
        self._model = model
        self._admit = admit

    async def stream(self, requests: AsyncIterator[engine_pb2.CallRequest]) -> AsyncIterator[engine_pb2.CallReply]:
        """Calls one after another: a call that fails never was, and the stream goes on. It ends with the lease that shares memory."""
        shared: Shared | None = None
        with contextlib.ExitStack() as held:
            async for request in requests:
                try:
                    if request.share:
                        held.close()
                        shared = None
                        shared = self._share(request, held)
                        reply = engine_pb2.CallReply(shared=shared.message())
                    else:
                        reply = engine_pb2.CallReply(response=await self.call(request, shared))
                except Exception as error:  # noqa: BLE001
                    reply = engine_pb2.CallReply(failure=told(error))
                yield reply

    async def call(self, request: engine_pb2.CallRequest, shared: Shared | None = None) -> engine_pb2.CallResponse:
        """Raises InvalidRequest, ModelNotFound, LeaseEnded, Overloaded, and what the run raises."""
        self._admit()
        self._leases.check(request.lease)
        loaded = self._model(request.model)
        given = {entry.name: self._tensor(request.lease, entry.tensor, shared) for entry in request.inputs}
        if len(given) != len(request.inputs):
            raise InvalidRequest("two inputs have one name")
        room = request.room if shared is not None else 0
        asked = time.monotonic()
        self.running += 1
        try:
            if request.function == RAGGED:
                ran = await self._together(request.lease, loaded, given, shared, room)
            else:
                ran = await self._alone(request, loaded, given, shared, room)
        finally:
            self.running -= 1
        if isinstance(ran.outputs, AweighError):
            raise ran.outputs
        response = engine_pb2.CallResponse(
            queue_seconds=ran.began - asked, compute_seconds=ran.seconds, together=ran.together
        )
        for name, tensor in ran.outputs.items():
            if name in ran.offsets:
                response.outputs.add(name=name, tensor=header_of(tensor)).tensor.shared = ran.offsets[name]
            else:
                response.outputs.add(name=name, tensor=self._transfers.message(request.lease, tensor))
        return response

    def _share(self, request: engine_pb2.CallRequest, held: contextlib.ExitStack) -> Shared:
        """Memory that is counted until `held` closes, which it does when the lease ends."""
        self._admit()
        if not ALIGNMENT <= request.share <= MAX_LEASE_BYTES:
            raise Overloaded(f"{request.share} bytes of shared memory are wanted, {MAX_LEASE_BYTES} may be had")
        held.enter_context(self._transfers.coming(request.lease, request.share))
        shared = Shared(request.share)
        held.callback(shared.close)
        return shared

    def _tensor(self, lease: str, message: program_pb2.Tensor, shared: Shared | None) -> Tensor:
        if not message.HasField("shared"):
            return self._transfers.tensor(lease, message)
        if shared is None:
            raise InvalidRequest("a tensor lies in shared memory, and the stream has none")
        return shared.tensor(message)

    async def _alone(
        self,
        request: engine_pb2.CallRequest,
        loaded: Loaded,
        given: dict[str, Tensor],
        shared: Shared | None,
        room: int,
    ) -> Ran:
        inputs, most = check(loaded, request.function, given)
        awaited = _Awaited()

        def compute(_: Sequence[Any]) -> None:
            awaited.resolve(run(loaded, request.function, inputs, shared, room))

        return await self._computed(
            awaited,
            Computation(
                lease=request.lease, model=loaded.model, function=compute, fail=awaited.fail, is_over=awaited.is_over,
                small=_is_small(loaded, most),
            ),
        )  # fmt: skip

    async def _together(
        self, lease: str, loaded: Loaded, given: dict[str, Tensor], shared: Shared | None, room: int
    ) -> Ran:
        structure = loaded.model.structure
        text = texts.checked(structure.plan(RAGGED), given, structure.device, MAX_VALUE_BYTES)
        awaited = _Awaited()
        waiting = Waiting(loaded, text, shared, room, awaited.resolve, awaited.is_over)
        return await self._computed(
            awaited,
            Computation(
                lease=lease, model=loaded.model, function=run_together, fail=awaited.fail, is_over=awaited.is_over,
                small=_is_small(loaded, text.largest), item=waiting, kind=loaded.model, tokens=text.tokens,
            ),
        )  # fmt: skip

    async def _computed(self, awaited: "_Awaited", computation: Computation) -> Ran:
        self._worker.compute(computation)
        try:
            return await awaited.future
        except asyncio.CancelledError:
            self._worker.prune()
            raise


class _Awaited:
    """A future of the event loop that the step thread resolves, once."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Ran] = self._loop.create_future()
        self._resolved = False

    def resolve(self, ran: Ran) -> None:
        """On the step thread."""

        def set_result() -> None:
            if not self.future.done():
                self.future.set_result(ran)

        self._resolved = True
        with contextlib.suppress(RuntimeError):  # the process is on its way out
            self._loop.call_soon_threadsafe(set_result)

    def fail(self, error: AweighError) -> None:
        """On the step thread: nothing was computed."""
        self.resolve(Ran(error, {}, time.monotonic(), 0.0))

    def is_over(self) -> bool:
        """Whether it was resolved, or nobody waits for it any more; on the step thread."""
        return self._resolved or self.future.cancelled()


def _is_small(loaded: Loaded, most: int) -> bool:
    return loaded.model.weights.bytes < SMALL_BYTES and most < _SMALL_VALUE_BYTES


def check(loaded: Loaded, function: str, given: dict[str, Tensor]) -> tuple[list[Tensor], int]:
    """The inputs in the Program's order, and the bytes of the largest value that will be made. Raises InvalidRequest, Overloaded."""
    plan = loaded.model.structure.plan(function)
    flat = plan.flat
    if any(instruction.kind in EFFECTS for instruction in flat.instructions):
        raise InvalidRequest(f"function {function!r} keeps state: step through it")
    names = [entry.name for entry in flat.function.inputs]
    if sorted(given) != sorted(names):
        raise InvalidRequest(f"function {function!r} takes {', '.join(names)}")
    device = loaded.model.structure.device
    inputs = [given[name].to(device) for name in names]
    for entry, tensor in zip(flat.function.inputs, inputs, strict=True):
        if tensor.dtype != getattr(torch, entry.type.dtype.torch_name) or tensor.dim() != len(entry.type.dims):
            raise InvalidRequest(
                f"input {entry.name!r} is {entry.type.dtype.torch_name} of {len(entry.type.dims)} dims"
            )
    if "token_ids" in given and loaded.spec.vocabulary_size:
        within(given["token_ids"], loaded.spec.vocabulary_size, False)
    symbols = [inputs[number].shape[dimension] for number, dimension in sources(flat.function)]
    check_inputs(flat.function, inputs, symbols)
    most = _bound(flat, symbols)
    admit(plan, symbols)
    return inputs, most


def _bound(flat: Flat, symbols: Sequence[int]) -> int:
    most = 0
    for declared in flat.types:
        size = math.prod(shape(declared.dims, symbols)) * declared.dtype.size
        if size > MAX_VALUE_BYTES:
            raise Overloaded(f"the call would make a tensor of {size} bytes, more than {MAX_VALUE_BYTES}")
        most = max(most, size)
    return most


def run(loaded: Loaded, function: str, inputs: list[Tensor], shared: Shared | None = None, room: int = 0) -> Ran:
    """Runs it, on the step thread, which also copies what fits into shared memory. Raises NotResident: run it again."""
    began = time.monotonic()
    try:
        outputs = loaded.model.function(function).run(inputs)
        seconds = time.monotonic() - began
        return Ran(outputs, shared.place(outputs, room) if shared is not None and room else {}, began, seconds)
    except NotResident:
        raise
    except Exception as error:  # noqa: BLE001  what escapes here would end the step loop
        reason = reason_of(error)
        if isinstance(reason, OurBug):
            _log.exception("function %s of %s failed", function, loaded.spec.name)
        return Ran(reason, {}, began, time.monotonic() - began)
