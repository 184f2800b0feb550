"""A module for tests: ``main`` takes "0" [B, T, 8] and gives "0", its rows times a weight of [8, 8]."""

from typing import Any

import torch
from blake3 import blake3

from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Symbol
from aweigh.proto.program import (
    Block,
    Content,
    Function,
    FunctionInput,
    FunctionOutput,
    Manifest,
    Op,
    Program,
    Slot,
    TensorType,
    WeightExpression,
)
from aweigh.proto.v1 import engine_pb2, program_pb2

_ROWS = TensorType(DType.FLOAT32, (Symbol(0), Symbol(1), 8))
_MATRIX = TensorType(DType.FLOAT32, (8, 8))


def linear() -> Program:
    ops = (
        Op("weight", (), (_MATRIX,), (("slot", 0),)),
        Op("linear", (0, 1, None), (_ROWS,)),
    )
    main = Function(
        "main", ("B", "T"), (FunctionInput("0", _ROWS),), (Block(ops, yields=(2,)),), (FunctionOutput("0", 3),)
    )
    return Program((Slot(DType.FLOAT32, (8, 8)),), (), (main,))


def content_of(tensor: torch.Tensor) -> tuple[Content, bytes]:
    """What a manifest says of it, and its bytes."""
    data = tensor.contiguous().numpy().tobytes()
    return Content(blake3(data).digest(), DType.FLOAT32, tuple(tensor.shape)), data


def chunks(lease: str, data: bytes, step: int = 100, **changes: Any) -> list[engine_pb2.ContentChunk]:
    """A content as it travels."""
    sent = [engine_pb2.ContentChunk(data=data[begin : begin + step]) for begin in range(0, max(len(data), 1), step)]
    sent[0].lease, sent[0].digest, sent[0].size = lease, blake3(data).digest(), len(data)
    for name, value in changes.items():
        setattr(sent[0], name, value)
    return sent


def request(weight: WeightExpression, **changes: Any) -> engine_pb2.LoadModelRequest:
    program = linear()
    made = engine_pb2.LoadModelRequest(
        program=program_to_message(program),
        manifest=manifest_to_message(Manifest((weight,))),
        fingerprint=fingerprint(program),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def called(engine: Any, lease: str, model: str, rows: torch.Tensor) -> torch.Tensor:
    """What the module makes of rows [B, T, 8]."""
    tensor = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=rows.shape, data=rows.numpy().tobytes())
    inputs = [engine_pb2.NamedTensor(name="0", tensor=tensor)]
    answer = engine.Call(engine_pb2.CallRequest(lease=lease, model=model, function="main", inputs=inputs))
    (output,) = answer.outputs
    assert output.name == "0" and answer.compute_seconds > 0 and answer.queue_seconds >= 0
    return torch.frombuffer(bytearray(output.tensor.data), dtype=torch.float32).view(tuple(output.tensor.shape))
