"""From a checkpoint's directory to a place: the compile child makes the Program, the front door loads it on a worker."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aweigh.compiler.offload.connection import Connection, connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.compiler.offload.settings import current
from aweigh.compiler.progress import Tell, showing, silent
from aweigh.proto.errors import Overloaded

_LENGTHS = ("max_position_embeddings", "max_seq_len")  # what configurations call the longest context
_ROUNDS = 4  # of loading and putting what is missing: the front door may choose another worker in between
_LOOK = 0.2  # seconds between two looks at how far a load is, while somebody watches


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model runs: its name there, the worker's address, which optional outputs its Program has, how many ops one step runs.

    `gaps`: columns between two tokens of a row may be left out, since positions alone say how far apart they are.
    `end`: how many columns the tables of linear biases may have that the model's own code makes; 0 where it makes none.
    `encoder`: the names of what its encoder takes, if it has one. `recurrent`: it keeps a state that takes every column.
    """

    model: str
    worker: str
    outputs: frozenset[str]
    ops: int = 0
    gaps: bool = False
    encoder: tuple[str, ...] = ()
    end: int = 0
    recurrent: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What peft's adapters add to a model: what the compiler is asked for, where their tensors' bytes are, by the names in its answer, and
    those among them, by digest, that are in no file."""

    adapters: Any
    expressions: Mapping[str, Any]
    contents: Mapping[bytes, Any]


_NOTHING = Beside(None, {}, {})


def place(
    directory: str,
    config: Any,
    dtype: str,
    class_name: str,
    buffers: Mapping[str, Any],
    note: Callable[[Any], None],
    beside: Beside = _NOTHING,
) -> Place:
    """Compiles (or finds compiled) and loads. Raises UnsupportedModel, CheckpointInvalid, EngineUnreachable, EngineLost, Overloaded.

    directory: of the checkpoint; config: the model's PreTrainedConfig as it is now; dtype: torch's name of the weights' dtype;
    buffers: tensors of the model that no checkpoint holds and that the script cast (`model.half()` rounds rotary frequencies too);
    note: hears of what was compiled.
    """
    settings = current()
    watched = not settings.quiet and settings.root in (0, os.getpid())  # children of a run would write over each other
    with showing(f"aweigh: {class_name}", wanted=watched) as tell:
        return _place(directory, config, dtype, class_name, buffers, note, beside, tell)


def _place(
    directory: str,
    config: Any,
    dtype: str,
    class_name: str,
    buffers: Mapping[str, Any],
    note: Callable[[Any], None],
    beside: Beside,
    tell: Tell,
) -> Place:
    from aweigh.compiler.client import compile_model

    said = {} if beside.adapters is None else {"adapters": beside.adapters}
    compiled = compile_model(directory, config=config.to_dict(), dtype=dtype, class_name=class_name, tell=tell, **said)
    note(compiled)
    for name, slot in zip(compiled.names, compiled.manifest.slots, strict=False):
        if name in beside.expressions:
            slot.CopyFrom(beside.expressions[name])
    if buffers:
        compiled.manifest.CopyFrom(with_buffers(compiled, buffers))
    draft = current().draft_for(directory)
    beginner = _draft(draft, tell) if draft and os.path.realpath(draft) != os.path.realpath(directory) else ""
    return load(directory, compiled, tell, _limits(config), beside.contents, beginner)


def _limits(config: Any) -> Any:
    from aweigh.proto.v1 import engine_pb2

    text = config.get_text_config(decoder=True)
    return engine_pb2.ModelLimits(
        context_length=next((found for name in _LENGTHS if (found := getattr(text, name, None))), 0),
        vocabulary_size=getattr(text, "vocab_size", None) or 0,
    )


def _draft(directory: str, tell: Tell) -> str:
    """Compiles and loads a model that drafts; its name on the engine."""
    from transformers import AutoConfig

    from aweigh.compiler.client import compile_model

    config = AutoConfig.from_pretrained(directory)
    return load(directory, compile_model(directory, tell=tell), tell, _limits(config)).model


def load(
    directory: str,
    compiled: Any,
    tell: Tell,
    limits: Any = None,
    contents: Mapping[bytes, Any] | None = None,
    draft: str = "",
) -> Place:
    """Loads a `Compiled` with the weights of a checkpoint, and those of `contents` by their digests; `draft`: the name of the model that drafts for it.

    Raises CheckpointInvalid, EngineUnreachable, EngineLost, Overloaded."""
    from aweigh.proto.v1 import engine_pb2

    tell("finding or starting an engine")
    live = connection()
    content = compiled.fingerprint + compiled.manifest.SerializeToString(deterministic=True) + _files(directory)
    content += draft.encode()
    request = engine_pb2.LoadModelRequest(
        model=f"{directory}@{hashlib.blake2b(content, digest_size=8).hexdigest()}",
        program=compiled.program,
        manifest=compiled.manifest,
        fingerprint=compiled.fingerprint,
        directory=directory,
        limits=limits,
        lease=live.lease if contents else "",
        draft=draft,
    )
    found = _load_with(live, request, contents or {}, tell)
    outputs = {output.name for function in compiled.program.functions for output in function.outputs if output.optional}
    functions = {function.name: function for function in compiled.program.functions}
    taken = [entry.name for entry in functions["encode"].inputs] if "encode" in functions else []
    return Place(
        found.model.model,
        found.address,
        frozenset(outputs),
        _executed(compiled.program),
        _gaps(compiled.program),
        tuple(taken),
        limits.context_length if limits is not None and _biased(compiled.program) else 0,
        any(state.WhichOneof("kind") == "recurrent" for state in compiled.program.states),
    )


def _load_with(live: Connection, request: Any, contents: Mapping[bytes, Any], tell: Tell) -> Any:
    """Loads, and puts there what the engine lacks of `contents`."""
    for _ in range(_ROUNDS):
        tell("loading")
        found = _load(live, request, tell)
        if not found.model.missing:
            return found
        from aweigh.compiler.offload.module.loads import put

        tell("sending weights")
        put(live, found.address, {digest: contents[digest] for digest in found.model.missing})
    raise Overloaded("the engine does not keep the weights that it is given: it has too little memory for them")


def _biased(program: Any) -> bool:
    return any(operand.WhichOneof("operand") for op in _attends(program) for operand in op.operands[4:5])


def _attends(program: Any) -> list[Any]:
    blocks = [block for function in program.functions for block in function.blocks]
    return [op for block in blocks for op in block.ops if op.kind == "attend"]


def _gaps(program: Any) -> bool:
    """Windows, chunks, biases and selections count tokens, and recurrences take every column."""
    if any(state.WhichOneof("kind") != "key_value" for state in program.states):
        return False
    return not any(_measures(op) for op in _attends(program))


def _measures(attend: Any) -> bool:
    measured = attend.operands[4:]  # slopes, a selection of keys, a bias by distance
    named = {attribute.name for attribute in attend.attributes}
    return bool(named & {"window", "chunk"}) or any(operand.WhichOneof("operand") for operand in measured)


def _executed(program: Any) -> int:
    """Ops with loops unrolled; fetching a weight is none."""
    blocks = [block for function in program.functions for block in function.blocks]
    return sum(block.repeat * sum(op.kind != "weight" for op in block.ops) for block in blocks)


def _load(live: Connection, request: Any, tell: Tell) -> Any:
    """Loads, and looks now and then how far that is if somebody watches. Only a courier touches the wire; only this thread tells."""
    if tell is silent:
        return live.ask(lambda: live.front_door.LoadModel, request)
    from aweigh.proto.v1 import front_door_pb2

    def work(errand: Errand[None]) -> None:
        def look() -> None:
            for worker in live.front_door.Status(front_door_pb2.StatusRequest(), timeout=5).workers:
                for entry in worker.stats.loading:
                    if entry.model == request.model:
                        errand.answers.put((False, (entry.bytes_done, entry.bytes_total), None))

        answer = live.carry(errand, live.front_door.LoadModel, request, _LOOK, look)
        errand.answers.put((False, answer, None))

    events, found = couriers().stream(work), None
    try:
        for found in events:
            if isinstance(found, tuple):
                tell("loading", *found, of_bytes=True)
    except BaseException:
        events.cancel()
        raise
    return found


def _files(directory: str) -> bytes:
    """Which files the weights are, without opening one: a checkpoint that is saved anew is another model."""
    found = []
    for path in sorted(Path(directory).glob("*.safetensors")):
        status = path.stat()
        found.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(found).encode()


def with_buffers(compiled: Any, buffers: Mapping[str, Any]) -> Any:
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
                flat = values.as_strided((values.numel(),), (1,))  # one element is contiguous with any stride
                expression.literal.data = flat.view(torch.uint8).numpy().tobytes()
    return manifest
