"""A process whose stderr is a terminal."""

import contextlib
import os
import pty
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@dataclass(frozen=True, slots=True)
class Seen:
    """`stderr`: what the terminal was sent, control sequences left out; `raw`: those included."""

    code: int
    stdout: str
    raw: str

    @property
    def stderr(self) -> str:
        return _CONTROL.sub("", self.raw)


def on_terminal(command: Sequence[object], env: Mapping[str, str], timeout: float = 120) -> Seen:
    """Runs a command with stdout in a pipe and stderr on a terminal of 120 columns."""
    master, slave = pty.openpty()
    received = bytearray()

    def read() -> None:
        with contextlib.suppress(OSError):  # EIO is how a terminal says that nobody is there any more
            while part := os.read(master, 1 << 16):
                received.extend(part)

    variables = {**env, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave, env=variables
    ) as process:
        os.close(slave)
        reader = threading.Thread(target=read)
        reader.start()
        try:
            stdout, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            reader.join()
            os.close(master)
    return Seen(process.returncode, stdout.decode(), received.decode(errors="replace"))
