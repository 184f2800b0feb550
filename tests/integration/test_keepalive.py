"""Whoever asks often whether the peer lives is not hung up on: scripts do, for as long as they compute for themselves."""

import queue

import grpc
import pytest
from tests.integration.house import House

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

# A server with gRPC's own settings hangs up after eighty seconds; shorter intervals are throttled and show nothing.
QUIET_SECONDS = 95.0


@pytest.mark.slow
def test_a_lease_outlives_many_questions(house: House) -> None:
    options = (("grpc.keepalive_time_ms", 10_000), ("grpc.use_local_subchannel_pool", 1))
    with grpc.insecure_channel(house.address, options=options) as channel:
        waiting: queue.SimpleQueue[front_door_pb2.HoldRequest | None] = queue.SimpleQueue()
        waiting.put(front_door_pb2.HoldRequest(client="quiet"))
        held = front_door_pb2_grpc.FrontDoorStub(channel).Hold(iter(waiting.get, None), timeout=QUIET_SECONDS)
        assert next(held).lease
        try:
            for _ in held:
                pass
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
        waiting.put(None)
