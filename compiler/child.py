"""The compiler as a child process, kept warm: started at the first miss, asked over its pipes, gone with its parent."""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO

from google.protobuf.message import DecodeError

from aweigh.compiler.frames import read_frame, write_frame
from aweigh.proto.errors import AweighError, OurBug, PeerFailed
from aweigh.proto.status import KINDS
from aweigh.proto.v1 import compiler_pb2 as pb

_GRACE = 2.0
"""Seconds that a child gets to end by itself."""


class Child:
    """One compiler process. Threads may share it: one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def ask(self, request: pb.CompileRequest) -> pb.Compiled:
        """Compiles; starts the process where there is none.

        Raises:
            UnsupportedModel, CheckpointInvalid, ModelNotFound, ...: what the compiler answered.
            PeerFailed: the process died.
        """
        with self._lock:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            try:
                write_frame(process.stdin, request.SerializeToString())  # type: ignore[arg-type]
                data = read_frame(process.stdout)  # type: ignore[arg-type]
                answer = pb.CompileAnswer.FromString(data or b"")
            except (OSError, EOFError, ValueError, DecodeError):
                data = None
            if data is None:
                process.kill()
                self.close()
                raise PeerFailed(f"The compiler's process died: {self._last_words()}")
        if answer.HasField("failure"):
            raise _error(answer.failure)
        return answer.compiled

    def close(self) -> None:
        """Ends the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
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
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "aweigh.compiler"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env={**os.environ, "AWEIGH": "0"},
                start_new_session=True,
            )
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
