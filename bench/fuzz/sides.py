"""The two sides: the same script in a plain process and under `aweigh run`, asked the same cases at the same time.

A process plays a few hundred cases. One that dies over a case, or does not answer, has answered that case with its end; the next
case gets a new one.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

from bench.fuzz.case import Case
from bench.player import AWEIGH, Player, plain

PATIENCE = 120.0  # seconds: a first case compiles its model
CASES_PER_PROCESS = 300


def offloaded() -> tuple[str, ...]:
    """Not strict: what cannot be offloaded runs here, and that is counted."""
    return (str(AWEIGH), "run", "--quiet")


class Side:
    """One side at work. A context manager."""

    def __init__(
        self, start: tuple[str, ...], models: Path, *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self._start, self._arguments = start, (str(models), *options)
        self._environment = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **(environment or {})}
        self._player: Player | None = None
        self._played = 0
        self._watch: Timer | None = None
        self._late = False

    def send(self, case: Case) -> None:
        """Put a case. From now on the process has `PATIENCE` seconds to answer it."""
        if self._player is None:
            self._player = Player(self._start, "fuzz/play.py", *self._arguments, environment=self._environment)
        self._late = False
        self._watch = Timer(PATIENCE, self._end, (self._player.pid,))
        self._watch.start()
        self._player.send(case.message())

    def receive(self) -> dict[str, Any]:
        """The answer, or `died`: how the process ended, and `late`: whether that was because it did not answer."""
        assert self._player
        assert self._watch
        try:
            answer = self._player.receive()
        except RuntimeError as error:
            self.close()
            return {"died": str(error), "late": self._late}
        finally:
            self._watch.cancel()
        self._played += 1
        if self._played % CASES_PER_PROCESS == 0:
            self.close()
        return answer

    def _end(self, pid: int) -> None:
        self._late = True
        os.kill(pid, signal.SIGKILL)

    def close(self) -> None:
        """End the process."""
        if self._player is not None:
            self._player.__exit__(None, None, None)
            self._player = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def plain_side(models: Path, *options: str) -> Side:
    """The oracle."""
    return Side(plain(), models, *options)


def our_side(models: Path, environment: Mapping[str, str]) -> Side:
    """The same script under `aweigh run`."""
    return Side(offloaded(), models, environment=environment)
