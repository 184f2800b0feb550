"""A user's own sitecustomize, chained after ours: puts a compiler that compiles nothing where `aweigh.compiler.client` would be.

The oracle behind these tests needs no Program but for the dtype of its first slot. The graph of a module goes to a file instead, whose
path is the only op of its Program; a graph with an op of $FAKE_UNSUPPORTED is refused as the compiler refuses.
"""

import hashlib
import os
import sys
import types
from typing import Any


def _compile_model(directory: str, *, dtype: str, adapters: object = None, **_: object) -> object:
    from aweigh.proto.errors import UnsupportedModel
    from aweigh.proto.v1 import compiler_pb2, program_pb2

    if adapters is not None:
        raise UnsupportedModel("the compiler compiles no adapters")

    program = program_pb2.Program(
        slots=[program_pb2.Slot(dtype=f"DTYPE_{dtype.upper()}", shape=[1])],
        functions=[
            program_pb2.Function(name="body", outputs=[program_pb2.FunctionOutput(name="hidden_states", optional=True)])
        ],
    )
    return compiler_pb2.Compiled(program=program)


def _compile_graph(request: Any, tell: object = None) -> object:
    import torch

    from aweigh.compiler.capture.exported import exported_from
    from aweigh.proto.dtypes import DType
    from aweigh.proto.errors import UnsupportedModel
    from aweigh.proto.v1 import compiler_pb2, program_pb2

    exported = exported_from(request.graph)
    refused = os.environ.get("FAKE_UNSUPPORTED")
    for node in exported.graph.nodes:
        if refused and refused in str(node.target):
            raise UnsupportedModel(f"The operator {node.target} has no counterpart in a Program.")
    path = os.path.join(os.environ["FAKE_GRAPHS"], hashlib.sha256(request.graph).hexdigest())
    with open(path, "wb") as file:
        file.write(request.graph)
    kinds: dict[Any, Any] = {getattr(torch, kind.torch_name): int(kind) for kind in DType}
    function = program_pb2.Function(name="main", blocks=[program_pb2.Block(ops=[program_pb2.Op(kind=path)])])
    users = [node for node in exported.graph.nodes if node.name in exported.graph_signature.user_inputs]
    spans = []
    for number, node in enumerate(users):
        given = function.inputs.add(name=str(number))
        given.type.dtype = kinds[node.meta["val"].dtype]
        for size in node.meta["val"].shape:
            if isinstance(size, int):
                given.type.dims.add(constant=size)
            elif str(size) in function.symbols:
                given.type.dims.add(symbol=list(function.symbols).index(str(size)))
            else:
                given.type.dims.add(symbol=len(function.symbols))
                function.symbols.append(str(size))
                spans.append(compiler_pb2.Range(least=2))
    held = {**exported.state_dict, **exported.constants}
    names = list(held)
    slots = [program_pb2.Slot(dtype=kinds[value.dtype], shape=value.shape) for value in held.values()]
    manifest = program_pb2.Manifest(slots=[program_pb2.WeightExpression(tensor=name) for name in names])
    program = program_pb2.Program(slots=slots, functions=[function])
    return compiler_pb2.Compiled(
        program=program, names=names, manifest=manifest, ranges=spans, fingerprint=path[-8:].encode()
    )


def _read_checkpoint(directory: str) -> list[object]:
    from pathlib import Path

    from aweigh.compiler.manifest.header import read_headers
    from aweigh.proto.v1 import compiler_pb2

    return [
        compiler_pb2.CheckpointTensor(key=key, dtype=int(entry.dtype), shape=entry.shape)  # type: ignore[arg-type]
        for key, entry in read_headers(Path(directory)).items()
    ]


def _compile_call(*_: object) -> object:
    from aweigh.proto.errors import UnsupportedModel

    raise UnsupportedModel("the compiler compiles nothing")


_client = types.ModuleType("aweigh.compiler.client")
_client.compile_model = _compile_model  # type: ignore[attr-defined]
_client.compile_graph = _compile_graph  # type: ignore[attr-defined]
_client.compile_call = _compile_call  # type: ignore[attr-defined]
_client.read_checkpoint = _read_checkpoint  # type: ignore[attr-defined]
sys.modules["aweigh.compiler.client"] = _client
