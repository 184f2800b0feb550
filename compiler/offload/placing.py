"""From a checkpoint's directory to a place: the compile child makes the Program, the front door loads it on a worker."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aweigh.compiler.offload.connection import connection


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model runs: its name there, the worker's address, and which optional outputs its Program has."""

    model: str
    worker: str
    outputs: frozenset[str]


def place(directory: str, config: Any, dtype: str, class_name: str, buffers: Mapping[str, Any]) -> Place:
    """Compiles (or finds compiled) and loads. Raises UnsupportedModel, CheckpointInvalid, EngineUnreachable, EngineLost, Overloaded.

    directory: of the checkpoint; config: the model's PreTrainedConfig as it is now; dtype: torch's name of the weights' dtype;
    buffers: tensors of the model that no checkpoint holds and that the script cast (`model.half()` rounds rotary frequencies too).
    """
    from aweigh.compiler.client import compile_model
    from aweigh.proto.v1 import engine_pb2

    compiled = compile_model(directory, config=config.to_dict(), dtype=dtype, class_name=class_name)
    manifest = _with_buffers(compiled, buffers) if buffers else compiled.manifest
    text = config.get_text_config(decoder=True)
    live = connection()
    content = compiled.fingerprint + manifest.SerializeToString(deterministic=True) + _files(directory)
    request = engine_pb2.LoadModelRequest(
        model=f"{directory}@{hashlib.blake2b(content, digest_size=8).hexdigest()}",
        program=compiled.program,
        manifest=manifest,
        fingerprint=compiled.fingerprint,
        directory=directory,
        limits=engine_pb2.ModelLimits(
            context_length=getattr(text, "max_position_embeddings", None) or 0,
            vocabulary_size=getattr(text, "vocab_size", None) or 0,
        ),
    )
    found = live.ask(lambda: live.front_door.LoadModel, request)
    outputs = {output.name for function in compiled.program.functions for output in function.outputs if output.optional}
    return Place(found.model.model, found.address, frozenset(outputs))


def _files(directory: str) -> bytes:
    """Which files the weights are, without opening one: a checkpoint that is saved anew is another model."""
    found = []
    for path in sorted(Path(directory).glob("*.safetensors")):
        status = path.stat()
        found.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(found).encode()


def _with_buffers(compiled: Any, buffers: Mapping[str, Any]) -> Any:
    """The manifest with the script's values where it has literals, in the dtype of their slots."""
    import torch

    from aweigh.proto.dtypes import DType
    from aweigh.proto.v1 import program_pb2

    manifest = program_pb2.Manifest()
    manifest.CopyFrom(compiled.manifest)
    for name, slot, expression in zip(compiled.names, compiled.program.slots, manifest.slots, strict=False):
        if name in buffers and expression.WhichOneof("node") == "literal":
            values = buffers[name].to(getattr(torch, DType(slot.dtype).torch_name)).contiguous()
            if list(values.shape) == list(expression.literal.shape):
                expression.literal.data = values.flatten().view(torch.uint8).numpy().tobytes()
    return manifest
