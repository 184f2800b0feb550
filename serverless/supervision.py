"""Supervision of workers: which process to start, when, and what to call its state. Pure: time is a value.

A worker that dies is started again after a back-off that doubles from 0.2 s to 30 s and is forgotten after a minute of health
(the shape is that of systemd's RestartSteps and of Kubernetes' CrashLoopBackOff). Nothing here starts or kills: the launcher obeys.
"""

import enum
from dataclasses import dataclass, field

FIRST_BACKOFF = 0.2
LONGEST_BACKOFF = 30.0
HEALTHY_AFTER = 60.0
MOST_FALSE_STARTS = 3


class WorkerState(enum.Enum):
    WAITING = "waiting"  # for its back-off
    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"
    DRAINED = "drained"  # and not started again before somebody says so
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Start:
    """Start the process of `worker`."""

    worker: str


@dataclass(frozen=True, slots=True)
class Kill:
    """End the process of `worker`, which did not do so by itself."""

    worker: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drain:
    """Ask `worker` to finish what runs and leave."""

    worker: str


Instruction = Start | Kill | Drain


@dataclass(slots=True)
class _Worker:
    state: WorkerState = WorkerState.WAITING
    since: float = 0.0
    start_at: float = 0.0
    backoff: float = FIRST_BACKOFF
    restarts: int = 0
    away: bool = False  # somebody wants it out of service


@dataclass(slots=True)
class Supervisor:
    """Events in, instructions out."""

    names: tuple[str, ...]
    start_timeout: float
    drain_timeout: float
    workers: dict[str, _Worker] = field(default_factory=dict)
    leaving: bool = False
    ever_ready: bool = False

    def __post_init__(self) -> None:
        self.workers = {name: _Worker() for name in self.names}

    def tick(self, now: float) -> list[Instruction]:
        """Whatever is due at `now`."""
        out: list[Instruction] = []
        for name, worker in self.workers.items():
            match worker.state:
                case WorkerState.WAITING if not self.leaving and now >= worker.start_at:
                    worker.state, worker.since = WorkerState.STARTING, now
                    out.append(Start(name))
                case WorkerState.STARTING if now - worker.since > self.start_timeout:
                    worker.since = now
                    out.append(Kill(name, f"not ready after {self.start_timeout:.0f} s"))
                case WorkerState.DRAINING if now - worker.since > self.drain_timeout:
                    worker.since = now
                    out.append(Kill(name, f"still busy after {self.drain_timeout:.0f} s of draining"))
                case WorkerState.READY if now - worker.since > HEALTHY_AFTER:
                    worker.backoff = FIRST_BACKOFF
        return out

    def ready(self, name: str, now: float) -> None:
        """The worker serves."""
        worker = self.workers[name]
        if worker.state is WorkerState.STARTING:
            worker.state, worker.since = WorkerState.READY, now
            self.ever_ready = True

    @property
    def hopeless(self) -> bool:
        """Whether no worker has ever served and each has failed often: what is wrong is not chance, and somebody waits."""
        return not self.ever_ready and all(worker.restarts >= MOST_FALSE_STARTS for worker in self.workers.values())

    def exited(self, name: str, now: float) -> None:
        """The worker's process is gone."""
        worker = self.workers[name]
        if self.leaving:
            worker.state = WorkerState.DEAD
            return
        if worker.away:
            worker.state, worker.since = WorkerState.DRAINED, now
            return
        if worker.state is WorkerState.DRAINING:
            worker.state, worker.since, worker.start_at = WorkerState.WAITING, now, now
            return
        worker.state, worker.since = WorkerState.WAITING, now
        worker.start_at = now + worker.backoff
        worker.backoff = min(worker.backoff * 2, LONGEST_BACKOFF)
        worker.restarts += 1

    def drain(self, name: str, now: float) -> list[Instruction]:
        """Takes a worker out of service until `undrain`."""
        worker = self.workers[name]
        worker.away = True
        if worker.state in (WorkerState.STARTING, WorkerState.READY):
            worker.state, worker.since = WorkerState.DRAINING, now
            return [Drain(name)]
        if worker.state is WorkerState.WAITING:
            worker.state, worker.since = WorkerState.DRAINED, now
        return []

    def undrain(self, name: str, now: float) -> None:
        """The worker is started again, as soon as its last life is over."""
        worker = self.workers[name]
        worker.away = False
        if worker.state is WorkerState.DRAINED:
            worker.state, worker.since, worker.start_at = WorkerState.WAITING, now, now

    def leave(self, now: float) -> list[Instruction]:
        """Drain everything; nothing is started again."""
        self.leaving = True
        out: list[Instruction] = []
        for name, worker in self.workers.items():
            if worker.state in (WorkerState.STARTING, WorkerState.READY):
                worker.state, worker.since = WorkerState.DRAINING, now
                out.append(Drain(name))
            elif worker.state in (WorkerState.WAITING, WorkerState.DRAINED):
                worker.state = WorkerState.DEAD
        return out

    def next_decision(self) -> float | None:
        """The next time at which `tick` can have something to say."""
        times = []
        for worker in self.workers.values():
            match worker.state:
                case WorkerState.WAITING if not self.leaving:
                    times.append(worker.start_at)
                case WorkerState.STARTING:
                    times.append(worker.since + self.start_timeout)
                case WorkerState.DRAINING:
                    times.append(worker.since + self.drain_timeout)
        return min(times, default=None)
