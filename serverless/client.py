"""A command's connection to the front door of this user."""

import contextlib
from collections.abc import Iterator
from typing import Any

import grpc

from aweigh.proto.errors import EngineUnreachable
from aweigh.proto.rendezvous import find
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

TIMEOUT = 5.0  # seconds


def address_of(given: str | None) -> str:
    """The address that was given, else that of the running front door. Raises EngineUnreachable."""
    if given:
        return given
    found = find()
    if found is None:
        raise EngineUnreachable("nothing is running here: start one with `aweigh up`, or name one with --engine")
    return found.address


def status(address: str) -> front_door_pb2.StatusResponse:
    """What the front door says of itself. Raises EngineUnreachable and the errors of the family."""
    with _asking(address) as stub:
        answer: front_door_pb2.StatusResponse = stub.Status(front_door_pb2.StatusRequest(), timeout=TIMEOUT)
    return answer


def drain(address: str, worker: str, *, undo: bool) -> None:
    """Takes a worker out of service, or back into it. Raises as `status`, and InvalidRequest."""
    with _asking(address) as stub:
        stub.Drain(front_door_pb2.DrainRequest(worker=worker, undo=undo), timeout=TIMEOUT)


def logs(address: str, process: str, *, follow: bool) -> Iterator[front_door_pb2.LogLine]:
    """Lines as they come. Raises as `status`, and InvalidRequest."""
    with _asking(address) as stub:
        yield from stub.Logs(front_door_pb2.LogsRequest(process=process, follow=follow))


@contextlib.contextmanager
def _asking(address: str) -> Iterator[Any]:
    with grpc.insecure_channel(address) as channel:
        try:
            yield front_door_pb2_grpc.FrontDoorStub(channel)
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise EngineUnreachable(f"nothing answers at {address}: start one with `aweigh up`") from None
            raise from_rpc(error) from None
