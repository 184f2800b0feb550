"""The compiler as a child process, kept warm: started at the first miss, asked over its pipes, gone with its parent."""

import atexit
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import IO

from google.protobuf.message import DecodeError

from aweigh.compiler.frames import read_frame, write_frame
from aweigh.compiler.locks import lock
from aweigh.compiler.progress import Tell, silent
from aweigh.proto.errors import AweighError, OurBug, PeerFailed
from aweigh.proto.status import KINDS
from aweigh.proto.v1 import compiler_pb2 as pb

_GRACE = 2.0
"""Seconds that a child gets to end by itself."""

_IDLE = 60.0
"""Seconds that a child waits for the next request: a script that loads two models has it warm, one that loaded its model has its memory back."""


class Child:
    """One compiler process. Threads may share it: one request at a time."""

    def __init__(self, idle: float = _IDLE) -> None:
        """`idle`: seconds without a request after which the process ends; the next request starts another."""
        self._idle = idle
        self._lock = lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._complaints: IO[bytes] | None = None

    def ask(self, request: pb.CompileRequest, tell: Tell = silent) -> pb.Compiled:
        """Compiles; starts the process where there is none. `tell` hears of the stages.

        Raises:
            UnsupportedModel, CheckpointInvalid, ModelNotFound, ...: what the compiler answered.
            PeerFailed: the process died.
        """
        with self._lock:
            try:
                answer = self._ask(request, tell)
                if answer is None and self._process is not None and self._process.poll() == 0:
                    answer = self._ask(request, tell)  # it had gone, for want of requests, just before
            except BaseException:  # an interrupt: the next request would read the answer to this one
                if self._process is not None:
                    self._process.kill()
                    self.close()
                raise
            if answer is None:
                words = self._last_words()
                self.close()
                raise PeerFailed(f"The compiler's process died: {words}")
        if answer.HasField("failure"):
            raise _error(answer.failure)
        return answer.compiled

    def _ask(self, request: pb.CompileRequest, tell: Tell) -> pb.CompileAnswer | None:
        """The answer; None where the process died, or is killed because it makes no sense."""
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        try:
            write_frame(process.stdin, request.SerializeToString())  # type: ignore[arg-type]
            while (data := read_frame(process.stdout)) is not None:  # type: ignore[arg-type]
                answer = pb.CompileAnswer.FromString(data)
                if not answer.HasField("progress"):
                    return answer
                tell(answer.progress.stage, answer.progress.done, answer.progress.total)
        except (OSError, EOFError):
            pass
        except (ValueError, DecodeError):
            process.kill()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        return None

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return  # after a fork it is the parent's
        assert process.stdin is not None and process.stdout is not None
        with suppress(OSError):  # what the process did not read any more
            process.stdin.close()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._owner != os.getpid() or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aweigh.compiler", str(self._idle)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env={**os.environ, "AWEIGH": "0"},
                start_new_session=True,
            )
            self._owner = os.getpid()
            atexit.register(self.close)
        return self._process

    def _last_words(self) -> str:
        if self._complaints is None:
            return "it said nothing."
        self._complaints.seek(0)
        lines = self._complaints.read()[-4096:].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."


def _error(failure: pb.CompileFailure) -> AweighError:
    return KINDS.get(failure.kind, OurBug)(failure.sentence)
