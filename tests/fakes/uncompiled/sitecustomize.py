"""A user's own sitecustomize, chained after ours: puts a compiler that compiles nothing where `aweigh.compiler.client` would be.

The oracle behind these tests needs no Program but for the dtype of its first slot.
"""

import sys
import types


def _compile_model(directory: str, *, dtype: str, **_: object) -> object:
    from aweigh.proto.v1 import program_pb2

    program = program_pb2.Program(
        slots=[program_pb2.Slot(dtype=f"DTYPE_{dtype.upper()}", shape=[1])],
        functions=[
            program_pb2.Function(name="body", outputs=[program_pb2.FunctionOutput(name="hidden_states", optional=True)])
        ],
    )
    return types.SimpleNamespace(program=program, manifest=program_pb2.Manifest(), fingerprint=b"", names=())


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
_client.compile_call = _compile_call  # type: ignore[attr-defined]
_client.read_checkpoint = _read_checkpoint  # type: ignore[attr-defined]
sys.modules["aweigh.compiler.client"] = _client
