"""What a draft model has computed of sequences that another model answers: a shadow has the tokens of its sequence, and blocks of its own.

In one step the draft model first catches up with what its sequences know, then says token after token, for all of them at once, and the
model computes what was said (`engine/drafts.py`). So nobody waits for a draft, and a step that is given up leaves no trace: what a shadow has computed is
told when the step is done, as far as the drafts were right. Shadows take blocks from nobody and lose theirs to everybody; a lost one is computed anew.

A prompt is caught up with in chunks, `most` tokens a step, beside steps without drafts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aweigh.engine.core import Row, Sequence
from aweigh.engine.schedule.instructions import PlanDrafts, PlanRow, StepPlan
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.work import GroupWork, Model, Work

LARGEST = 64
"""Tokens of a pass whose time counts: longer ones are bound by arithmetic."""
_WEIGHT = 1 / 16


@dataclass(slots=True)
class Drawing:
    """The draft model's part of a plan in the making. `most`: tokens that it may still catch up with."""

    model: Model
    most: int
    rows: list[PlanRow] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def done(self) -> PlanDrafts | None:
        """The part, if there is any."""
        if not self.rows:
            return None
        return PlanDrafts(self.model.spec, tuple(self.rows), tuple(self.lengths), tuple(self.places))


class Shadows:
    """Makes shadows, moves them on, and lets go of them."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def drafts_for(self, model: Model) -> Model | None:
        """The draft model that may be asked now: one whose keys and values can be taken back."""
        draft = model.draft
        usable = draft is not None and not draft.deferred and self._room.blocks.may_crop(draft.spec.fingerprint)
        return draft if usable else None

    def place(self, request: int, rows: list[Row], first: int, length: int, drawing: Drawing) -> int:
        """Lets the draft model say `length` tokens for rows that are at places first .. of the plan. Returns how many it will: 0 if it has to catch
        up for longer, or there are no blocks."""
        for row in rows:
            self._prepare(row.sequence, drawing.model)
        shadows = [row.sequence.shadow for row in rows if row.sequence.shadow is not None]
        if sum(shadow.missing for shadow in shadows) > drawing.most:
            length = 0
        counts = []
        for shadow in shadows:
            counts.append(min(shadow.missing, drawing.most))
            drawing.most -= counts[-1]
            assert shadow.table is not None
            copies = self._room.blocks.reserve(
                shadow.table, shadow.computed, shadow.computed + counts[-1] + max(length - 1, 0)
            )
            if copies is None:
                return 0
            assert not copies, "a shadow shares whole blocks only"
        for index, (row, shadow, count) in enumerate(zip(rows, shadows, counts, strict=True)):
            if count:
                assert shadow.table is not None
                blocks = tuple(shadow.table.groups)
                drawing.rows.append(PlanRow(request, row.index, shadow, shadow.computed, count, blocks, min(length, 1)))
                drawing.lengths.append(length)
                drawing.places.append(first + index)
        return length

    def _prepare(self, sequence: Sequence, draft: Model) -> None:
        if sequence.shadow is None or sequence.shadow.model is not draft.spec:
            self._room.drop_shadow(sequence)
            sequence.shadow = Sequence(draft.spec, sequence.tokens)
            self._room.prepare(sequence.shadow, sequence.known - 1)

    def settle(self, plan: StepPlan, works: Mapping[int, Work], model: Model | None, seconds: float | None) -> None:
        """A step is done, and its groups are settled: shadows have what their model computed and the sequences kept. `seconds` of the draft
        model; None: it failed."""
        drafts = plan.drafts
        if drafts is None:
            return
        if model is not None and seconds and sum(row.count for row in drafts.rows) <= LARGEST:
            each = seconds / max(1, *drafts.lengths)
            model.pass_seconds += _WEIGHT * (each - model.pass_seconds) if model.pass_seconds else each
        for row, length in zip(drafts.rows, drafts.lengths, strict=True):
            work = works.get(row.request)
            if not isinstance(work, GroupWork):
                continue
            sequence = work.group.rows[row.row].sequence
            if sequence.shadow is not row.sequence:
                continue
            if seconds is None:
                self._room.drop_shadow(sequence)
            else:
                reached = row.start + row.count + max(length - 1, 0)
                self._room.computed(row.sequence, min(sequence.computed, reached))

    def detach(self, draft: Model, models: Iterable[Model]) -> None:
        """The draft model goes."""
        self.forget(draft, models)
        for model in models:
            model.draft = None if model.draft is draft else model.draft

    def forget(self, draft: Model, models: Iterable[Model]) -> None:
        """Nothing that a draft model has computed counts any more."""
        for model in models:
            for work in model.works.values() if model.draft is draft else ():
                for sequence in work.sequences():
                    self._room.drop_shadow(sequence)
