"""A script of `bench/scripts` in a process of its own, asked by lines of JSON.

A process that stays lets two sides take turns within one second of each other, which starting them anew would
not, and it keeps what start-up costs out of what is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SCRIPTS = Path(__file__).parent / "scripts"
AWEIGH = Path(sys.executable).with_name("aweigh")

Message = Mapping[str, Any]


def plain() -> tuple[str, ...]:
    """The words that start a script without us."""
    return (sys.executable,)


def offloaded() -> tuple[str, ...]:
    """The words that start a script under `aweigh run`; the engine is the one that AWEIGH_ENGINE names."""
    return (str(AWEIGH), "run", "--strict", "--quiet")


class Player:
    """One script at work. A context manager: leaving it ends the script.

    `environment` is added to this process's. `facts` is what the script said when it was ready (`pid`, `threads`).
    """

    def __init__(
        self, start: Sequence[str], script: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by __exit__
        self._process = subprocess.Popen(
            [*start, str(SCRIPTS / script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.facts = self.receive()

    @property
    def pid(self) -> int:
        """The script's own process."""
        return int(self.facts["pid"])

    def send(self, message: Message) -> None:
        """Put a request without waiting for its answer."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Wait for the next answer; RuntimeError with the script's complaints if it ended instead."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if line:
            return dict(json.loads(line))
        code = self._process.wait()
        self._complaints.seek(0)
        raise RuntimeError(f"{self._process.args!r} ended with code {code}:\n{self._complaints.read()[-4000:]}")

    def ask(self, message: Message) -> dict[str, Any]:
        """Put a request and wait for its answer."""
        self.send(message)
        return self.receive()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._complaints.close()
