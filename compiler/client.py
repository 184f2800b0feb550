"""What everybody calls who needs a model compiled: the cache on disk first, then the compiler's process.

    compiled = compile_model("/models/llama", dtype="bfloat16")

Neither torch nor MLIR is imported here.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aweigh.compiler import cache as disk
from aweigh.compiler.child import Child
from aweigh.compiler.progress import Tell, silent
from aweigh.proto.errors import ModelNotFound
from aweigh.proto.v1 import compiler_pb2 as pb


@cache
def _child() -> Child:
    return Child()


def compile_model(
    directory: str | Path | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    dtype: str = "",
    class_name: str = "",
    adapters: pb.Adapters | None = None,
    tell: Tell = silent,
) -> pb.Compiled:
    """The Program of a model, and its manifest. Without a `directory` the manifest takes the module's names for a checkpoint's keys.

    Args:
        directory: of a checkpoint, with safetensors files and, unless `config` is given, a config.json.
        config: a transformers configuration as `to_dict` gives it; None: the one in `directory`.
        dtype: torch's name of the dtype of the weights; empty: as the configuration says, else float32.
        class_name: the modelling class that is meant; empty: the one for language models.
        adapters: that peft puts into the model; in the manifest their tensors are named by themselves.
        tell: hears of the stages, where there is something to do.

    Raises:
        ModelNotFound: no such directory.
        CheckpointInvalid: the configuration or the headers of the checkpoint are damaged, or do not fit each other.
        UnsupportedModel: the model has no counterpart in a Program; the sentence names what stands in the way.
        PeerFailed: the compiler's process died.
    """
    if directory is not None and not Path(directory).is_dir():
        raise ModelNotFound(f"There is no directory {str(directory)!r}: give the path of a checkpoint.")
    if directory is None and config is None:
        raise ModelNotFound("Give a checkpoint's directory or a configuration.")
    request = pb.CompileRequest(
        config="" if config is None else json.dumps(dict(config), default=str),
        directory="" if directory is None else str(Path(directory).resolve()),
        dtype=dtype or _dtype(directory, config),
        class_name=class_name,
        adapters=adapters,
    )
    return _answer(request, tell)


def compile_call(request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
    """The Program of one call of a class of transformers, as the fields of `request` from `call` on say it, and its manifest.

    Raises as `compile_model`; UnsupportedModel also where a module is not what its configuration says.
    """
    return _answer(request, tell)


def compile_graph(request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
    """The Program of one graph (`CompileRequest.graph`). Raises UnsupportedModel, PeerFailed as `compile_model`."""
    return _answer(request, tell)


def read_checkpoint(directory: str | Path) -> list[pb.CheckpointTensor]:
    """What the safetensors files of a directory hold. They are opened by the compiler's process, not by this one.

    Raises ModelNotFound, CheckpointInvalid, PeerFailed.
    """
    request = pb.CompileRequest(directory=str(Path(directory).resolve()), checkpoint_only=True)
    return list(_answer(request, silent).checkpoint)


def _answer(request: pb.CompileRequest, tell: Tell) -> pb.Compiled:
    """From the cache on disk, or else from the compiler's process."""
    name = disk.key(request)
    found = disk.load(name)
    if found is not None:
        return found
    tell("waiting for the compiler")
    with disk.locked(name):
        found = disk.load(name)
        if found is None:
            found = _child().ask(request, tell)
            disk.store(name, found)
    return found


def _dtype(directory: str | Path | None, config: Mapping[str, Any] | None) -> str:
    if config is None and directory is not None:
        try:
            config = json.loads((Path(directory) / "config.json").read_bytes())
        except (OSError, ValueError):
            return "float32"
    said = (config or {}).get("dtype") or (config or {}).get("torch_dtype")
    return str(said).removeprefix("torch.") if said else "float32"
