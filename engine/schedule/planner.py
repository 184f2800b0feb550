"""One step of one model: which works get how many tokens.

The oldest work comes first, whatever it lacks, so that it may take blocks from everybody; then works that lack a decode step only;
then the rest, by age, in chunks of what the token budget leaves. What waits costs nothing until its turn comes.

A group's rows are sampled in lock step: in one step all its live rows compute their last token, or none does. Rows with equal
prompts are computed once: the others fork from the first row when only the last prompt token is missing.

What is left of the budget then goes to drafts (`speculation.py`), which take nothing from anybody.
"""

import heapq
from dataclasses import dataclass, field

from aweigh.engine.core import Row, Sequence
from aweigh.engine.kv.manager import Copy
from aweigh.engine.kv.table import BlockTable
from aweigh.engine.schedule.instructions import CopyBlock, PlanMemory, PlanRow, PlanSample, StepPlan
from aweigh.engine.schedule.limits import Limits
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.speculation import Speculation
from aweigh.engine.schedule.work import GroupWork, Model, StepWork, Work

_CALM_STEPS = 16


def _age(work: Work) -> int:
    return work.age


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    budget: int
    rows_left: int
    rows: list[PlanRow] = field(default_factory=list)
    copies: list[CopyBlock] = field(default_factory=list)
    samples: list[PlanSample] = field(default_factory=list)
    outputs: set[str] = field(default_factory=set)
    placed: set[int] = field(default_factory=set)
    logits: int = 0

    def add(self, work: Work, index: int, sequence: Sequence, count: int, logits: int, fresh: int = 0) -> None:
        assert sequence.table is not None
        start = sequence.computed
        blocks = tuple(sequence.table.groups)
        state, after = sequence.table.state, sequence.table.next_state
        states = (-1 if state is None else state, -1 if after is None else after)
        memory = _memory(sequence.table)
        self.rows.append(PlanRow(work.request, index, sequence, start, count, blocks, logits, fresh, states, memory))
        if memory is not None and not memory.written:
            self.budget -= memory.length
        self.placed.add(work.request)
        self.budget -= count
        self.rows_left -= 1
        self.logits += logits

    def copy(self, copies: tuple[Copy, ...]) -> None:
        for copy in copies:
            self.copies.append(CopyBlock(copy.group, copy.source, copy.target))


def _memory(table: BlockTable) -> PlanMemory | None:
    return PlanMemory(table.memory, table.memory_length, table.memorised) if table.memory else None


class Planner:
    """Makes step plans. Takes and releases blocks; changes no log."""

    def __init__(self, room: Room, limits: Limits) -> None:
        self._room = room
        self._limits = limits
        self.prefix_tokens = 0
        self._speculation = Speculation(room, limits.draft_tokens, limits.token_budget)

    def plan(self, model: Model, step: int, now: float) -> StepPlan | None:
        """The next step of a model; None if none of its works can get blocks now."""
        self._room.step = step
        draft = _Draft(self._limits.token_budget, self._limits.rows_per_step)
        oldest = next(iter(model.works.values()))
        self._place(oldest, draft)
        heavy = []
        for work in model.active.values():
            if draft.rows_left <= 0:
                break
            if work is oldest:
                continue
            if work.light:
                self._place(work, draft)
            else:
                heavy.append(work)
        self._place_heavy(model, oldest, heavy, draft)
        if not draft.rows:
            assert not draft.copies
            return None
        drafts = self._speculation.extend(model, draft.rows, draft.samples, draft.budget)
        for request in draft.placed:
            work = model.works[request]
            if work.first_scheduled is None:
                work.first_scheduled = now
            if request in model.waiting:
                model.active[request] = model.waiting.pop(request)
        rows, copies, samples = tuple(draft.rows), tuple(draft.copies), tuple(draft.samples)
        return StepPlan(step, model.spec, rows, copies, samples, tuple(sorted(draft.outputs)), now, drafts)

    def _place_heavy(self, model: Model, oldest: Work, active: list[Work], draft: _Draft) -> None:
        """Works that lack more than a decode step, by age. Nobody who waits for blocks is overtaken by newcomers."""
        active.sort(key=_age)
        for work in heapq.merge(active, model.waiting.values(), key=_age):
            if draft.budget <= 0 or draft.rows_left <= 0:
                return
            if work is oldest or (work.preempted and not self._may_resume(work, draft)):
                continue
            self._place(work, draft)
            if work.request in model.waiting and work.request not in draft.placed:
                return

    def _may_resume(self, work: Work, draft: _Draft) -> bool:
        """Whether a preempted work may try again: no thrashing.

        Either it finds room for all it knows and leaves one block to each running row, or nobody was preempted for a while.
        """
        if self._room.step - self._room.last_preemption > _CALM_STEPS:
            return True
        spec = work.model.spec
        wanted = sum(-(-sequence.known // spec.block_size) + 1 for sequence in work.sequences())
        return self._room.blocks.unheld(spec.fingerprint) >= wanted + len(draft.rows)

    def _place(self, work: Work, draft: _Draft) -> None:
        self._room.holders[work.request] = work
        if isinstance(work, GroupWork):
            self._place_group(work, draft)
        else:
            self._place_step(work, draft)
        if work.request in draft.placed:
            work.preempted = False

    def _place_group(self, work: GroupWork, draft: _Draft) -> None:
        rows = work.group.live
        for row in rows:
            self._prepare(work, row)
        for row in rows:
            # Before anybody forks: so rows with one prompt have one memory.
            if row.sequence.table is not None and not self._room.reserve_memory(work, row.sequence, draft.placed):
                return None
        if work.group.generated == 0 and not self._fork_copies(work, rows):
            return self._place_chunks(work, draft, [row for row in rows if row.copy_of == row.index])
        total = sum(row.sequence.missing for row in rows)
        if total > max(draft.budget, len(rows)):
            return self._place_chunks(work, draft, rows)
        if len(rows) > draft.rows_left and draft.rows:
            return None
        mark, first = len(draft.copies), draft.logits
        for row in rows:
            copies = self._room.reserve(work, row.sequence, row.sequence.known, draft.placed)
            if copies is None:
                if len(draft.copies) > mark:
                    del draft.copies[mark:]
                    self._room.preempt(work)
                return None
            draft.copy(copies)
        for row in rows:
            draft.add(work, row.index, row.sequence, row.sequence.missing, 1)
        numbers = tuple([row.index for row in rows])
        draft.samples.append(PlanSample(work.request, first, numbers, work.group.sampler))
        return None

    def _prepare(self, work: GroupWork, row: Row) -> None:
        sequence = row.sequence
        if sequence.table is None and (work.group.generated or row.copy_of == row.index):
            saved = self._room.prepare(sequence, sequence.known - 1)
            self.prefix_tokens += saved
            if work.group.generated == 0:
                work.cached_tokens += saved

    def _fork_copies(self, work: GroupWork, rows: list[Row]) -> bool:
        """Rows that repeat a prompt share its blocks once they are there. Returns whether they do."""
        for row in rows:
            if row.sequence.table is not None:
                continue
            leader = work.group.rows[row.copy_of].sequence
            if leader.missing > 1:
                return False
            assert leader.table is not None
            row.sequence.table = self._room.blocks.fork(leader.table, leader.computed)
            row.sequence.computed = leader.computed
        return True

    def _place_chunks(self, work: GroupWork, draft: _Draft, rows: list[Row]) -> None:
        """Prompt tokens without the last one of each row."""
        for row in rows:
            sequence = row.sequence
            count = min(sequence.missing - 1, draft.budget)
            if count <= 0:
                continue
            copies = self._room.reserve(work, sequence, sequence.computed + count, draft.placed)
            if copies is None:
                return
            draft.copy(copies)
            draft.add(work, row.index, sequence, count, 0)

    def _place_step(self, work: StepWork, draft: _Draft) -> None:
        for index, todo in enumerate(work.todo):
            if draft.budget <= 0 or (draft.rows_left <= 0 and draft.rows):
                return
            sequence = todo.session.sequence
            known = sequence.known
            reuse = min(known - max(todo.logits, 1), todo.fresh if work.outputs else known)
            self.prefix_tokens += self._room.prepare(sequence, reuse)
            count = min(sequence.missing, draft.budget)
            end = sequence.computed + count
            copies = self._room.reserve(work, sequence, end, draft.placed)
            if copies is None:
                for later in work.todo[index + 1 :]:
                    self._room.release(later.session.sequence)
                copies = self._room.reserve(work, sequence, end, draft.placed)
            if copies is None:
                return
            draft.copy(copies)
            logits = max(0, end - max(sequence.computed, known - todo.logits))
            fresh = max(0, end - max(sequence.computed, todo.fresh))
            draft.add(work, todo.index, sequence, count, logits, fresh)
            draft.outputs.update(work.outputs)
