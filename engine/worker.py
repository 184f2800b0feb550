"""The step loop: one thread that feeds the scheduler and obeys it. It decides nothing and knows no wire.

Everything that happens is a job in one queue: an event, with a listener for what becomes of its request, a function to call
between two steps, or one that takes long. The loop takes all jobs that are there, hands them to the scheduler in order, lets it plan,
and runs at most one of the long functions, or some as one (`schedule/calls.py` says which, and when). A step or a function whose weights do not
come is put off (`late.py`). Nothing polls: an idle loop sleeps in the queue until a job comes or the scheduler's next decision is due.

Listeners are called on the step thread and must not block; `flush` is called once per turn, so that everything that a step brought
for one stream can leave as one message.
"""

import itertools
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any, Protocol

import torch

from aweigh.engine.computation import Computation
from aweigh.engine.core import ModelSpec
from aweigh.engine.execute import Collected, Executor
from aweigh.engine.late import Late
from aweigh.engine.run.model import Model
from aweigh.engine.run.paged import DAMAGED
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.calls import MOST_TOKENS, CallQueue
from aweigh.engine.schedule.instructions import Answer, Emit, Fail, Finish, Instruction, ReleaseModel, RunStep, StepPlan
from aweigh.engine.schedule.scheduler import Scheduler
from aweigh.engine.schedule.work import Demand
from aweigh.memory.paging.not_resident import NotResident
from aweigh.memory.paging.pager import Pager
from aweigh.memory.residency.turns import MOMENT
from aweigh.proto.errors import AweighError, EngineLost, OurBug, StoreFailed

# A deadline may be further away than a queue can be told to wait for.
_LONGEST = 3600.0
_log = logging.getLogger(__name__)

# A model of fewer bytes computes on one thread: its operators last microseconds, and where more threads run than there are cores each would wait a
# slice for its second thread. The size of a model decides and not that of a step, since the number of threads may show in the last bit.
SMALL_BYTES = 64 << 20

_RESTS = {Demand.WORK: inf, Demand.SESSION: MOMENT, Demand.NONE: 0.0}  # seconds for which a model keeps its turn
MOST_GIVEN_WAY = 4  # times that a step is put off because others can compute: once per function, about


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
        self._jobs: queue.SimpleQueue[_Event | _Call | Computation | None] = queue.SimpleQueue()
        self._calls: CallQueue[Computation] = CallQueue(call_tokens)
        self._stepped = 0.0  # seconds of steps in this turn
        self.pager: Pager | None = None
        self._late: Late | None = None  # keys: a model's name for its steps, the model itself for its calls
        self._stepping = ""  # the model that a step computes with now
        self._arrived = False  # somebody came meanwhile who wants another one
        self._listeners: dict[int, Listener] = {}
        self._models: dict[int, Model] = {}  # by id of the ModelSpec, which is the same object everywhere
        self._executor = Executor(self._models)
        self._thread = threading.Thread(target=self._run, name="step", daemon=True)

    def page(self, pager: Pager) -> None:
        """Weights come and go: what waits for them in vain lets others run. Call before `start`."""
        self.pager, self._late = pager, Late(pager)
        pager.on_pressure = self._pressed
        pager.on_ready = lambda ticket: self.call(partial(self._came, ticket))
        pager.on_damage = lambda region: self.call(partial(self._damaged, region))

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
        if self._stepping and isinstance(event, ev.SubmitGroup | ev.SubmitStep):
            name = event.group.model.name if isinstance(event, ev.SubmitGroup) else event.model
            self._arrived = self._arrived or name != self._stepping
            if self._arrived and self.pager is not None:
                self.pager.nudge()

    def add(self, model: Model, spec: ModelSpec, draft: str = "") -> None:
        """Hands a loaded model over, and the name of the one that drafts for it."""

        def register() -> None:
            self._models[id(spec)] = model

        structure = model.structure
        pools = () if structure.pool is None else (structure.pool,)
        self.call(register)
        self.post(ev.ModelLoaded(spec, pools, structure.state_pool, structure.memory_pool, draft))

    def call(self, function: Callable[[], None]) -> None:
        """Runs a function on the step thread, between two steps, in inference mode. It must not raise, nor take long."""
        self._jobs.put(_Call(function))

    def compute(self, computation: Computation) -> None:
        """Runs a function that takes long on the step thread, when it is its lease's turn and its weights are there, perhaps with others."""
        self._jobs.put(computation)

    def prune(self) -> None:
        """Forgets computations that are over; those that run are not interrupted."""
        self.call(self._prune)

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
        waiting: list[Listener | Computation] = [*self._listeners.values(), *self._calls.clear()]
        while not self._jobs.empty():
            job = self._jobs.get()
            if isinstance(job, _Event) and job.listener is not None:
                waiting.append(job.listener)
            elif isinstance(job, Computation):
                waiting.append(job)
        for one in waiting:
            one.fail(lost)
        self._listeners.clear()
        self._flush()

    def _turn(self) -> bool:
        if not self._take(self._wait()):
            return False
        self._stepped = 0.0
        self._obey(self.scheduler.handle(ev.Tick(time.monotonic())))
        self._calls.stepped(self._stepped)
        self._flush()
        self._compute(self._calls.next(stepping=self._stepped > 0.0))
        return True

    def _wait(self) -> float | None:
        """Seconds for which there is nothing to do unless a job comes; None: for ever."""
        due = self.scheduler.next_decision_time()
        wait = inf if due is None else max(0.0, due - time.monotonic())
        if self._calls or not wait:
            return 0.0
        if self.pager is not None:
            wait = min(wait, self.pager.kept.idle())
        return None if wait == inf else min(wait, _LONGEST)

    def _compute(self, taken: Sequence[Computation]) -> None:
        calls = [call for call in taken if not call.is_over()]
        if not calls:
            if taken and self._late is not None:
                self._late.over(taken[0].model)
            self._calls.called(0.0)
            return
        self._use_threads(1 if all(call.small for call in calls) else self._threads)
        began, model = time.monotonic(), calls[0].model
        try:
            if self._late is not None:
                self._late.begin(model)
            calls[0].function([call.item for call in calls])
        except NotResident as late:
            assert self._late is not None
            self._calls.put_off(model)
            if not self._late.put_off(model, late.ticket):
                self._calls.ready(model)
        except AweighError as error:
            for call in calls:
                call.fail(error)
        else:
            if self._late is not None:
                self._late.over(model)
        seconds = time.monotonic() - began
        self._calls.called(seconds)
        self._computed(model, seconds, Demand.WORK if self._calls.wants(model) else Demand.SESSION)

    def _prune(self) -> None:
        for model in self._calls.prune(lambda call: call.is_over()):
            if self._late is not None:
                self._late.over(model)

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

    def _handle(self, job: _Event | _Call | Computation) -> None:
        if isinstance(job, _Call):
            job.function()
            return
        if isinstance(job, Computation):
            self._calls.add(job.lease, job, job.model, job.kind, job.tokens)
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
                if self._late is not None:
                    self._late.over(spec.name)
                    self._late.over(model)
                self._calls.ready(model)  # they hear that it is gone
                model.release()
                if instruction.last_of_structure:
                    model.structure.close_pools()
                self.on_release(model)

    def _over(self, request: int) -> Listener:
        return self._listeners.pop(request, _DEAF)

    def _use_threads(self, count: int) -> None:
        if count != self._threads_in_use:
            torch.set_num_threads(count)
            self._threads_in_use = count

    def _step(self, plan: StepPlan) -> list[Instruction]:
        model, name = self._models[id(plan.model)], plan.model.name
        self._use_threads(1 if model.weights.bytes < SMALL_BYTES else self._threads)
        began = time.monotonic()
        try:
            if self._late is not None:
                self._stepping, self._arrived = name, False
                others = bool(self._calls) or self.scheduler.others_work(name)
                gives_way = self._late.tries(name) < MOST_GIVEN_WAY
                self._late.begin(name, lambda: gives_way and (others or self._arrived))
            outcome = self._executor.run(model, plan)
        except NotResident as late:
            return self._defer(plan, late.ticket)
        except torch.AcceleratorError:
            raise
        except Exception as error:  # noqa: BLE001  our own bug: reported to everybody in the step; the loop lives on
            _log.exception("step %d of %s failed", plan.step, plan.model.name)
            bug = error if isinstance(error, AweighError) else OurBug(f"{type(error).__name__} in a step: {error}")
            told = self.scheduler.handle(ev.StepFailed(plan.step, bug, time.monotonic()))
        else:
            self._stepped += time.monotonic() - began
            told = self.scheduler.handle(outcome.done(plan.step, time.monotonic()))
        finally:
            self._stepping = ""
        if self._late is not None:
            self._late.over(name)
        self._computed(model, time.monotonic() - began, self.scheduler.demand(name))
        return told

    def _computed(self, model: Model, seconds: float, demand: Demand) -> None:
        paging = model.weights.paging
        if paging is not None:
            paging.pager.kept.ran(paging.model, seconds, _RESTS[demand])

    def _defer(self, plan: StepPlan, ticket: int) -> list[Instruction]:
        """Weights did not come in time: others run until they are there."""
        assert self._late is not None
        waits = self._late.put_off(plan.model.name, ticket)
        done = self.scheduler.handle(ev.StepDeferred(plan.step))
        return done if waits else done + self.scheduler.handle(ev.ModelReady(plan.model.name))

    def _pressed(self, numbers: Sequence[int]) -> None:
        """Weights of the step or the call that runs want room: cached prefixes give way, a run of blocks at a time, as far as the rule has it."""
        assert self.pager is not None
        while True:
            short, before = self.pager.shortage(numbers)
            had = self.pager.kv_frames
            if short:
                self._obey(self.scheduler.handle(ev.GiveWay(before)))
            if not short or self.pager.kv_frames == had:
                return

    def _came(self, ticket: int) -> None:
        """Weights that something waited for have come, or will not: then it fails with the reason."""
        assert self._late is not None
        for key in self._late.came(ticket):
            if isinstance(key, str):
                self._obey(self.scheduler.handle(ev.ModelReady(key)))
            else:
                self._calls.ready(key)

    def _damaged(self, region: int) -> None:
        """A bit has flipped in memory, nobody knows when: what models have computed with it may be wrong, and goes."""
        assert self._late is not None
        for model in [model for model in self._models.values() if model.reads(region)]:
            _log.error("model %s: weights were damaged in memory; its requests in progress fail", model.name)
            self._late.over(model.name)
            self._late.over(model)
            self._calls.ready(model)
            model.rebind()
            self._obey(self.scheduler.handle(ev.ModelDamaged(model.name, StoreFailed(DAMAGED))))
            self._obey(self.scheduler.handle(ev.ModelReady(model.name)))

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
