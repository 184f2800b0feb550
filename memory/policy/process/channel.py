"""The parent's end of the pipe to a user's policy. No method blocks, but `wait`, and that not beyond its end."""

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from aweigh.memory.policy.process import wire

_MOST_BACKLOG = 8 << 20  # bytes that the child has not read
_RECEIVE = 1 << 16


class Gone(Exception):
    """The child has ended, or does not read. Its text says which."""


class Channel:
    """One child process. It is started by the constructor, which does not wait for it."""

    def __init__(self, name: str, parameters: Mapping[str, object], directory: Path | None) -> None:
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._backlog = bytearray()
        self._frames = wire.Frames(wire.MOST_ANSWER_BYTES)
        module = f"{__package__}.child"
        command = [sys.executable, "-m", module, name, str(theirs.fileno()), json.dumps(dict(parameters))]
        if directory is not None:
            command.append(str(directory))
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with theirs:
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=_environment(), **quiet)  # type: ignore[call-overload]
        self.process = self._process.pid
        self._poll = select.poll()
        self._poll.register(self._ours, select.POLLIN)

    @property
    def backlog(self) -> int:
        """Bytes that the child has not taken."""
        return len(self._backlog)

    def send(self, data: bytes | bytearray) -> None:
        """Raises Gone."""
        self._backlog += data
        try:
            while self._backlog:
                with memoryview(self._backlog) as view:
                    sent = self._ours.send(view)
                del self._backlog[:sent]
        except BlockingIOError:
            pass
        except OSError:
            raise Gone(self._end()) from None
        if len(self._backlog) > _MOST_BACKLOG:
            raise Gone("it does not read what it is told")

    def receive(self) -> Iterator[tuple[int, bytes]]:
        """Frames that are there. Raises Gone and wire.NoAnswer, which ends a child that sends more than one answer's worth at once."""
        left = 2 * wire.MOST_ANSWER_BYTES
        while left > 0:
            try:
                data = self._ours.recv(_RECEIVE)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                raise Gone(self._end())
            left -= len(data)
            yield from self._frames.add(data)
        raise wire.NoAnswer("more than anybody asked for")

    def wait(self, until: float) -> bool:
        """Waits until something came, or can be sent, but not beyond `until` (seconds of time.monotonic). Returns whether it did."""
        left = until - time.monotonic()
        if left <= 0:
            return False
        self._poll.modify(self._ours, select.POLLIN | (select.POLLOUT if self._backlog else 0))
        return bool(self._poll.poll(left * 1e3))

    def kill(self) -> None:
        """Ends the child. Somebody else waits for its end: a process with much memory takes its time."""
        self._ours.close()
        self._process.kill()
        threading.Thread(target=self._process.wait, name="reaper", daemon=True).start()

    def _end(self) -> str:
        code = self._process.poll()
        return "its process ended" if code is None else f"its process ended with code {code}"


def _environment() -> dict[str, str]:
    """One thread is all that a policy has to itself."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}
