"""The error table: every kind has a status, and comes back as itself through a real call."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from aweigh.proto import errors
from aweigh.proto.status import KINDS, STATUS_OF, abort_arguments, from_kind, from_rpc, kind_of
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc


class Raising(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.error: BaseException = errors.OurBug()

    def Stats(self, request: engine_pb2.StatsRequest, context: grpc.ServicerContext) -> engine_pb2.StatsResponse:
        code, details, metadata = abort_arguments(self.error)
        context.set_trailing_metadata(metadata)
        context.abort(code, details)
        raise AssertionError("abort raises")


def test_errors_cross_the_wire(tmp_path: object) -> None:
    servicer = Raising()
    server = grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(servicer, server)
    address = f"unix:{tmp_path}/engine"
    server.add_insecure_port(address)
    server.start()
    with grpc.insecure_channel(address) as channel:
        stub = engine_pb2_grpc.EngineStub(channel)
        for kind in STATUS_OF:
            servicer.error = kind("say what to do")
            with pytest.raises(grpc.RpcError) as caught:
                stub.Stats(engine_pb2.StatsRequest())
            assert type(from_rpc(caught.value)) is kind
            assert str(from_rpc(caught.value)) == "say what to do"
        servicer.error = KeyError("x")
        with pytest.raises(grpc.RpcError) as caught:
            stub.Stats(engine_pb2.StatsRequest())
        assert isinstance(from_rpc(caught.value), errors.OurBug)
    server.stop(None)
    with grpc.insecure_channel(f"unix:{tmp_path}/nobody") as channel, pytest.raises(grpc.RpcError) as caught:
        engine_pb2_grpc.EngineStub(channel).Stats(engine_pb2.StatsRequest())
    assert isinstance(from_rpc(caught.value), errors.PeerFailed)


def test_every_error_class_is_in_the_table_or_a_family() -> None:
    families = {"AweighError", "BrokenContract", "PeerFailed"}
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert classes == families | set(KINDS)


def test_kinds() -> None:
    class Special(errors.PromptTooLong):
        pass

    assert kind_of(Special()) is errors.PromptTooLong
    assert isinstance(from_kind("PromptTooLong", "x"), errors.PromptTooLong)
    assert isinstance(from_kind("Nonsense", "x"), errors.OurBug)
