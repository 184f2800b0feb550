"""An engine for the time of one measurement: a front door with one worker, ended with this process."""

from __future__ import annotations

import os
import subprocess
import sys
from types import TracebackType
from typing import Self

import psutil


class Engine:
    """A private cluster of one worker with `threads` compute threads, and other settings of its section `workers`. A context manager:
    leaving it ends the cluster.

    `environment` is what a script needs to find it.
    """

    def __init__(self, threads: int, **settings: int) -> None:
        given = {f"AWEIGH_WORKERS__{name.upper()}": str(value) for name, value in settings.items()}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "aweigh.serverless", "--private"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "AWEIGH_WORKERS__THREADS": str(threads), "OMP_NUM_THREADS": str(threads), **given},
        )
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith("ready "):
                self.environment = {"AWEIGH_ENGINE": line.split()[1]}
                return
        raise RuntimeError(f"the cluster ended with code {self._process.wait()} before it was ready.")

    def pids(self) -> set[int]:
        """All processes of the cluster that live at this moment."""
        door = psutil.Process(self._process.pid)
        return {door.pid, *(child.pid for child in door.children(recursive=True))}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdout
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
