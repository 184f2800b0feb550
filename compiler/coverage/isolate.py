"""Runs a function of the wire's size in a forked child, with a limit of time and one of memory.

Forked from a process that has imported everything and started no thread, so that a child costs what its model costs and not six
seconds of imports. A child that is killed leaves no answer.
"""

import contextlib
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Child:
    """A running child: its process id, the pipe that its answer comes through, and when it has to be done."""

    pid: int
    pipe: int
    deadline: float

    def collect(self) -> tuple[Any, str]:
        """Waits; returns the answer and "", or None and what became of the child."""
        data = bytearray()
        late = False
        while not late:
            left = self.deadline - time.monotonic()
            readable, _, _ = select.select([self.pipe], [], [], max(0.0, left))
            late = not readable
            if not late:
                part = os.read(self.pipe, 1 << 16)
                if not part:
                    break
                data += part
        if late:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        if late:
            return None, "took longer than it may"
        if not data:
            return None, f"died ({os.waitstatus_to_exitcode(status)})"
        return json.loads(data), ""


def start(function: Callable[[], Any], seconds: float, memory: int) -> Child:
    """Starts `function` in a child; its result must be JSON. `memory`: bytes that it may map beyond what this process has."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return Child(pid, reader, time.monotonic() + seconds)
    code = 1
    try:
        os.close(reader)
        _limit(memory)
        with os.fdopen(writer, "wb") as answer:
            answer.write(json.dumps(function()).encode())
        code = 0
    finally:
        os._exit(code)


def _limit(memory: int) -> None:
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
    silent = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silent, descriptor)
