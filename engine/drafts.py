"""What a draft model says in a step, before the model computes it.

It catches up with its rows, then says one token after the other, the best each time, for all rows at once. Whatever goes wrong with it is no affair of the
requests: then zeros are drafted, which are as good as any guess. No answer depends on a draft.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from aweigh.engine.schedule.instructions import PlanDrafts, PlanRow, StepPlan

Compute = Callable[[list[PlanRow]], list[int]]
"""Computes rows, and gives the best next token of each that wants logits, in their order."""


def said(drafts: PlanDrafts, compute: Compute) -> list[tuple[int, ...]]:
    """The drafts of the rows, as long as is asked for."""
    made: list[list[int]] = [[] for _ in drafts.rows]
    for number in range(max(1, *drafts.lengths)):
        places = [place for place, length in enumerate(drafts.lengths) if length > number or not number]
        rows = [_ahead(drafts.rows[place], made[place]) for place in places]
        speaking = [place for place in places if drafts.lengths[place]]
        for place, token in zip(speaking, compute(rows), strict=True):
            made[place].append(token)
    return [tuple(tokens) for tokens in made]


def _ahead(row: PlanRow, tokens: Sequence[int]) -> PlanRow:
    """The row's next pass, after it has said `tokens`."""
    if not tokens:
        return row
    return replace(row, start=row.start + row.count + len(tokens) - 1, count=1, draft=(tokens[-1],))


def with_drafts(plan: StepPlan, tokens: Sequence[tuple[int, ...]]) -> StepPlan:
    """The plan with what was said in place of what was not known."""
    assert plan.drafts is not None
    rows = list(plan.rows)
    for place, draft in zip(plan.drafts.places, tokens, strict=True):
        if draft:
            rows[place] = replace(rows[place], draft=draft)
    drafted = {(row.request, row.row): row.draft for row in rows}
    samples = []
    for sample in plan.samples:
        if sample.proposal is not None:
            own = tuple([drafted[sample.request, row] for row in sample.rows])
            samples.append(replace(sample, proposal=replace(sample.proposal, drafts=own)))
        else:
            samples.append(sample)
    return replace(plan, rows=tuple(rows), samples=tuple(samples))
