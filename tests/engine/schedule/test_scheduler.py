"""Given this event, exactly these instructions."""

import time
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from tests.engine.schedule.fakes import FakeSampler, FakeStopping, World, expected, group, spec

from aweigh.engine.core import FinishReason, Sampled, tokens_of
from aweigh.engine.schedule.events import (
    Cancel,
    ModelUnloaded,
    StepDone,
    StepFailed,
    StepRow,
    SubmitGroup,
    SubmitStep,
    Tick,
)
from aweigh.engine.schedule.instructions import Fail, Finish, ReleaseModel, RunStep
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import (
    DeadlineMissed,
    InvalidRequest,
    ModelNotFound,
    NumericalFailure,
    OurBug,
    Overloaded,
    PromptTooLong,
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
    w.tell(SubmitStep(5, "lease", "m", [StepRow(1, tokens=tokens_of([7]))], w.now))
    w.start()
    assert w.flight is not None
    assert [(row.request, row.count) for row in w.flight.rows] == [(1, 1), (2, 1), (5, 1), (3, 5)]


def test_a_large_prompt_that_waits_for_blocks_is_not_overtaken() -> None:
    w, m = world(slabs=10)
    w.submit(group(1, m, [[1] * 20], 10))
    w.submit(group(2, m, [[2] * 24], 4))
    for request in range(3, 9):
        w.submit(group(request, m, [[request] * 4], 4))
    w.run()
    assert [request for request in w.finished if request in (2, 3, 8)] == [2, 3, 8]


def test_thousands_that_wait_cost_a_step_nothing() -> None:
    w, m = world(slabs=20)
    w.submit(group(1, m, [[1] * 20], 40))
    for request in range(2, 1500):
        w.scheduler.handle(SubmitGroup(group(request, m, [[request % 90] * 9], 4), w.now))
    w.start()
    w.finish_step()
    begin = time.thread_time()
    for _ in range(5):
        (run,) = w.scheduler.handle(Tick(w.now))
        assert isinstance(run, RunStep)
        w.flight = run.plan
        sampled = [Sampled([1] * len(sample.rows)) for sample in run.plan.samples]
        w.scheduler.handle(StepDone(run.plan.step, sampled, w.now))
    assert (time.thread_time() - begin) / 5 < 1e-3


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


def test_where_no_table_ends_outputs_go_beyond_the_context() -> None:
    w = World()
    m = w.load(replace(spec(context=10), context_is_hard=False))
    w.submit(group(1, m, [[1] * 11], 1))
    w.submit(group(2, m, [[1] * 8], 9))
    w.run()
    assert isinstance(w.failed[1], PromptTooLong) and w.tokens[2] == {0: expected([1] * 8, 9, m)}


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


def test_a_submission_is_answered_by_instructions_not_exceptions() -> None:
    w, m = world(rows_per_call=2)
    (fail,) = w.scheduler.handle(SubmitGroup(group(1, m, [[1]] * 3), 0.0))
    assert isinstance(fail, Fail) and isinstance(fail.error, InvalidRequest)
    assert w.scheduler.handle(Tick(1.0)) == [] and w.scheduler.next_decision_time() is None
    (run,) = [*w.scheduler.handle(SubmitGroup(group(2, m, [[1]], 1), 0.0)), *w.scheduler.handle(Tick(2.0))]
    assert isinstance(run, RunStep)
    assert not isinstance(run, Finish)
