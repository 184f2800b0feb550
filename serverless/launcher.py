"""Workers as child processes of the front door: obeys the Supervisor, and links each worker that is ready.

A child dies with its parent (the worker asks the kernel for SIGTERM on its parent's death), and is killed with its process group.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import psutil

from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import front_door_pb2
from aweigh.serverless.config import ClusterConfig
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.supervision import Drain, Instruction, Kill, Start, Supervisor, WorkerState
from aweigh.serverless.worker_link import WorkerLink

_log = logging.getLogger(__name__)
_LAST_WORDS = (
    1.0  # seconds in which the log of a worker that is gone is read to its end: a child of it may hold it open
)
_KILL_AFTER = 5.0  # seconds that a worker gets beyond its draining before it is killed


class Launcher:
    """Starts, watches, restarts and drains the workers of one machine."""

    def __init__(self, config: ClusterConfig, front_door: FrontDoor, directory: Path) -> None:
        self.config = config.workers
        self.log = config.log
        self.store = config.store
        self.front_door = front_door
        self.directory = directory
        names = tuple(f"worker-{index}" for index in range(self.config.count))
        self.supervisor = Supervisor(names, self.config.start_timeout, self.config.drain_timeout + _KILL_AFTER)
        self._processes: dict[str, Process] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self.first_ready = asyncio.Event()
        self.hopeless = asyncio.Event()
        front_door.describe_workers = self.describe
        front_door.drain_worker = self.drain

    async def run(self) -> None:
        """Returns when every worker is dead after `leave`."""
        workers = self.supervisor.workers
        while not (self.supervisor.leaving and all(w.state is WorkerState.DEAD for w in workers.values())):
            self._obey(self.supervisor.tick(time.monotonic()))
            due = self.supervisor.next_decision()
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), None if due is None else max(0.0, due - time.monotonic()))

    def leave(self) -> None:
        """Begins the orderly end."""
        self._obey(self.supervisor.leave(time.monotonic()))
        self._changed.set()

    def drain(self, name: str, undo: bool) -> None:
        """Takes a worker out of service, or back into it. Raises InvalidRequest where there is no such worker."""
        if name not in self.supervisor.workers:
            known = ", ".join(self.supervisor.workers)
            raise InvalidRequest(f"there is no worker {name!r}: there are {known}")
        now = time.monotonic()
        if undo:
            self.supervisor.undrain(name, now)
        else:
            self.front_door.worker_leaves(name)
            self._obey(self.supervisor.drain(name, now))
        self._changed.set()

    def kill(self) -> None:
        """Ends everything at once."""
        for process in self._processes.values():
            _signal(process, signal.SIGKILL)

    def describe(self) -> list[front_door_pb2.StatusResponse.Worker]:
        return [
            front_door_pb2.StatusResponse.Worker(
                name=name,
                address=self._address(name),
                state=worker.state.value,
                restarts=worker.restarts,
                process=self._processes[name].pid if name in self._processes else 0,
            )
            for name, worker in self.supervisor.workers.items()
        ]

    def _obey(self, instructions: list[Instruction]) -> None:
        for instruction in instructions:
            match instruction:
                case Start(worker):
                    task = asyncio.create_task(self._live(worker))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                case Kill(worker, reason):
                    _log.error("%s is killed: %s", worker, reason)
                    _signal(self._processes.get(worker), signal.SIGKILL)
                case Drain(worker):
                    _signal(self._processes.get(worker), signal.SIGTERM)

    async def _live(self, name: str) -> None:
        """One life of one worker, whatever ends it."""
        try:
            await self._run(name)
        except (OSError, ValueError):  # nothing to execute, or a line without end on its stdout
            _log.exception("%s failed", name)
            process = self._processes.get(name)
            _signal(process, signal.SIGKILL)
            if process is not None:
                await process.wait()
        self.front_door.worker_gone(name)
        self._processes.pop(name, None)
        self.supervisor.exited(name, time.monotonic())
        if self.supervisor.hopeless:
            self.hopeless.set()
        self._changed.set()

    async def _run(self, name: str) -> None:
        """From start to exit."""
        process = self._processes[name] = await asyncio.create_subprocess_exec(
            *self._command(name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
            env=self._environment(),
        )
        if self._is_unwanted(name):
            _signal(process, signal.SIGTERM)
        assert process.stdout is not None and process.stderr is not None
        carrying = asyncio.create_task(self._carry(name, process.stderr))
        link: asyncio.Task[None] | None = None
        async for line in process.stdout:
            word, _, address = line.decode(errors="replace").strip().partition(" ")
            if word == "ready" and link is None:
                worker = WorkerLink(name, address)
                link = asyncio.create_task(worker.run())
                # Without its stream a worker is of no use, alive or not: it drains, exits, and is started again.
                link.add_done_callback(lambda _: _signal(process, signal.SIGTERM))
                await self.front_door.worker_ready(worker)
                if self._is_unwanted(name):
                    self.front_door.worker_leaves(name)
                self.supervisor.ready(name, time.monotonic())
                self.first_ready.set()
                _log.info("%s is ready at %s", name, address)
        code = await process.wait()
        self.front_door.worker_gone(name)
        if link is not None:
            await link
        await asyncio.wait((carrying,), timeout=_LAST_WORDS)
        carrying.cancel()
        (_log.info if self._is_unwanted(name) else _log.error)("%s exited with code %d", name, code)

    def _is_unwanted(self, name: str) -> bool:
        return self.supervisor.leaving or self.supervisor.workers[name].away

    async def _carry(self, name: str, stream: asyncio.StreamReader) -> None:
        async for data in self.front_door.log_lines.carry(name, stream):
            sys.stderr.buffer.write(data)
            sys.stderr.buffer.flush()

    def _command(self, name: str) -> list[str]:
        config = self.config
        index = int(name.rpartition("-")[2])
        device = f"cuda:{index}" if config.device == "cuda" else config.device
        threads = config.threads or _default_threads() // config.count or 1
        command = [sys.executable, "-m", "aweigh.engine", "--name", name, "--listen", self._address(name)]
        command += ["--device", device, "--kernels", config.kernels, "--threads", str(threads)]
        command += ["--call-tokens", str(config.call_tokens), "--draft-tokens", str(config.draft_tokens)]
        command += ["--drain-seconds", str(config.drain_timeout)]
        command += ["--log-level", self.log.level, "--log-format", self.log.format]
        if self.store.require_signature:
            command.append("--require-signature")
        if self.store.trusted_keys:
            command += ["--trusted-keys", self.store.trusted_keys]
        kv_bytes = config.kv_bytes
        if config.arena_bytes:
            command += ["--arena-bytes", str(config.arena_bytes)]
        if config.host_bytes:
            command += ["--host-bytes", str(config.host_bytes)]
        if config.policy:
            command += ["--policy", config.policy]
        bounded = config.arena_bytes or config.policy  # keys and values have a share of that
        if not kv_bytes and not bounded and device == "cpu" and config.count > 1:
            # Each would take a quarter of what is free, and nobody has touched anything yet when the others look.
            kv_bytes = psutil.virtual_memory().available // (4 * config.count)
        return command + (["--kv-bytes", str(kv_bytes)] if kv_bytes else [])

    def _address(self, name: str) -> str:
        return f"unix:{self.directory}/{name}.sock"

    def _environment(self) -> dict[str, str]:
        """That of the front door, without the hooks that `aweigh run` leaves for scripts."""
        hidden = {"PYTHONSTARTUP", "AWEIGH"}
        told = {key: value for key, value in os.environ.items() if key not in hidden}
        return {"GOMP_SPINCOUNT": _SPINS, **told}


_SPINS = "2000"
"""Rounds that an OpenMP thread of a worker spins for its next piece of work before it sleeps; about 30 us.

Long enough for what lies between two operators. GNU's default, some ms, makes two threads on two cores wait out whole
slices of the scheduler as soon as anything else runs: 0.5 B parameters in bfloat16 gave 30 tokens/s on a quiet machine, and beside
one busy process 3 with 30 000 rounds, 5 with 10 000, 15 with 3 000, 20 with 1 000.
"""


def _signal(process: Process | None, number: signal.Signals) -> None:
    if process is not None and process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def _default_threads() -> int:
    """What the user told every OpenMP program, else the cores that this process may use."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else len(os.sched_getaffinity(0))
