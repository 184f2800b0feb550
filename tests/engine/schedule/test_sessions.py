"""Sessions: steps, forks, crops and ends, as events and instructions."""

from typing import Any

import pytest
from tests.engine.schedule.fakes import World, expected, group, spec

from aweigh.engine.core import tokens_of
from aweigh.engine.schedule.events import (
    Cancel,
    CloseSessions,
    ForkSession,
    LeaseEnded,
    OpenSession,
    StepRow,
    SubmitStep,
)
from aweigh.engine.schedule.instructions import Answer, Fail
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import (
    AweighError,
    InvalidRequest,
    ModelNotFound,
    OurBug,
    Overloaded,
    PromptTooLong,
    SessionNotFound,
)
from aweigh.proto.errors import LeaseEnded as LeaseEndedError


def world(slabs: int = 64, **limits: int) -> tuple[World, Any]:
    made = World(slabs, limits=Limits(**limits))
    return made, made.load(spec())


def step(request: int, *rows: StepRow, **fields: Any) -> SubmitStep:
    return SubmitStep(request, "lease", "m", rows, 0.0, **fields)


def row(session: int, tokens: list[int], **fields: Any) -> StepRow:
    return StepRow(session, tokens=tokens_of(tokens), **fields)


def test_a_step_answers_when_all_its_rows_are_computed() -> None:
    w, _ = world(token_budget=4)
    w.tell(step(1, row(1, [1, 2, 3], logits=1), row(2, [4, 5, 6], logits=3)))
    w.start()
    assert w.flight is not None
    assert [(r.row, r.count, r.logits) for r in w.flight.rows] == [(0, 3, 1), (1, 1, 1)]
    w.finish_step()
    assert not w.others
    w.start()
    w.finish_step()
    assert [type(entry) for entry in w.others] == [Answer]
    assert [len(w.answers[1][index]) for index in (0, 1)] == [1, 3]


def test_optional_outputs_are_wanted_for_appended_tokens_only() -> None:
    w, m = world(slabs=4)
    w.tell(step(1, row(1, [1] * 6)))
    w.run()
    w.submit(group(2, m, [[9] * 12], 2))
    w.run()
    w.tell(step(3, row(1, [2, 3], logits=1), outputs=("hidden_states",)))
    w.start()
    assert w.flight is not None and w.flight.outputs == ("hidden_states",)
    (only,) = w.flight.rows
    assert (only.start + only.count, only.fresh, only.logits) == (8, 2, 1) and only.start < 6


def test_prefix_hits_do_not_skip_what_is_asked_for() -> None:
    w, _ = world()
    w.tell(step(1, row(1, list(range(12)), logits=1)))
    w.run()
    w.tell(step(2, row(2, list(range(12)), logits=12)))
    w.run()
    w.tell(step(3, row(3, list(range(12)), logits=2), outputs=("hidden_states",)))
    w.run()
    w.tell(step(4, row(4, list(range(12)), logits=2)))
    w.run()
    assert [[r.start for r in plan.rows] for plan in w.device.steps] == [[0], [0], [0], [8]]
    assert w.answers[4][0] == w.answers[2][0][-2:]


def test_embeddings_and_positions_are_kept_and_never_shared() -> None:
    w, _ = world()
    rows = object()
    w.tell(step(1, StepRow(1, embeddings=rows, embeddings_length=5, logits=1)))
    w.run()
    w.tell(step(2, row(1, [7], keep=3, positions=tokens_of([9]))))
    w.run()
    sequence = w.device.steps[-1].rows[0].sequence
    assert [(piece.start, piece.length, piece.rows) for piece in sequence.segments] == [(0, 3, rows)]
    assert list(sequence.positions or ()) == [0, 1, 2, 9] and not sequence.shareable
    w.tell(step(3, row(2, [1, 2], positions=tokens_of([0, 1]))))
    w.run()
    assert w.device.steps[-1].rows[0].sequence.positions is None, "explicit indices are no positions of its own"


def test_nothing_to_compute_is_answered_at_once() -> None:
    w, _ = world()
    w.tell(step(1, row(1, [])))
    assert w.others == [Answer(1)]


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (step(9, row(1, [97])), InvalidRequest),
        (step(9, row(1, [-1])), InvalidRequest),
        (step(9, row(0, [1])), InvalidRequest),
        (step(9, row(1, [1], keep=4)), InvalidRequest),
        (step(9, row(1, [1], logits=2)), InvalidRequest),
        (step(9, row(1, [1], positions=tokens_of([1, 2]))), InvalidRequest),
        (step(9, row(1, [1], positions=tokens_of([-1]))), InvalidRequest),
        (step(9, row(1, [1]), row(1, [2])), InvalidRequest),
        (step(9, row(1, [1], parent=1)), InvalidRequest),
        (step(9, row(1, [1]), close=[1]), InvalidRequest),
        (step(9, row(2, [1], parent=5)), SessionNotFound),
        (step(9, row(2, [1] * 5000)), PromptTooLong),
        (step(9, *[row(number, [1]) for number in range(1, 2000)]), Overloaded),
        (SubmitStep(9, "stranger", "m", [row(1, [1])], 0.0), LeaseEndedError),
        (SubmitStep(9, "lease", "x", [row(1, [1])], 0.0), ModelNotFound),
        (SubmitStep(9, "lease", "other", [row(1, [1])], 0.0), InvalidRequest),
        (OpenSession(9, "lease", "m", 1), InvalidRequest),
        (OpenSession(9, "stranger", "m", 1), LeaseEndedError),
        (OpenSession(9, "lease", "x", 2), ModelNotFound),
        (ForkSession(9, "lease", 5, 6), SessionNotFound),
        (ForkSession(9, "lease", 1, 6, keep=4), InvalidRequest),
        (CloseSessions(9, "stranger", [1]), LeaseEndedError),
    ],
)
def test_wrong_steps_are_refused_and_change_nothing(event: Any, error: type[AweighError]) -> None:
    w, _ = world()
    w.load(spec("other", b"o", b"o"))
    w.tell(step(1, row(1, [1, 2, 3])))
    w.run()
    before = w.scheduler.counters()
    (fail,) = w.scheduler.handle(event)
    assert isinstance(fail, Fail) and type(fail.error) is error and fail.request == 9
    assert w.scheduler.counters() == before
    w.tell(step(2, row(1, [4], logits=1)))
    w.run()
    assert w.answers[2][0] == expected([1, 2, 3, 4], 1, spec())


def test_a_busy_session_takes_no_second_step() -> None:
    w, _ = world()
    w.tell(step(1, row(1, [1, 2, 3])))
    for event in (
        step(2, row(1, [4])),
        step(3, row(2, [4], parent=1)),
        ForkSession(4, "lease", 1, 9),
        step(5, row(7, [1]), close=[1]),
    ):
        (fail,) = w.scheduler.handle(event)
        assert isinstance(fail, Fail) and isinstance(fail.error, InvalidRequest)
    w.tell(CloseSessions(6, "lease", [1, 1, 77]))
    assert isinstance(w.failed[1], SessionNotFound) and w.others[-1] == Answer(6)


def test_a_cancelled_step_in_flight_does_not_count_as_computed() -> None:
    w, _ = world()
    w.tell(step(1, row(1, [1, 2, 3])))
    w.run()
    w.tell(step(2, row(1, [4, 5, 6])))
    w.start()
    w.tell(Cancel(2, w.now))
    w.tell(step(3, row(1, [9, 9, 9, 9, 9], keep=2, logits=1)))
    w.finish_step()
    w.run()
    assert w.answers[3][0] == expected([1, 2, 9, 9, 9, 9, 9], 1, spec())


@pytest.mark.parametrize("how", ["cancelled", "cancelled in flight", "too late", "failed"])
@pytest.mark.parametrize("keep", [None, 6, 3, 0])
def test_a_step_that_came_to_nothing_may_be_made_again(how: str, keep: int | None) -> None:
    w, m = world()
    w.tell(step(1, row(1, [1, 2, 3, 4, 5, 6]), row(2, [7, 8])))
    w.run()
    rows = [row(1, [9] * 5, keep=keep, logits=1), row(2, [5], logits=1), row(3, [7], parent=1, logits=1)]
    new, sessions = row(4, [1, 2], logits=1), w.scheduler.counters().sessions
    w.tell(step(2, *rows, new, deadline=w.now + 0.5 if how == "too late" else None))
    if how in ("cancelled in flight", "failed"):
        w.start()
    if how.startswith("cancelled"):
        w.tell(Cancel(2, w.now))
    if w.flight is not None:
        w.finish_step({2: OurBug("boom")} if how == "failed" else None)
    w.run()
    assert 2 in w.failed and w.scheduler.counters().sessions == sessions
    w.tell(step(3, *rows, new))
    w.run()
    logs = [[1, 2, 3, 4, 5, 6][:keep] + [9] * 5, [7, 8, 5], [1, 2, 3, 4, 5, 6, 7], [1, 2]]
    assert [w.answers[3][index] for index in range(4)] == [expected(tokens, 1, m) for tokens in logs]


def test_what_was_cropped_for_nothing_is_there_again() -> None:
    w, m = world()
    w.tell(step(1, StepRow(1, tokens=tokens_of([1, 2, 3]), positions=tokens_of([0, 1, 5]))))
    w.run()
    w.tell(step(2, row(1, [4], keep=1, positions=tokens_of([9]))))
    w.tell(Cancel(2, w.now))
    w.tell(step(3, row(1, [4], logits=1)))
    w.run()
    assert w.answers[3][0] == expected([1, 2, 3, 4], 1, m)
    assert list(w.device.steps[-1].rows[-1].sequence.positions or ()) == [0, 1, 5, 3]


def test_a_row_that_was_computed_is_taken_back_unless_somebody_built_on_it() -> None:
    w, m = world(token_budget=4)
    w.tell(step(1, row(1, [1]), row(2, [2])))
    w.run()
    w.tell(step(2, row(1, [5]), row(2, [6]), row(3, [3] * 9)))
    w.start()
    w.finish_step()
    w.tell(step(3, row(2, [7], logits=1)))
    w.tell(Cancel(2, w.now))
    w.run()
    w.tell(step(4, row(1, [8], logits=1), row(3, [4], logits=1)))
    w.run()
    assert w.answers[3][0] == expected([2, 6, 7], 1, m)
    assert [w.answers[4][index] for index in (0, 1)] == [expected([1, 8], 1, m), expected([4], 1, m)]


def test_idle_sessions_lose_their_blocks_before_anybody_waits() -> None:
    w, m = world(slabs=8)
    w.tell(step(1, row(1, [1] * 16)))
    w.run()
    w.tell(step(2, row(2, [2] * 8)))
    w.run()
    w.submit(group(3, m, [[3] * 15], 2))
    w.run()
    assert w.scheduler.counters().preemptions == 0 and 3 in w.finished
    w.tell(step(4, row(1, [5], logits=1)))
    w.run()
    assert w.answers[4][0] == expected([1] * 16 + [5], 1, m)


def test_a_step_whose_rows_do_not_fit_together_is_done_row_by_row() -> None:
    w, m = world(slabs=6)
    w.tell(step(1, row(1, [1] * 16, logits=1), row(2, [2] * 16, logits=1), row(3, [3] * 16, logits=1)))
    w.run()
    assert [w.answers[1][index] for index in range(3)] == [expected([index + 1] * 16, 1, m) for index in range(3)]


def test_a_row_that_came_to_nothing_leaves_its_session_with_its_log() -> None:
    w, _ = world()
    w.tell(step(1, row(1, [1, 2, 3])))
    w.run()
    w.tell(step(2, row(1, [8, 8])))
    w.tell(step(3, row(2, [4, 5])))
    w.start()
    w.device.kv.clear()
    w.finish_step({2: OurBug("boom")})
    assert set(w.failed) == {2} and [type(entry) for entry in w.others] == [Answer, Answer]
    w.device.kv = {place: -5 for place in w.device.kv}
    w.tell(CloseSessions(4, "lease", [2]))
    w.tell(step(5, row(1, [9], logits=1)))
    w.run()
    assert w.answers[5][0] == expected([1, 2, 3, 9], 1, spec())


def test_an_ended_lease_frees_its_sessions_and_requests() -> None:
    w, m = world()
    w.submit(group(1, m, [[1]], 9, lease="lease"))
    w.submit(group(2, m, [[2]], 3, lease="another"))
    w.tell(step(3, row(1, [1, 2, 3])))
    w.start()
    w.tell(LeaseEnded("lease"))
    assert set(w.failed) == {1, 3} and w.scheduler.counters().sessions == 0
    w.finish_step()
    w.run()
    assert w.tokens[2] == {0: expected([2], 3, m)}
