"""Speculation: decoding rows take tokens along that may come next, and what the model makes of each is known after one step.

A step on a few rows costs little more than a step on one: it reads every weight either way. So a row that is likely to go on as
something says (`engine/draft`) computes that at once, with logits for each token, and sampling goes through them one after the other as far as they
are what it chose itself (`sampling/verify.py`). The others' keys and values are overwritten by the next step; logs never hold them, so that blocks
are never named for them. Answers stay the same, to the state of a script's generator. It is exact since a token's logits do not depend in
any bit on how its sequence is cut into steps (`kernels/base.py`).

How long a draft is: what a step gets done over what it costs is to grow. With a fixed cost of 1 and c per token (`draft/cost.py`, measured), a step
of T tokens that get V done costs 1 + cT, and one more drafted token, which is right with the chance p^k for the k-th one (`draft/acceptance.py`,
measured), pays if p^k / c > V / (1 + cT). That is greedy fractional programming, and it answers all of it: in a full batch V / (1 + cT) comes
near 1 / c, and only what is certain is tried; alone, drafts are long as soon as they were right. A prompt in the step counts in V and T as any other token.

A draft model (`shadows.py`) is asked where a look-up has nothing that is as often right. Its first token of all rows costs a pass, and so does each further one of the
longest draft; that adds to the step's cost, and it competes on the same terms.

Models with recurrent state do not speculate: a state is of all tokens, so what was wrong could not be taken back, and computing
the right ones again would cost a second step each time. Nor do large batches, so that nobody looks up in vain.

Trees of candidates are left alone. They need each token to see its own branch alone, while `Kernels.attend` lets it see all positions before
it; `selection_TN` could say which, at a price for each key of the context. A look-up has one candidate worth trying, mostly: a tree pays
with draft models that name several.

Prior art: Leviathan et al. 2023, Chen et al. 2023; adaptive lengths in transformers' assisted generation and SpecDec++ (Huang et al. 2024).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aweigh.engine.core import Row
from aweigh.engine.draft.drafting import Drafting
from aweigh.engine.schedule.instructions import PlanDrafts, PlanRow, PlanSample, Proposal
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.shadows import Drawing, Shadows
from aweigh.engine.schedule.work import GroupWork, Model

MOST_ROWS = 16  # in a step that speculates
_UNKNOWN = (0,)  # until the draft model has said it


@dataclass(slots=True)
class _Try:
    """A group's draft in a plan: its rows are places first .. first + len(rows) - 1 of the plan's."""

    work: GroupWork
    drafting: Drafting
    rows: list[Row]
    first: int
    most: int
    rate: float
    by_model: bool = False
    length: int = 0


class Speculation:
    """Lengthens the rows of a plan by drafts."""

    def __init__(self, room: Room, most: int, budget: int) -> None:
        """`most`: tokens of a draft; 0: nobody speculates. `budget`: tokens of a step."""
        self._blocks = room.blocks
        self._shadows = Shadows(room)
        self._most = most
        self._budget = budget

    def extend(self, model: Model, rows: list[PlanRow], samples: list[PlanSample], budget: int) -> PlanDrafts | None:
        """Changes a plan's rows and samples in place. `budget`: tokens that it may still have. Returns what a draft model has to do before."""
        if not self._most or not 0 < len(rows) <= MOST_ROWS or not self._blocks.may_crop(model.spec.fingerprint):
            return None
        asked = self._shadows.drafts_for(model)
        tries = list(self._drafts(model, rows, samples, asked))
        if not tries:
            return None
        _choose(tries, sum(row.count for row in rows), model.cost.per_token, model.pass_cost, budget)
        drawing = None if asked is None else Drawing(asked, self._budget)
        for one in tries:
            if one.length and self._reserve(one):
                if one.by_model:
                    assert drawing is not None
                    one.length = self._shadows.place(one.work.request, one.rows, one.first, one.length, drawing)
                    if not one.length:
                        self._give_back(one)
                self._lengthen(one, rows)
        _renumber(tries, rows, samples)
        return None if drawing is None else drawing.done()

    def _drafts(
        self, model: Model, rows: list[PlanRow], samples: list[PlanSample], asked: Model | None
    ) -> Iterator[_Try]:
        places = {(row.request, row.row): place for place, row in enumerate(rows)}
        for sample in samples:
            work = model.works[sample.request]
            assert isinstance(work, GroupWork)
            first = places[sample.request, sample.rows[0]]
            own = rows[first : first + len(sample.rows)]
            if not work.group.generated or any(row.count > 1 for row in own):
                continue
            live = [work.group.rows[row.row] for row in own]
            work.drafting = drafting = work.drafting or Drafting()
            room = self._room(work)
            most = drafting.draft(live, room)
            modelled = 0 if asked is None else _room_of(asked, live, room)
            if modelled and (not most or drafting.rate < drafting.model_rate):
                yield _Try(work, drafting, live, first, modelled, drafting.model_rate, by_model=True)
            elif most:
                yield _Try(work, drafting, live, first, most, drafting.rate)

    def _room(self, work: GroupWork) -> int:
        """Tokens that a draft may have: the one that follows it still belongs to the answer, and to the context."""
        group = work.group
        left = min(self._most, group.stopping.max_new_tokens - group.generated - 1)
        if group.model.end:
            left = min(left, group.model.end - max(row.sequence.known for row in group.live))
        return left

    def _reserve(self, one: _Try) -> bool:
        """Sees to blocks, at nobody's expense. Returns whether they are there."""
        for row in one.rows:
            sequence = row.sequence
            assert sequence.table is not None
            copies = self._blocks.reserve(sequence.table, sequence.computed, sequence.known + one.length)
            assert not copies, "the row's last block is its own: it is in the plan"
            if copies is None:
                one.length = 0
                self._give_back(one)
                return False
        return True

    def _give_back(self, one: _Try) -> None:
        for row in one.rows:
            assert row.sequence.table is not None
            self._blocks.trim(row.sequence.table, row.sequence.known)

    def _lengthen(self, one: _Try, rows: list[PlanRow]) -> None:
        if one.by_model:
            one.drafting.modelled = one.length
        else:
            one.drafting.length = one.length
        for place, row in enumerate(one.rows, one.first):
            assert row.sequence.table is not None
            blocks = tuple(row.sequence.table.groups)
            draft = _UNKNOWN * one.length if one.by_model else tuple(one.drafting.tokens[row.index][: one.length])
            rows[place] = replace(rows[place], count=1 + one.length, logits=1 + one.length, blocks=blocks, draft=draft)


def _room_of(draft: Model, rows: list[Row], most: int) -> int:
    """Tokens that a draft model may say of rows: those that it computes lie in its context."""
    if any(row.sequence.memory is not None for row in rows):
        return 0
    end = draft.spec.end
    return max(0, min(most, end + 1 - max(row.sequence.known for row in rows))) if end else most


@dataclass(slots=True)
class _Step:
    """A step as it would be: what it gets `done`, its `tokens`, and what else it costs, over the fixed cost. `each` is what a token costs."""

    done: float
    tokens: int
    spent: float
    each: float
    budget: int

    def pays(self, gain: float, tokens: int, cost: float = 0.0) -> bool:
        """Whether so much more done, for so many more tokens and this cost, makes it better."""
        return gain * (self.spent + self.each * self.tokens) > (self.each * tokens + cost) * self.done

    def take(self, gain: float, tokens: int, cost: float = 0.0) -> None:
        self.done += gain
        self.tokens += tokens
        self.spent += cost
        self.budget -= tokens


def _choose(tries: list[_Try], tokens: int, cost: float, pass_cost: float, budget: int) -> None:
    """Sets lengths, the likeliest drafts first. See above; `cost` is c. A draft model's passes are shared, so they are taken or left for all of its rows."""
    step = _Step(float(tokens), tokens, 1.0, cost, budget)
    for one in sorted(tries, key=lambda one: -one.rate):
        count = len(one.rows)
        gain = count * one.rate
        while not one.by_model and one.length < one.most and count <= step.budget and step.pays(gain, count):
            step.take(gain, count)
            one.length += 1
            gain *= one.rate
    asked = sorted((one for one in tries if one.by_model), key=lambda one: -one.rate)
    while asked:
        longer, gains, more = [], 0.0, 0
        for one in asked:
            count, gain = len(one.rows), len(one.rows) * one.rate ** (one.length + 1)
            if one.length < one.most and more + count <= step.budget and step.pays(gain, count):
                longer.append(one)
                gains, more = gains + gain, more + count
        if not longer or not step.pays(gains, more, pass_cost):
            return
        step.take(gains, more, pass_cost)
        for one in longer:
            one.length += 1
        asked = longer


def _renumber(tries: list[_Try], rows: list[PlanRow], samples: list[PlanSample]) -> None:
    """Says of each sample where its logits are now, and what is proposed to it."""
    lengths = {one.work.request: one for one in tries if one.length}
    if not lengths:
        return
    first: dict[int, int] = {}
    logits = 0
    for row in rows:
        first.setdefault(row.request, logits)
        logits += row.logits
    for index, sample in enumerate(samples):
        one = lengths.get(sample.request)
        proposal = None
        if one is not None:
            drafts = tuple(row.draft for row in rows[one.first : one.first + len(one.rows)])
            logs = tuple(row.sequence.tokens for row in one.rows)
            proposal = Proposal(one.length, drafts, logs, one.work.group.stopping)
        samples[index] = replace(sample, first=first[sample.request], proposal=proposal)
