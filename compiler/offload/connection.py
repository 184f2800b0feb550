"""The script's end of the wire: one channel and lease to the front door, one channel per worker, all synchronous.

Made at first use, by whichever thread comes first; a forked child forgets its parent's and makes its own. The lease is a stream that
a thread holds open: when this process ends, in whatever way, the connection closes and the engine frees all that we held.

Whatever touches gRPC runs on a courier (`courier.py` says why): so do the making and the end of a connection, and so do the destructors
of calls, which is why typed errors leave a courier without the gRPC error behind them.

gRPC's fork support has two halves that must agree: the core's is on by default, the one of its Python package (threads that poll leave
the poller before a fork, and channels close in the child) is not, and with one half a child aborts in its first call wherever the
parent had a call under way. So it is switched on here, at the price of a fork that waits up to 200 ms for the pollers. But our channels are
not closed in the child: that takes a lock of the channel, which a thread that is only in the parent may have held (one fork of
twenty hangs then). The child forgets them where they are, and what it inherited is never freed.
"""

import atexit
import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from aweigh.compiler.locks import lock
from aweigh.compiler.offload import warden
from aweigh.compiler.offload.courier import Couriers, Errand, Stream
from aweigh.compiler.offload.lane import Lane
from aweigh.compiler.offload.settings import current
from aweigh.proto.errors import AweighError, EngineLost, EngineUnreachable

if TYPE_CHECKING:
    from aweigh.compiler.offload.call_lane import CallLane

_T = TypeVar("_T")
# Both are read when grpc is imported.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "1")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # a fork logs a line otherwise
_PATIENCE = 20.0  # seconds for the front door to answer the first call
_FAREWELL = (
    2.0  # seconds that a script's end waits for ours; the engine notices a connection that was just dropped, too
)
# Responses are as large as logits are; a peer that vanished without closing is noticed by keepalive.
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 2_000),
    ("grpc.use_local_subchannel_pool", 1),
)


class Connection:
    """A live lease. `lease` goes into every call. Any thread may use it; what is marked so runs on couriers only."""

    def __init__(self, address: str) -> None:
        import grpc

        from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

        self.address = address
        self._grpc = grpc
        self._channel = self._opened(address)
        self.front_door: Any = front_door_pb2_grpc.FrontDoorStub(self._channel)
        self._workers: dict[str, tuple[Any, Any]] = {}
        self._lanes: dict[str, list[Lane]] = {}
        self._call_lanes: dict[str, list[CallLane]] = {}
        self._lock = lock()
        self._end: queue.SimpleQueue[front_door_pb2.HoldRequest | None] = queue.SimpleQueue()
        self._end.put(front_door_pb2.HoldRequest(client=f"{sys.argv[0] if sys.argv else 'python'}[{os.getpid()}]"))
        held = self.front_door.Hold(iter(self._end.get, None))
        watch = threading.Timer(_PATIENCE, held.cancel)
        watch.start()
        try:
            first = next(held)
        except (grpc.RpcError, StopIteration) as error:
            code = getattr(error, "code", lambda: "the connection was closed")()
            self._end.put(None)
            self._channel.close()
            raise EngineUnreachable(f"no engine answers at {address}: {code}; check: aweigh doctor") from None
        finally:
            watch.cancel()
        self.lease: str = first.lease
        self.version: str = first.version
        self.alive = True
        threading.Thread(target=self._watch, args=(held,), name="aweigh-lease", daemon=True).start()

    def ask(self, method: Callable[[], Any], request: Any) -> Any:
        """The answer of a unary call of the stub's method that `method` gives, cancelled if the wait for it is interrupted.

        Raises the typed errors of the call.
        """
        return couriers().ask(lambda errand: self.carry(errand, method(), request))

    def stream(self, method: Callable[[], Any], request: Any) -> Stream[Any]:
        """The messages of a streaming call, begun when the first is asked for. Its iteration raises the typed errors of the call."""

        def work(errand: Errand[None]) -> None:
            try:
                call = method()(request)
                errand.stops_with(call.cancel)
                for message in call:
                    errand.answers.put((False, message, None))
                return
            except self._grpc.RpcError as error:
                found = self._typed(error)
            raise found

        return couriers().stream(work)

    # On a courier

    def carry(
        self, errand: Errand[Any], method: Any, request: Any, period: float | None = None, look: Any = None
    ) -> Any:
        """Makes a unary call for an errand; every `period` seconds until it is over calls `look`, whose failed calls do not count.

        Raises the typed errors of the call.
        """
        try:
            call = method.future(request)
            errand.stops_with(call.cancel)
            while period is not None:
                with contextlib.suppress(self._grpc.FutureTimeoutError):
                    return call.result(period)
                with contextlib.suppress(self._grpc.RpcError):
                    look()
            return call.result()
        except self._grpc.RpcError as error:
            found = self._typed(error)
        raise found

    def upload(self, errand: Errand[Any], worker: Any, chunks: Iterator[Any], method: str = "Upload") -> Any:
        """Sends chunks to a worker, by Upload or PutContent. Raises the typed errors of those."""
        try:
            call = getattr(worker, method).future(chunks)
            errand.stops_with(call.cancel)
            return call.result()
        except self._grpc.RpcError as error:
            found = self._typed(error)
        raise found

    def step(self, errand: Errand[Any], address: str, request: Any) -> Any:
        """A step on the worker at `address`, over a lane that is free. Raises the typed errors of Engine.Step."""
        lanes = self._lanes.setdefault(address, [])
        try:
            lane = lanes.pop()
        except IndexError:
            lane = Lane(self.worker(address).Steps)
        if not lane.open:  # the worker was started again, perhaps
            lane.close()
            lane = Lane(self.worker(address).Steps)
        errand.stops_with(lane.close)
        try:
            reply = lane.ask(request)
        except self._grpc.RpcError as error:
            lane.close()
            found = self._typed(error)
        else:
            if errand.done_with_it():
                lanes.append(lane)
            else:
                lane.close()
            if reply.HasField("response"):
                return reply.response
            from aweigh.proto.status import from_kind

            found = self._told(from_kind(reply.failure.kind, reply.failure.message))
        raise found

    def calls(self, errand: Errand[Any], address: str, use: "Callable[[CallLane], _T]") -> "_T":
        """What `use` makes of a lane of calls to the worker at `address` that is free. Raises its typed errors."""
        from aweigh.compiler.offload.call_lane import CallLane

        lanes = self._call_lanes.setdefault(address, [])
        try:
            lane = lanes.pop()
        except IndexError:
            lane = CallLane(self.worker(address).Calls)
        if not lane.open:
            lane.close()
            lane = CallLane(self.worker(address).Calls)
        errand.stops_with(lane.close)
        error: AweighError | None = None
        try:
            made = use(lane)
        except self._grpc.RpcError as ended:
            lane.close()
            error = self._typed(ended)
        except AweighError as failed:
            error = self._told(failed)
        except BaseException:
            lane.close()
            raise
        if errand.done_with_it() and lane.open:
            lanes.append(lane)
        else:
            lane.close()
        if error is not None:
            raise error
        return made

    def chunks(self, worker: Any, transfer: Any) -> Iterator[Any]:
        """The chunks of a tensor that waits on a worker. Raises the typed errors of Engine.Download."""
        try:
            yield from worker.Download(transfer)
            return
        except self._grpc.RpcError as error:
            found = self._typed(error)
        raise found

    def worker(self, address: str) -> Any:
        """The Engine stub of a worker."""
        with self._lock:
            if address not in self._workers:
                from aweigh.proto.v1 import engine_pb2_grpc

                channel = self._opened(address)
                self._workers[address] = channel, engine_pb2_grpc.EngineStub(channel)
            return self._workers[address][1]

    def _opened(self, address: str) -> Any:
        channel = self._grpc.insecure_channel(address, options=_OPTIONS)
        channel._postfork_child = _leave_alone  # see the head of this file
        return channel

    def _typed(self, error: Exception) -> AweighError:
        from aweigh.proto.status import from_rpc

        return self._told(from_rpc(error))

    def _told(self, found: AweighError) -> AweighError:
        if isinstance(found, EngineLost | EngineUnreachable):
            return EngineLost(
                f"the engine at {self.address} went away while it worked for this script (lease {self.lease[:8]}): "
                "run the script again, or look at `aweigh status`"
            )
        return found

    def close(self) -> None:
        """Ends the lease."""
        self.alive = False
        self._end.put(None)
        for channel, _ in self._workers.values():
            channel.close()
        self._channel.close()

    def _watch(self, held: Iterator[Any]) -> None:
        """The loss of the stream shows where the script next calls; here it only marks the lease."""
        with contextlib.suppress(self._grpc.RpcError):
            for _ in held:
                pass
        self.alive = False


_couriers = Couriers()
_current: Connection | None = None
_lock = threading.Lock()


def couriers() -> Couriers:
    """Those of this process."""
    return _couriers


def connection() -> Connection:
    """The connection of this process. Raises EngineUnreachable, or EngineLost where there was one and it is gone."""
    found = _current or _couriers.ask(_connect)
    if not found.alive:
        raise EngineLost(
            f"the engine at {found.address} is gone: start it again with `aweigh up` and run the script again"
        )
    return found


def _connect(errand: Errand[Connection]) -> Connection:
    """Goes on to its end although whoever waits for it may be interrupted: the next one finds what it made."""
    global _current
    with _lock:
        if _current is None:
            _current = Connection(_address())
            atexit.register(_close)
        return _current


def _address() -> str:
    settings = current()
    if settings.address:
        return settings.address
    if settings.warden:
        return warden.ask(settings.warden)
    from aweigh.compiler.offload.address import choose

    found = choose("", os.environ.get("AWEIGH_ENGINE", ""))
    return found.address or warden.ask(warden.summon(os.getpid()))


def _close() -> None:
    """Bounded: a script's end waits for nobody."""
    live = _current
    if live is not None:
        with contextlib.suppress(queue.Empty):
            _couriers.ask(lambda errand: live.close(), timeout=_FAREWELL)


def _leave_alone() -> None:
    """In place of what gRPC does to a channel in a forked child."""


_inherited: list[Connection | None] = []


def _forget() -> None:
    """In a forked child, which has none of its parent's threads."""
    global _couriers, _current
    _inherited.append(_current)
    _couriers = Couriers()
    _current = None


os.register_at_fork(after_in_child=_forget)
