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


_client = types.ModuleType("aweigh.compiler.client")
_client.compile_model = _compile_model  # type: ignore[attr-defined]
sys.modules["aweigh.compiler.client"] = _client
