"""Collects batches of access records from engines, until it is told to stop. One thread per engine; records come through a queue."""

import queue
import threading
from collections.abc import Iterator
from typing import Any

import grpc

from aweigh.memory.statistics.record import AccessRecord
from aweigh.proto.errors import AweighError, EngineLost, EngineUnreachable, InvalidRequest
from aweigh.proto.rendezvous import find
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, front_door_pb2, front_door_pb2_grpc

PATIENCE = 5.0  # seconds for the front door to answer
_MOST_BYTES = 64 << 20  # of a batch


def engines(given: str | None) -> list[str]:
    """Addresses of the workers that are ready behind the front door at `given`, or behind that of this user.

    Raises EngineUnreachable."""
    found = find()
    address = given or (found.address if found is not None else None)
    if address is None:
        raise EngineUnreachable("nothing is running here: start one with `aweigh up`, or name one with --engine")
    with grpc.insecure_channel(address) as channel:
        try:
            stub = front_door_pb2_grpc.FrontDoorStub(channel)
            answer: front_door_pb2.StatusResponse = stub.Status(front_door_pb2.StatusRequest(), timeout=PATIENCE)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise EngineUnreachable(f"nothing answers at {address}: start one with `aweigh up`") from None
            raise from_rpc(error) from None
    ready = [worker.address for worker in answer.workers if worker.state == "ready"]
    if not ready:
        raise EngineUnreachable(f"no worker is ready behind {address}: look at `aweigh status`")
    return ready


class Collector:
    """Traces of some engines. `page_bytes` is known once `batches` has yielded. `lost` samples, `unwatched` extents, `step_seconds` of threads that compute and
    `processor_seconds` beside them are sums over the engines so far."""

    def __init__(self, addresses: list[str], source: str, interval: float) -> None:
        self.page_bytes = 0
        self.lost = self.unwatched = 0
        self.step_seconds = 0.0
        self.processor_seconds = 0.0
        self._stops = [threading.Event() for _ in addresses]
        self._batches: queue.SimpleQueue[tuple[str, engine_pb2.TraceBatch] | AweighError | None] = queue.SimpleQueue()
        self._open = len(addresses)
        request = engine_pb2.TraceRequest(source=source, interval_seconds=interval)
        for address, stop in zip(addresses, self._stops, strict=True):
            threading.Thread(target=self._read, args=(address, request, stop), daemon=True).start()

    def stop(self) -> None:
        """Asks for the last batches. `batches` ends with them."""
        for stop in self._stops:
            stop.set()

    def batches(self) -> Iterator[list[AccessRecord]]:
        """One list per batch and engine; the first of each engine is empty and says that it watches.

        Raises what an engine refused, or EngineLost where one went away."""
        extents: dict[str, list[engine_pb2.TraceBatch.Extent]] = {}
        last: dict[str, engine_pb2.TraceBatch] = {}
        while self._open:
            found = self._batches.get()
            if isinstance(found, AweighError):
                self.stop()
                raise found
            if found is None:
                self._open -= 1
                continue
            address, batch = found
            self.page_bytes = batch.page_bytes
            last[address] = batch
            self.lost = sum(one.lost for one in last.values())
            self.unwatched = sum(one.unwatched for one in last.values())
            self.step_seconds = sum(one.step_seconds for one in last.values())
            self.processor_seconds = sum(one.processor_seconds for one in last.values())
            named = extents.setdefault(address, [])
            named.extend(batch.extents)
            yield list(_records(batch, named))

    def _read(self, address: str, request: engine_pb2.TraceRequest, stop: threading.Event) -> None:
        def requests() -> Iterator[engine_pb2.TraceRequest]:
            yield request
            stop.wait()

        options = (("grpc.max_receive_message_length", _MOST_BYTES),)
        with grpc.insecure_channel(address, options=options) as channel:
            engine: Any = engine_pb2_grpc.EngineStub(channel)  # generated code is untyped
            try:
                for batch in engine.Trace(requests()):
                    self._batches.put((address, batch))
            except grpc.RpcError as error:
                typed = from_rpc(error)
                self._batches.put(
                    EngineLost(f"the engine at {address} went away") if isinstance(typed, EngineLost) else typed
                )
        stop.set()  # gRPC's thread sits in `requests`
        self._batches.put(None)


def _records(batch: engine_pb2.TraceBatch, extents: list[engine_pb2.TraceBatch.Extent]) -> Iterator[AccessRecord]:
    count = len(batch.extent)
    sights = (batch.instruction, batch.thread, batch.address)
    if len(batch.uses) != count or any(len(column) not in (0, count) for column in sights):
        raise InvalidRequest("the engine's batch of records has columns of different lengths: update aweigh there")
    for index, (number, uses) in enumerate(zip(batch.extent, batch.uses, strict=True)):
        if number >= len(extents):
            raise InvalidRequest("the engine's batch names an extent that it has not described: update aweigh there")
        extent = extents[number]
        seen = [column[index] if column else None for column in sights]
        what = (extent.name, extent.first_page, extent.pages, uses, extent.model)
        yield AccessRecord(batch.time, batch.source, *what, *seen)
