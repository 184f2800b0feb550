"""The order of use as the compiler knows it, asked of its process: `python -m aweigh.compiler` over pipes.

This room does not import the compiler. What it needs of it is data: a manifest, whose leaves in the order of slots are the tensors in
the order of use, and the Program's fingerprint. The process reads configuration and headers, never weights, and keeps what it compiled in
its cache: a publish of a structure that some script has used costs no compilation. Whatever goes wrong there is a reason and no
failure; the order then comes from names.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from google.protobuf.message import DecodeError

from aweigh.memory.store.matrices import matrices
from aweigh.proto.convert import program_from_message
from aweigh.proto.v1 import compiler_pb2 as pb
from aweigh.proto.v1 import program_pb2

_PATIENCE = 600.0  # seconds
_LIMIT = 1 << 28  # bytes of an answer


class NoProgram(Exception):
    """There is no Program for a checkpoint, or nobody to ask. The message says why."""


@dataclass(frozen=True, slots=True)
class ProgramOrder:
    """`leaves`: tensors of the checkpoint by first use. `fingerprint`: of the Program. `products`: those that nothing but products reads, as the
    matrices of linear layers; `head`: the same of the function `head`."""

    leaves: tuple[str, ...]
    fingerprint: bytes
    products: tuple[str, ...] = ()
    head: tuple[str, ...] = ()


def ask(directory: Path, tell: Callable[[str], None]) -> ProgramOrder:
    """Raises NoProgram. `tell` hears what is being done."""
    request = pb.CompileRequest(directory=str(directory), dtype=_dtype(directory))
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "aweigh.compiler", "60"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, "AWEIGH": "0"},
        )
        watch = threading.Timer(_PATIENCE, process.kill)
        watch.start()
        try:
            answer = _answer(process, request, tell)
        finally:
            watch.cancel()
            process.kill()
            process.communicate()
        if answer is None:
            raise NoProgram(f"the compiler's process ended: {_last_words(complaints)}")
    if answer.HasField("failure"):
        raise NoProgram(answer.failure.sentence)
    leaves = [leaf for slot in answer.compiled.manifest.slots for leaf in _leaves(slot)]
    program = program_from_message(answer.compiled.program)
    slots = list(map(_only, answer.compiled.manifest.slots))
    head = matrices(program, slots, {"head"})
    products = matrices(program, slots, {function.name for function in program.functions})
    return ProgramOrder(
        tuple(dict.fromkeys(leaves)),
        answer.compiled.fingerprint,
        tuple(name for name in products if name not in head),
        tuple(name for name in head if name in products),
    )


def _answer(
    process: subprocess.Popen[bytes], request: pb.CompileRequest, tell: Callable[[str], None]
) -> pb.CompileAnswer | None:
    """None: the process ended, or talks nonsense."""
    assert process.stdin is not None and process.stdout is not None
    data = request.SerializeToString()
    try:
        process.stdin.write(len(data).to_bytes(4, "little") + data)
        process.stdin.flush()
        while len(head := process.stdout.read(4)) == 4:
            length = int.from_bytes(head, "little")
            if length > _LIMIT:
                return None
            answer = pb.CompileAnswer.FromString(process.stdout.read(length))
            if not answer.HasField("progress"):
                return answer
            tell(answer.progress.stage)
    except (OSError, DecodeError):
        pass
    return None


def _only(slot: program_pb2.WeightExpression) -> str:
    """The tensor that a slot is, cast perhaps; empty where it is more than that."""
    while slot.WhichOneof("node") == "cast":
        slot = slot.cast.source
    return slot.tensor if slot.WhichOneof("node") == "tensor" else ""


def _leaves(slot: program_pb2.WeightExpression) -> Iterator[str]:
    kind = slot.WhichOneof("node")
    match kind:
        case "tensor":
            yield slot.tensor
        case "permute" | "view" | "chunk" | "cast":
            yield from _leaves(getattr(slot, kind).source)
        case "stack" | "concatenate":
            for source in getattr(slot, kind).sources:
                yield from _leaves(source)


def _dtype(directory: Path) -> str:
    """Of the configuration, as every script gets it that asks for none. Raises NoProgram."""
    try:
        config = json.loads((directory / "config.json").read_bytes())
        said = config.get("dtype") or config.get("torch_dtype")
    except (OSError, ValueError, AttributeError):
        raise NoProgram("there is no config.json that can be read") from None
    return str(said).removeprefix("torch.") if said else "float32"


def _last_words(complaints: IO[bytes]) -> str:
    complaints.seek(0, os.SEEK_END)
    complaints.seek(max(0, complaints.tell() - 4096))
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
