"""The scheduler's front: takes events, keeps the state, gives instructions.

At most one step is in flight. Between its RunStep and its answer requests come and go, but nobody takes blocks: blocks are only
taken while planning, so that what a step writes is never somebody else's.
"""

import heapq
from collections.abc import Callable
from math import inf
from typing import Any

from aweigh.engine.core import FinishReason, Session
from aweigh.engine.kv.manager import BlockManager
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.counting import counters_of
from aweigh.engine.schedule.groups import Groups, check_group, check_memories
from aweigh.engine.schedule.instructions import Answer, Counters, Fail, Instruction, ReleaseModel, RunStep, StepPlan
from aweigh.engine.schedule.integrity import check
from aweigh.engine.schedule.limits import Limits
from aweigh.engine.schedule.planner import Planner
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.sessions import Sessions
from aweigh.engine.schedule.shadows import Shadows
from aweigh.engine.schedule.work import Demand, GroupWork, Model, StepWork, Work
from aweigh.proto.errors import (
    AweighError,
    DeadlineMissed,
    LeaseEnded,
    ModelNotFound,
    Overloaded,
    PromptTooLong,
    SessionNotFound,
)


class Scheduler:
    """See `handle`. Not thread-safe: one thread feeds it, and obeys its instructions in order."""

    def __init__(self, limits: Limits | None = None, blocks: BlockManager | None = None) -> None:
        self._limits = limits or Limits()
        self._blocks = blocks or BlockManager()
        self._room = Room(self._blocks)
        self._planner = Planner(self._room, self._limits)
        self._sessions = Sessions(self._room, self._limits.sessions_per_lease)
        self._groups = Groups(self._room)
        self._shadows = Shadows(self._room)
        self._models: dict[str, Model] = {}
        self._leaving: list[Model] = []
        self._deadlines: list[tuple[float, int]] = []
        self._flight: StepPlan | None = None
        self._held_up = False  # nothing can be planned before something happens
        self._steps = 0
        self._arrivals = 0
        self._handlers: dict[type, Callable[[Any], list[Instruction]]] = {
            ev.Tick: self._tick,
            ev.StepDone: self._step_done,
            ev.StepFailed: self._step_failed,
            ev.StepDeferred: self._step_deferred,
            ev.ModelReady: self._model_ready,
            ev.GiveWay: self._give_way,
            ev.SubmitGroup: self._submit_group,
            ev.SubmitStep: self._submit_step,
            ev.OpenSession: self._open_session,
            ev.ForkSession: self._fork_session,
            ev.CloseSessions: self._close_sessions,
            ev.Cancel: self._cancel,
            ev.LeaseOpened: self._lease_opened,
            ev.LeaseEnded: self._lease_ended,
            ev.ModelLoaded: self._model_loaded,
            ev.ModelUnloaded: self._model_unloaded,
            ev.ModelDamaged: self._model_damaged,
        }

    def handle(self, event: ev.Event) -> list[Instruction]:
        """Takes an event. What is wrong with a request comes back as its Fail; nothing is raised for it.

        The shell hands in whatever has happened, then Tick(now); Tick alone may answer RunStep.
        """
        self._held_up = False
        try:
            return self._handlers[type(event)](event)
        except AweighError as error:
            return [Fail(event.group.request if isinstance(event, ev.SubmitGroup) else event.request, error)]  # type: ignore[union-attr]

    def next_decision_time(self) -> float | None:
        """The earliest time at which a Tick would change anything: -inf if there is work for a free device, else the next deadline, if any."""
        if (
            self._flight is None
            and not self._held_up
            and any(model.works for model in self._models.values() if not model.deferred)
        ):
            return -inf
        self._purge_deadlines()
        return self._deadlines[0][0] if self._deadlines else None

    def others_work(self, name: str) -> bool:
        """Whether a model but this one could use a step now."""
        return any(model.works and not model.deferred for other, model in self._models.items() if other != name)

    def demand(self, name: str) -> Demand:
        """What is asked of a model."""
        if not (model := self._models.get(name)) or not (model.works or model.sessions):
            return Demand.NONE
        return Demand.WORK if model.works else Demand.SESSION

    def counters(self) -> Counters:
        """What it has done, and has now."""
        parts = (self._models, self._room, self._sessions, self._blocks, self._groups, self._planner)
        return counters_of(*parts, self._steps)

    def check_integrity(self) -> None:
        """Proves every invariant anew, or raises AssertionError. For tests: its time grows with sessions and blocks."""
        check(self._models, self._room, self._sessions, self._blocks)

    # Models and leases

    def _model_loaded(self, event: ev.ModelLoaded) -> list[Instruction]:
        assert event.model.name not in self._models
        if not self._blocks.is_open(event.model.fingerprint):
            self._blocks.open(event.model.fingerprint, event.pools, event.states, event.memories)
        self._models[event.model.name] = Model(event.model, served=self._steps, draft=self._models.get(event.draft))
        return []

    def _model_unloaded(self, event: ev.ModelUnloaded) -> list[Instruction]:
        model = self._models.get(event.model)
        if model is None:
            return []
        gone = ModelNotFound(f"model {event.model} was unloaded")
        done = [instruction for work in list(model.works.values()) for instruction in self._fail(work, gone)]
        self._sessions.drop_model(model)
        del self._models[event.model]
        self._shadows.detach(model, self._models.values())
        self._leaving.append(model)
        return done + self._release_models()

    def _model_damaged(self, event: ev.ModelDamaged) -> list[Instruction]:
        if (model := self._models.get(event.model)) is None:
            return []
        done = [instruction for work in list(model.works.values()) for instruction in self._fail(work, event.error)]
        self._sessions.drop_model(model)
        self._shadows.forget(model, self._models.values())
        self._blocks.distrust(model.spec.identity)
        return done

    def _release_models(self) -> list[Instruction]:
        if self._flight is not None:
            return []
        leaving, self._leaving = self._leaving, []
        done: list[Instruction] = []
        for model in leaving:
            structure = model.spec.fingerprint
            last = all(other.spec.fingerprint != structure for other in self._models.values())
            if last and self._blocks.is_open(structure):
                self._blocks.close(structure)
            done.append(ReleaseModel(model.spec, last))
        return done

    def _lease_opened(self, event: ev.LeaseOpened) -> list[Instruction]:
        self._sessions.add_lease(event.lease)
        return []

    def _lease_ended(self, event: ev.LeaseEnded) -> list[Instruction]:
        done: list[Instruction] = []
        for work in [work for work in self._room.works.values() if work.lease == event.lease]:
            done += self._fail(work, LeaseEnded("the lease ended while the request was in progress"))
        self._sessions.drop_lease(event.lease)
        return done

    # Requests come and go

    def _submit_group(self, event: ev.SubmitGroup) -> list[Instruction]:
        group = event.group
        model = self._model(group.model.name)
        self._admit()
        structure = model.spec.fingerprint
        check_group(group, self._blocks.most_blocks(structure), self._limits.rows_per_call)
        check_memories(group, self._blocks.most_memory_blocks(structure))
        group.submitted = event.now
        self._add(GroupWork(model, group), group.deadline)
        self._groups.prompt_tokens += sum(row.sequence.known for row in group.rows)
        return []

    def _submit_step(self, event: ev.SubmitStep) -> list[Instruction]:
        model = self._model(event.model)
        self._admit()
        if len(event.rows) > self._limits.rows_per_call:
            raise Overloaded(f"a step may have {self._limits.rows_per_call} rows, but has {len(event.rows)}: split it")
        work = self._sessions.submit(event, model)
        if not work.todo:
            return [Answer(event.request)]
        self._add(work, event.deadline)
        return []

    def _open_session(self, event: ev.OpenSession) -> list[Instruction]:
        self._sessions.open(event.lease, event.session, self._model(event.model))
        return [Answer(event.request)]

    def _fork_session(self, event: ev.ForkSession) -> list[Instruction]:
        parent = self._sessions.find(event.lease, event.parent)
        self._sessions.fork(event.lease, event.session, parent, event.keep)
        return [Answer(event.request)]

    def _close_sessions(self, event: ev.CloseSessions) -> list[Instruction]:
        done: list[Instruction] = []
        for number in event.sessions:
            try:
                session = self._sessions.find(event.lease, number)
            except SessionNotFound:
                continue
            done += self._interrupt(session)
            self._sessions.close(event.lease, number)
        return [*done, Answer(event.request)]

    def _interrupt(self, session: Session) -> list[Instruction]:
        work = self._room.works.get(session.busy) if session.busy is not None else None
        return (
            self._fail(work, SessionNotFound(f"session {session.session} was closed during its step")) if work else []
        )

    def _cancel(self, event: ev.Cancel) -> list[Instruction]:
        work = self._room.works.get(event.request)
        if work is None:
            return []
        if isinstance(work, StepWork):
            return self._fail(work, LeaseEnded("the step was cancelled"))
        finish = self._groups.finish(work, FinishReason.CANCELLED, event.now)
        self._remove(work)
        return [finish]

    # Steps

    def _tick(self, event: ev.Tick) -> list[Instruction]:
        self._blocks.tell_time(event.now)
        done = self._miss_deadlines(event.now)
        if self._flight is not None:
            return done
        while self._room.works:
            plan = self._plan(event.now)
            if plan is not None:
                self._flight = plan
                return [*done, RunStep(plan)]
            stuck = [work for work in self._room.works.values() if not work.model.deferred]
            if not stuck or len(stuck) < len(self._room.works):
                self._held_up = True  # what is deferred may hold the blocks that the others want
                break
            oldest = stuck[0]
            message = "prompt and output do not fit into the engine's memory: shorten them, or give the engine more --kv-bytes"
            done += self._fail(oldest, PromptTooLong(message))
        return done

    def _plan(self, now: float) -> StepPlan | None:
        """The model that was served longest ago, of those that can use a step."""
        ready = [model for model in self._models.values() if model.works and not model.deferred]
        for model in sorted(ready, key=lambda model: model.served):
            plan = self._planner.plan(model, self._steps + 1, now)
            if plan is not None:
                self._steps += 1
                model.served = self._steps
                return plan
        return None

    def _step_done(self, event: ev.StepDone) -> list[Instruction]:
        plan = self._land(event.step)
        self._blocks.tell_time(event.now)
        works = self._room.works
        if (model := self._models.get(plan.model.name)) is not None:
            model.cost.observe(plan.tokens, event.now - plan.planned - (event.drafting or 0.0))
        done: list[Instruction] = []
        for request, error in event.failed.items():
            done += self._fail_step(request, error)
        for row in plan.rows:
            sequence = row.sequence
            if row.request not in works or sequence.table is None:
                continue
            self._blocks.advance(sequence.table)
            self._room.computed(sequence, row.start + row.count - len(row.draft))
        for sample, result in zip(plan.samples, event.sampled, strict=True):
            work = works.get(sample.request)
            if work is None:
                continue
            assert isinstance(work, GroupWork)
            if self._groups.settle(work, sample, result, event.now, done):
                self._remove(work)
        self._shadows.settle(plan, works, model, event.drafting)
        for request in {row.request for row in plan.rows}:
            work = works.get(request)
            if isinstance(work, StepWork) and self._settled(work):
                self._remove(work)
                started = work.submitted if work.first_scheduled is None else work.first_scheduled
                done.append(Answer(request, started - work.submitted, event.now - started))
        return done + self._release_models()

    def _settled(self, work: StepWork) -> bool:
        """Lets go of the rows that are computed. Returns whether all are. What was delivered is not asked for again."""
        left = []
        for todo in work.todo:
            sequence = todo.session.sequence
            if sequence.missing:
                todo.logits = min(todo.logits, sequence.missing)
                todo.fresh = max(todo.fresh, sequence.computed)
                left.append(todo)
            else:
                self._sessions.settle(todo.session)
        work.todo = left
        return not left

    def _step_failed(self, event: ev.StepFailed) -> list[Instruction]:
        plan = self._land(event.step)
        done: list[Instruction] = []
        for request in dict.fromkeys(row.request for row in plan.rows):
            done += self._fail_step(request, event.error)
        return done + self._release_models()

    def _step_deferred(self, event: ev.StepDeferred) -> list[Instruction]:
        """Nothing of the step was computed: its rows are planned anew when the model is ready."""
        plan = self._land(event.step)
        if (model := self._models.get(plan.model.name)) is not None and model.spec is plan.model:
            model.deferred = True
        return self._release_models()

    def _model_ready(self, event: ev.ModelReady) -> list[Instruction]:
        if (model := self._models.get(event.model)) is not None:
            model.deferred = False
        return []

    def _give_way(self, event: ev.GiveWay) -> list[Instruction]:
        self._blocks.give_way(event.before)
        return []

    def _fail_step(self, request: int, error: AweighError) -> list[Instruction]:
        """Fails a request whose rows in the step came to nothing: what their blocks hold is unknown."""
        work = self._room.works.get(request)
        if work is None:
            return []
        for sequence in work.sequences():
            self._room.release(sequence)
        return self._fail(work, error)

    def _land(self, step: int) -> StepPlan:
        plan = self._flight
        assert plan is not None and plan.step == step, "the answer belongs to the step in flight"
        self._flight = None
        return plan

    # Bookkeeping

    def _model(self, name: str) -> Model:
        model = self._models.get(name)
        if model is None:
            raise ModelNotFound(f"no model {name} is loaded here: load it first")
        return model

    def _admit(self) -> None:
        if len(self._room.works) >= self._limits.waiting:
            raise Overloaded(f"{self._limits.waiting} requests are in progress, which is the limit: retry later")

    def _add(self, work: Work, deadline: float | None) -> None:
        assert work.request not in self._room.works, "a request's number is its own"
        self._arrivals += 1
        work.age = self._arrivals
        self._room.works[work.request] = work
        model = work.model
        model.works[work.request] = work
        if isinstance(work, StepWork):
            self._room.holders[work.request] = work
        prompt = isinstance(work, GroupWork) or not work.light
        (model.waiting if prompt else model.active)[work.request] = work
        model.requests += 1
        if deadline is not None:
            heapq.heappush(self._deadlines, (deadline, work.request))

    def _remove(self, work: Work) -> None:
        del self._room.works[work.request]
        self._room.holders.pop(work.request, None)
        del work.model.works[work.request]
        del (work.model.waiting if work.request in work.model.waiting else work.model.active)[work.request]

    def _fail(self, work: Work, error: AweighError) -> list[Instruction]:
        """Ends a work. A group's blocks are free at once; a step's sessions live on, with what they knew before it."""
        self._remove(work)
        if isinstance(work, GroupWork):
            for sequence in work.sequences():
                self._room.release(sequence)
        else:
            self._sessions.undo(work)
        return [Fail(work.request, error)]

    def _miss_deadlines(self, now: float) -> list[Instruction]:
        done: list[Instruction] = []
        self._purge_deadlines()
        while self._deadlines and self._deadlines[0][0] <= now:
            work = self._room.works[self._deadlines[0][1]]
            waited = self._deadlines[0][0] - work.submitted
            done += self._fail(work, DeadlineMissed(f"no answer within the {waited:g} s that were allowed"))
            self._purge_deadlines()
        return done

    def _purge_deadlines(self) -> None:
        while self._deadlines and self._deadlines[0][1] not in self._room.works:
            heapq.heappop(self._deadlines)
