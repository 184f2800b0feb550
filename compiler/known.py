"""Answers for a checkpoint whose structure was compiled before, without torch and transformers: that is most cold starts.

A manifest depends on the structure and on names, dtypes and shapes of the checkpoint's tensors, not on its files. So it is kept in the
cache beside the Program, by both, and the second checkpoint of a structure costs reading its headers.
"""

from collections.abc import Mapping
from pathlib import Path

from blake3 import blake3

from aweigh.compiler import cache
from aweigh.compiler.manifest.header import TensorEntry, read_headers
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.low_bit import packings
from aweigh.proto.v1 import compiler_pb2 as pb


def structure(request: pb.CompileRequest) -> pb.CompileRequest:
    """The request without its checkpoint: what a Program depends on. Raises CheckpointInvalid where no configuration can be read."""
    alone = pb.CompileRequest()
    alone.CopyFrom(request)
    alone.directory = ""
    if not (request.graph or request.config):
        alone.config = config_text(request.directory)
    return alone


def config_text(directory: str) -> str:
    """The config.json of a directory. Raises CheckpointInvalid where it cannot be read."""
    try:
        return (Path(directory) / "config.json").read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointInvalid(f"{directory} has no readable config.json ({error}).") from None


def asked(request: pb.CompileRequest) -> tuple[pb.CompileRequest, Mapping[str, TensorEntry]]:
    """The request without its checkpoint but with what of it a Program depends on, and the checkpoint's tensors, if one is named.

    Raises:
        CheckpointInvalid, ModelNotFound: the checkpoint cannot be read.
    """
    alone = structure(request)
    if request.graph or not request.directory:
        return alone, {}
    checkpoint = read_headers(Path(request.directory))
    found = packings({key: (entry.dtype, entry.shape) for key, entry in checkpoint.items()})
    for key, packing in sorted(found.items()):
        kind, scale, group, zeros = packing.kind, packing.scale, packing.group, packing.zeros
        alone.low_bit.add(key=key, kind=kind, scale=int(scale), group=group, zeros=zeros)
    return alone, checkpoint


def answer(request: pb.CompileRequest) -> pb.Compiled | None:
    """What the compiler would answer, if the cache has it.

    Raises:
        CheckpointInvalid, ModelNotFound: the checkpoint cannot be read.
    """
    alone, checkpoint = asked(request)
    name = cache.key(alone)
    found = cache.load(name)
    if found is None or request.graph or not request.directory:
        return found
    manifest = recall(name, checkpoint)
    if manifest is None:
        return None
    found.manifest.CopyFrom(manifest.manifest)
    return found


def recall(structure_key: str, checkpoint: Mapping[str, TensorEntry]) -> pb.Compiled | None:
    """The manifest of a checkpoint for a structure, by the structure's name in the cache; None where there is none yet."""
    return cache.load(_name(structure_key, checkpoint))


def remember(structure_key: str, checkpoint: Mapping[str, TensorEntry], compiled: pb.Compiled) -> None:
    """Keeps the manifest of what was just compiled."""
    cache.store(_name(structure_key, checkpoint), pb.Compiled(manifest=compiled.manifest))


def _name(structure_key: str, checkpoint: Mapping[str, TensorEntry]) -> str:
    lines = (f"{name} {entry.dtype.name} {entry.shape}" for name, entry in sorted(checkpoint.items()))
    return blake3("\n".join((structure_key, *lines)).encode()).hexdigest()
