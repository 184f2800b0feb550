"""Given this event, exactly these instructions."""

from math import inf
from typing import Any

import pytest
from tests.engine.schedule.fakes import FakeSampler, FakeStopping, World, expected, group, spec

from aweigh.engine.core import FinishReason, tokens_of
from aweigh.engine.schedule.events import (
    Cancel,
    CloseSessions,
    ForkSession,
    LeaseEnded,
    ModelUnloaded,
    OpenSession,
    StepFailed,
    StepRow,
    SubmitGroup,
    SubmitStep,
    Tick,
)
from aweigh.engine.schedule.instructions import Answer, Fail, Finish, ReleaseModel, RunStep
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import (
    AweighError,
    DeadlineMissed,
    InvalidRequest,
    ModelNotFound,
    NumericalFailure,
    OurBug,
    Overloaded,
    PromptTooLong,
    SessionNotFound,
)
from aweigh.proto.errors import (
    LeaseEnded as LeaseEndedError,
)


def world(slabs: int = 64, **limits: int) -> tuple[World, Any]:
    made = World(slabs, limits=Limits(**limits))
    return made, made.load(spec())


def test_a_prompt_is_prefilled_in_chunks_and_the_last_one_samples() -> None:
    w, m = world(token_budget=8)
    w.submit(group(1, m, [list(range(20))], 2))
    counts = []
    while w.start():
        assert w.flight is not None
        counts.append([(row.start, row.count, row.logits) for row in w.flight.rows])
        w.finish_step()
    assert counts == [[(0, 8, 0)], [(8, 8, 0)], [(16, 4, 1)], [(20, 1, 1)]]


def test_decodes_come_before_prefill_but_the_oldest_comes_first() -> None:
    w, m = world(token_budget=8)
    w.submit(group(1, m, [[1, 2]], 9))
    w.submit(group(2, m, [[3, 4]], 9))
    w.start()
    w.finish_step()
    w.submit(group(3, m, [list(range(30))], 2))
    w.submit(group(4, m, [[5]], 2))
    w.start()
    assert w.flight is not None
    assert [(row.request, row.count) for row in w.flight.rows] == [(1, 1), (2, 1), (4, 1), (3, 5)]


def test_rows_of_a_group_are_sampled_together() -> None:
    w, m = world(token_budget=6)
    w.submit(group(1, m, [[1] * 9, [2], [3, 4]], 3))
    while w.start():
        assert w.flight is not None
        for sample in w.flight.samples:
            assert sample.rows == (0, 1, 2)
        w.finish_step()
    assert w.tokens[1] == {row: expected(prompt, 3, m) for row, prompt in enumerate([[1] * 9, [2], [3, 4]])}


def test_equal_prompts_are_computed_once() -> None:
    w, m = world()
    w.submit(group(1, m, [[1, 2, 3, 4, 5, 6]] * 4, 3))
    w.run()
    prefill, first = w.device.steps[:2]
    assert [(row.row, row.start, row.count) for row in prefill.rows] == [(0, 0, 5)]
    assert [(row.row, row.start, row.count) for row in first.rows] == [(row, 5, 1) for row in range(4)]
    assert len(first.copies) == 3
    assert all(w.tokens[1][row] == expected([1, 2, 3, 4, 5, 6], 3, m) for row in range(4))


def test_a_later_request_reuses_the_prefix() -> None:
    w, m = world()
    prompt = list(range(20))
    w.submit(group(1, m, [prompt], 1))
    w.run()
    w.submit(group(2, m, [prompt], 1))
    w.start()
    assert w.flight is not None
    assert [(row.start, row.count) for row in w.flight.rows] == [(16, 4)]
    w.finish_step()
    assert w.finished[2].usage.cached_tokens == 16 and w.tokens[2] == w.tokens[1]
    assert w.scheduler.counters().prefix_hits == 16


def test_models_take_turns() -> None:
    w = World(64)
    a, b, c = (w.load(spec(name, name.encode(), name.encode())) for name in "abc")
    for request in range(1, 9):
        w.submit(group(request, a, [[request]], 30))
    w.submit(group(20, b, [[1]], 6))
    w.submit(group(21, c, [[1]], 6))
    w.run()
    ran = [plan.model.name for plan in w.device.steps[:18]]
    assert ran == ["a", "b", "c"] * 6


def test_a_newer_request_gives_way_when_blocks_run_out() -> None:
    w, m = world(slabs=6)
    w.submit(group(1, m, [[1] * 8], 12))
    w.submit(group(2, m, [[2] * 8], 12))
    w.run()
    assert w.scheduler.counters().preemptions > 0
    assert w.tokens == {1: {0: expected([1] * 8, 12, m)}, 2: {0: expected([2] * 8, 12, m)}}
    assert list(w.finished) == [1, 2]


@pytest.mark.parametrize(
    ("prompts", "new_tokens", "early", "fits"),
    [
        ([[1] * 16], 5, False, True),  # 20 computed tokens: 5 blocks
        ([[1] * 16], 6, False, False),
        ([[1] * 16], 10**6, True, True),
        ([[1] * 21], 10**6, True, False),
        ([[1] * 8] * 2, 5, False, True),  # one block of the prompt is shared
        ([[1] * 8, [2] * 8], 5, False, False),
    ],
)
def test_what_can_never_fit_is_refused_at_once(
    prompts: list[list[int]], new_tokens: int, early: bool, fits: bool
) -> None:
    w, m = world(slabs=5)
    w.submit(group(1, m, prompts, stopping=FakeStopping(new_tokens, may_end_early=early)))
    assert (1 not in w.failed) is fits
    assert fits or isinstance(w.failed[1], PromptTooLong)


def test_what_outgrows_the_memory_fails_typed_and_alone() -> None:
    w, m = world(slabs=5)
    w.submit(group(1, m, [[1] * 8], stopping=FakeStopping(10**6, may_end_early=True)))
    w.submit(group(2, m, [[2] * 8], 3))
    w.run()
    assert isinstance(w.failed[1], PromptTooLong) and len(w.tokens[1][0]) == 13
    assert w.tokens[2] == {0: expected([2] * 8, 3, m)}


def test_the_context_is_a_limit() -> None:
    w = World()
    m = w.load(spec(context=10))
    w.submit(group(1, m, [[1] * 11], 1))
    w.submit(group(2, m, [[1] * 8], 4))
    w.submit(group(3, m, [[1] * 8], 3))
    w.submit(group(4, m, [[1] * 8], stopping=FakeStopping(99, may_end_early=True)))
    assert set(w.failed) == {1, 2}
    w.run()
    assert 3 in w.finished and isinstance(w.failed[4], PromptTooLong) and len(w.tokens[4][0]) == 3


def test_stop_length_and_time() -> None:
    w, m = world()
    eos = expected([1], 3, m)[2]
    w.submit(group(1, m, [[1]], stopping=FakeStopping(9, eos=eos, may_end_early=True)))
    w.submit(group(2, m, [[1]], 4))
    w.submit(group(3, m, [[1]], stopping=FakeStopping(50, max_time=3.5)))
    w.run()
    assert [w.finished[request].reasons for request in (1, 2, 3)] == [
        [FinishReason.STOP],
        [FinishReason.LENGTH],
        [FinishReason.TIME],
    ]
    assert len(w.tokens[1][0]) == 3 and len(w.tokens[3][0]) == 4
    assert w.finished[1].generator == b"state"


def test_a_missed_deadline_frees_at_once_and_its_time_is_announced() -> None:
    w, m = world()
    w.submit(group(1, m, [[1]], 50, deadline=5.5))
    assert w.scheduler.next_decision_time() == -inf
    w.start()
    assert w.scheduler.next_decision_time() == 5.5
    w.tell(Tick(5.5))
    assert isinstance(w.failed[1], DeadlineMissed) and "5.5 s" in str(w.failed[1])
    w.finish_step()
    counters = w.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total


def test_cancel_in_flight_frees_before_the_step_is_done() -> None:
    w, m = world()
    w.submit(group(1, m, [[1] * 9], 50))
    w.submit(group(2, m, [[2] * 9], 3))
    w.start()
    w.tell(Cancel(1, w.now))
    assert w.finished[1].reasons == [FinishReason.CANCELLED]
    w.tell(Cancel(1, w.now))
    w.finish_step()
    w.run()
    assert 1 not in w.tokens and w.tokens[2] == {0: expected([2] * 9, 3, m)}


def test_one_request_fails_alone() -> None:
    w, m = world()
    w.submit(group(1, m, [[1]], 5, sampler=FakeSampler(fails_at=2)))
    w.submit(group(2, m, [[2]], 5))
    w.run()
    assert isinstance(w.failed[1], NumericalFailure) and w.tokens[2] == {0: expected([2], 5, m)}


def test_a_step_that_raised_fails_those_in_it_and_nobody_else() -> None:
    w = World()
    a, b = w.load(spec("a", b"a", b"a")), w.load(spec("b", b"b", b"b"))
    w.submit(group(1, a, [[1]], 5))
    w.submit(group(2, b, [[2]], 5))
    w.start()
    plan, w.flight = w.flight, None
    assert plan is not None
    w.tell(StepFailed(plan.step, OurBug("boom"), w.now))
    assert set(w.failed) == {1}
    w.run()
    assert w.tokens[2] == {0: expected([2], 5, b)}


def test_a_row_that_came_to_nothing_leaves_its_session_with_its_log() -> None:
    w, _ = world()
    w.tell(step(1, row(1, [1, 2, 3])))
    w.tell(step(2, row(2, [4, 5])))
    w.start()
    w.device.kv.clear()
    w.finish_step({1: OurBug("boom")})
    assert set(w.failed) == {1} and [type(entry) for entry in w.others] == [Answer]
    w.device.kv = {place: -5 for place in w.device.kv}
    w.tell(CloseSessions(3, "lease", [2]))
    w.tell(step(4, row(1, [9], logits=1)))
    w.run()
    assert w.answers[4][0] == expected([1, 2, 3, 9], 1, spec())


def test_queues_are_bounded() -> None:
    w, m = world(waiting=2)
    for request in (1, 2, 3):
        w.submit(group(request, m, [[1]], 2))
    assert isinstance(w.failed[3], Overloaded)
    w.run()
    w.submit(group(4, m, [[1]], 2))
    assert 4 not in w.failed


def test_unloading_waits_for_the_step_in_flight() -> None:
    w, m = world()
    twin = w.load(spec("twin", identity=b"j"))
    w.submit(group(1, m, [[1]], 5))
    w.start()
    w.tell(ModelUnloaded("m"))
    assert isinstance(w.failed[1], ModelNotFound) and not w.others
    w.finish_step()
    assert w.others == [ReleaseModel(m, False)]
    w.tell(ModelUnloaded("twin"))
    assert w.others[1:] == [ReleaseModel(twin, True)]
    w.submit(group(2, m, [[1]], 5))
    assert isinstance(w.failed[2], ModelNotFound)


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
    w.tell(step(1, row(1, [1, 2, 3, 4, 5, 6])))
    w.start()
    w.tell(Cancel(1, w.now))
    w.tell(step(2, row(1, [9, 9, 9, 9, 9], keep=2, logits=1)))
    w.finish_step()
    w.run()
    assert w.answers[2][0] == expected([1, 2, 9, 9, 9, 9, 9], 1, spec())


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


def test_a_submission_is_answered_by_instructions_not_exceptions() -> None:
    w, m = world(rows_per_call=2)
    (fail,) = w.scheduler.handle(SubmitGroup(group(1, m, [[1]] * 3), 0.0))
    assert isinstance(fail, Fail) and isinstance(fail.error, InvalidRequest)
    assert w.scheduler.handle(Tick(1.0)) == [] and w.scheduler.next_decision_time() is None
    (run,) = [*w.scheduler.handle(SubmitGroup(group(2, m, [[1]], 1), 0.0)), *w.scheduler.handle(Tick(2.0))]
    assert isinstance(run, RunStep)
    assert not isinstance(run, Finish)
