"""The step loop: one thread that feeds the scheduler and obeys it. It decides nothing and knows no wire.

Everything that happens is a job in one queue: an event, with a listener for what becomes of its request, a function to call
between two steps, or one that takes long. The loop takes all jobs that are there, hands them to the scheduler in order, lets it plan,
and runs at most one of the long functions, or some as one (`schedule/calls.py` says which, and when). Nothing polls: an idle loop sleeps in the queue until a job comes or the scheduler's next decision is due.

Listeners are called on the step thread and must not block; `flush` is called once per turn, so that everything that a step brought
for one stream can leave as one message.
"""

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import torch

from aweigh.engine.core import ModelSpec
from aweigh.engine.execute import Collected, Executor
from aweigh.engine.run.model import Model
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.calls import MOST_TOKENS, CallQueue
from aweigh.engine.schedule.instructions import Answer, Emit, Fail, Finish, Instruction, ReleaseModel, RunStep, StepPlan
from aweigh.engine.schedule.scheduler import Scheduler
from aweigh.memory.paging.not_resident import NotResident
from aweigh.memory.paging.pager import PATIENCE, Pager
from aweigh.proto.errors import AweighError, EngineLost, OurBug

# A deadline may be further away than a queue can be told to wait for.
_LONGEST = 3600.0
Item = TypeVar("Item")
_log = logging.getLogger(__name__)

# A model of fewer bytes computes on one thread: its operators last microseconds, and on a machine with more runnable threads than
# cores each of them would wait a scheduler's slice for its second thread. The size of a model decides and not that of a step, since
# the number of threads may show in the last bit.
SMALL_BYTES = 64 << 20

# Seconds that a step waits for the weights of its next layer. A disk brings a layer in a tenth of that; what takes longer is stuck, or
# stands behind others, and the thread has other things to do.
STEP_PATIENCE = 0.25
_MOST_TRIES = 8
CALL_PATIENCE = 5.0  # of a call that has no state to go back to


class Listener(Protocol):
    """Hears of one request. Called on the step thread."""

    def emit(self, emitted: Emit) -> None:
        """New tokens."""

    def finish(self, finished: Finish) -> None:
        """The last call, for a group."""

    def answer(self, answered: Answer, collected: Collected) -> None:
        """The last call, for a step or a session event."""

    def fail(self, error: AweighError) -> None:
        """The last call, for whatever went wrong."""


class Flushable(Protocol):
    """Collects events of one turn."""

    def flush(self) -> None:
        """The turn is over: send what came."""


@dataclass(frozen=True, slots=True)
class _Event:
    event: ev.Event
    request: int | None
    listener: Listener | None
    outputs: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class _Call:
    function: Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Computation:
    """`function` is given the items of all that run as one."""

    lease: str
    function: Callable[[Sequence[Any]], None]
    threads: int
    item: Any = None
    kind: Hashable = None
    tokens: int = 0


class Worker:
    """The thread and its queue. Methods are safe to call from any thread; results come through listeners."""

    def __init__(self, scheduler: Scheduler, threads: int = 1, call_tokens: int = MOST_TOKENS) -> None:
        self.numbers = itertools.count(1)
        self.scheduler = scheduler
        self.turn: set[Flushable] = set()
        self.on_release: Callable[[Model], None] = lambda model: None
        self.on_death: Callable[[], None] = lambda: None
        self._threads = threads
        self._threads_in_use = 0
        self._jobs: queue.SimpleQueue[_Event | _Call | _Computation | None] = queue.SimpleQueue()
        self._calls: CallQueue[_Computation] = CallQueue(call_tokens)
        self._stepped = 0.0  # seconds of steps in this turn
        self._executor = Executor()
        self.pager: Pager | None = None
        self._late: dict[str, int] = {}  # by model whose step was deferred, the ticket that it waits for
        self._tries: dict[str, int] = {}  # how often in a row
        self._broken: dict[str, AweighError] = {}  # by model, why its weights will not come
        self._listeners: dict[int, Listener] = {}
        self._models: dict[int, Model] = {}  # by id of the ModelSpec, which is the same object everywhere
        self._thread = threading.Thread(target=self._run, name="step", daemon=True)

    def page(self, pager: Pager) -> None:
        """Weights come and go: a step that waits for them in vain lets others run. Call before `start`."""
        self.pager = pager
        pager.on_ready = lambda ticket: self.call(partial(self._came, ticket))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the loop after the step in flight. What is in progress fails with EngineLost."""
        self._jobs.put(None)
        self._thread.join()

    def post(
        self,
        event: ev.Event,
        request: int | None = None,
        listener: Listener | None = None,
        outputs: tuple[str, ...] | None = None,
    ) -> None:
        """Hands an event in. `outputs` (perhaps empty) marks a step call, whose results are collected."""
        self._jobs.put(_Event(event, request, listener, outputs))

    def add(self, model: Model, spec: ModelSpec) -> None:
        """Hands a loaded model over."""

        def register() -> None:
            self._models[id(spec)] = model

        structure = model.structure
        pools = () if structure.pool is None else (structure.pool,)
        self.call(register)
        self.post(ev.ModelLoaded(spec, pools, structure.state_pool, structure.memory_pool))

    def call(self, function: Callable[[], None]) -> None:
        """Runs a function on the step thread, between two steps, in inference mode. It must not raise, nor take long."""
        self._jobs.put(_Call(function))

    def compute(self, lease: str, function: Callable[[], None], *, small: bool) -> None:
        """Runs a function that takes long on the step thread, when it is the lease's turn. `small`: on one thread. It must not raise."""
        self._jobs.put(_Computation(lease, lambda _: function(), 1 if small else self._threads))

    def compute_together(
        self,
        lease: str,
        function: Callable[[Sequence[Item]], None],
        item: Item,
        kind: Hashable,
        tokens: int,
        *,
        small: bool,
    ) -> None:
        """As `compute`, with the items of others that wait and are of the same kind: all of one kind bring the same function."""
        threads = 1 if small else self._threads
        self._jobs.put(_Computation(lease, function, threads, item, kind, tokens))

    # On the step thread

    def _run(self) -> None:
        self._use_threads(self._threads)
        try:
            with torch.inference_mode():
                while self._turn():
                    pass
        except Exception:  # noqa: BLE001
            # A scheduler that broke an invariant of its own cannot be trusted with anybody's blocks, and a lost device computes nothing.
            _log.critical("the step loop broke", exc_info=True)
            self.on_death()
        lost = EngineLost("the engine is shutting down: retry on another one")
        waiting = list(self._listeners.values())
        while not self._jobs.empty():
            job = self._jobs.get()
            if isinstance(job, _Event) and job.listener is not None:
                waiting.append(job.listener)
        for listener in waiting:
            listener.fail(lost)
        self._listeners.clear()
        self._flush()

    def _turn(self) -> bool:
        due = self.scheduler.next_decision_time()
        wait = None if due is None else min(max(0.0, due - time.monotonic()), _LONGEST)
        going = self._take(0.0 if self._calls else wait)
        if not going:
            return False
        self._stepped = 0.0
        self._obey(self.scheduler.handle(ev.Tick(time.monotonic())))
        self._calls.stepped(self._stepped)
        self._flush()
        self._compute(self._calls.next(stepping=self._stepped > 0.0))
        return True

    def _compute(self, calls: Sequence[_Computation]) -> None:
        if calls:
            self._use_threads(max(call.threads for call in calls))
            began = time.monotonic()
            if self.pager is not None:
                self.pager.patience = CALL_PATIENCE
            calls[0].function([call.item for call in calls])
            self._calls.called(time.monotonic() - began)

    def _take(self, timeout: float | None) -> bool:
        """Handles every job that is there, waiting for the first one. Returns False when it is time to go."""
        jobs = self._jobs
        try:
            job = jobs.get(timeout != 0.0, timeout)
            while job is not None:
                self._handle(job)
                job = jobs.get_nowait()
            return False
        except queue.Empty:
            return True

    def _handle(self, job: _Event | _Call | _Computation) -> None:
        if isinstance(job, _Call):
            job.function()
            return
        if isinstance(job, _Computation):
            self._calls.add(job.lease, job, job.kind, job.tokens)
            return
        if job.request is not None and job.listener is not None:
            self._listeners[job.request] = job.listener
        if job.request is not None and job.outputs is not None:
            self._executor.wanted[job.request] = job.outputs
        self._obey(self.scheduler.handle(job.event))

    def _obey(self, instructions: list[Instruction]) -> None:
        pending = instructions
        while pending:
            following: list[Instruction] = []
            for instruction in pending:
                if isinstance(instruction, RunStep):
                    following += self._step(instruction.plan)
                else:
                    self._tell(instruction)
            pending = following

    def _tell(self, instruction: Any) -> None:
        match instruction:
            case Emit(request=request):
                if request in self._listeners:
                    self._listeners[request].emit(instruction)
            case Finish(request=request):
                self._over(request).finish(instruction)
            case Answer(request=request):
                collected = self._executor.take(request)
                self._over(request).answer(instruction, collected)
            case Fail(request=request, error=error):
                self._executor.take(request)
                self._over(request).fail(error)
            case ReleaseModel(model=spec):
                model = self._models.pop(id(spec))
                self._give_back(spec.name)
                self._broken.pop(spec.name, None)
                model.release()
                if instruction.last_of_structure:
                    model.structure.close_pools()
                self.on_release(model)

    def _give_back(self, model: str) -> None:
        """A deferred step has run by now, or never will."""
        self._tries.pop(model, None)
        ticket = self._late.pop(model, None)
        if ticket is not None and self.pager is not None:
            self.pager.release(ticket)

    def _over(self, request: int) -> Listener:
        return self._listeners.pop(request, _DEAF)

    def _use_threads(self, count: int) -> None:
        if count != self._threads_in_use:
            torch.set_num_threads(count)
            self._threads_in_use = count

    def _step(self, plan: StepPlan) -> list[Instruction]:
        self._use_threads(1 if self._models[id(plan.model)].weights.bytes < SMALL_BYTES else self._threads)
        began = time.monotonic()
        name = plan.model.name
        if self.pager is not None:
            self.pager.patience = min(PATIENCE, STEP_PATIENCE * 2 ** self._tries.get(name, 0))
        broken = self._broken.pop(name, None)
        if broken is not None:
            self._give_back(name)
            return self.scheduler.handle(ev.StepFailed(plan.step, broken, time.monotonic()))
        try:
            outcome = self._executor.run(self._models[id(plan.model)], plan)
        except NotResident as late:
            return self._defer(plan, late.ticket)
        except torch.AcceleratorError:
            raise
        except Exception as error:  # noqa: BLE001  our own bug: reported to everybody in the step; the loop lives on
            _log.exception("step %d of %s failed", plan.step, plan.model.name)
            bug = error if isinstance(error, AweighError) else OurBug(f"{type(error).__name__} in a step: {error}")
            self._give_back(name)
            return self.scheduler.handle(ev.StepFailed(plan.step, bug, time.monotonic()))
        self._stepped += time.monotonic() - began
        self._give_back(name)
        done = ev.StepDone(plan.step, outcome.sampled, time.monotonic(), outcome.failed)
        return self.scheduler.handle(done)

    def _defer(self, plan: StepPlan, ticket: int) -> list[Instruction]:
        """Weights did not come in time: others run until they are there. Each time the step will wait longer, since a layer may be large."""
        assert self.pager is not None
        name = plan.model.name
        tries = min(self._tries.get(name, 0) + 1, _MOST_TRIES)
        self._give_back(name)
        self._late[name], self._tries[name] = ticket, tries
        done = self.scheduler.handle(ev.StepDeferred(plan.step))
        if not self.pager.watch(ticket):
            done += self._ready(name, ticket)
        return done

    def _came(self, ticket: int) -> None:
        for name, late in list(self._late.items()):
            if late == ticket:
                self._obey(self._ready(name, ticket))

    def _ready(self, model: str, ticket: int) -> list[Instruction]:
        """What a deferred step waited for has come, or will not: then its next step fails with the reason."""
        assert self.pager is not None
        try:
            self.pager.wait(ticket, 0.0)
        except AweighError as error:
            self._broken[model] = error
            self._late.pop(model, None)
        else:
            self.pager.soften(ticket, ())  # kept for the step, but not from others who need the room first
        return self.scheduler.handle(ev.ModelReady(model))

    def _flush(self) -> None:
        if self.turn:
            for stream in self.turn:
                stream.flush()
            self.turn.clear()


class _Deaf:
    """Listens for requests that nobody waits for any more."""

    def emit(self, emitted: Emit) -> None: ...
    def finish(self, finished: Finish) -> None: ...
    def answer(self, answered: Answer, collected: Collected) -> None: ...
    def fail(self, error: AweighError) -> None: ...


_DEAF = _Deaf()
