"""The loop of the compiler's process: a request from standard input, an answer to standard output, until the input ends."""

import ctypes
import os
import select
import signal
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from aweigh.compiler import known
from aweigh.compiler.frames import read_frame, write_frame
from aweigh.compiler.manifest.header import read_headers
from aweigh.compiler.progress import Tell
from aweigh.proto.errors import AweighError
from aweigh.proto.v1 import compiler_pb2 as pb

_PR_SET_PDEATHSIG = 1


def serve(idle: float) -> None:
    """Serves until the parent closes the pipe or dies, or asks for nothing for `idle` seconds: torch and transformers are too large to wait."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    requests = sys.stdin.buffer
    while select.select([requests], [], [], idle)[0] and (data := read_frame(requests)) is not None:
        _reply(answers, data)


def _headers(request: pb.CompileRequest) -> pb.Compiled:
    found = pb.Compiled()
    for key, entry in read_headers(Path(request.directory)).items():
        found.checkpoint.add(key=key, dtype=int(entry.dtype), shape=entry.shape)
    return found


def _compiled(request: pb.CompileRequest, tell: Tell) -> pb.Compiled:
    found = known.answer(request)
    if found is not None:
        return found
    tell("importing transformers")
    from aweigh.compiler.compilation import answer

    return answer(request, tell)


def _reply(answers: BinaryIO, data: bytes) -> None:
    def tell(stage: str, done: int = 0, total: int = 0, /, *, of_bytes: bool = False) -> None:
        said = pb.CompileAnswer(progress=pb.CompileProgress(stage=stage, done=done, total=total))
        write_frame(answers, said.SerializeToString(deterministic=True))

    try:
        request = pb.CompileRequest.FromString(data)
        reply = pb.CompileAnswer(compiled=_headers(request) if request.checkpoint_only else _compiled(request, tell))
    except AweighError as error:
        reply = pb.CompileAnswer(failure=pb.CompileFailure(kind=type(error).__name__, sentence=str(error)))
    except Exception as error:  # noqa: BLE001 (the peer learns of our bug; the process lives on)
        traceback.print_exc()
        sentence = f"The compiler failed on this model: {type(error).__name__}: {error}"
        reply = pb.CompileAnswer(failure=pb.CompileFailure(kind="OurBug", sentence=sentence[:2000]))
    write_frame(answers, reply.SerializeToString(deterministic=True))
