"""A draft model changes no answer and keeps no block, whatever it says; and it makes steps fewer where it is right."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.schedule.fakes import VOCABULARY, FakeStopping, World, expected, group, prompt_of, spec

from aweigh.engine.core import FinishReason, ModelSpec
from aweigh.engine.draft import drafting
from aweigh.engine.draft.source import NOTHING
from aweigh.engine.schedule.events import Cancel, LeaseEnded, ModelDamaged, ModelUnloaded, StepDeferred, StepFailed
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import OurBug, PromptTooLong, StoreFailed

TARGET = spec("t", b"one", b"a")
SAME = spec("d", b"two", b"a")  # another structure that says the same: its identity begins alike
OTHER = spec("o", b"two", b"z")


@pytest.fixture(autouse=True)
def no_lookups() -> Any:
    class Nothing:
        def propose(self, tokens: object, most: int) -> Any:
            return NOTHING

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafting, "PromptLookup", Nothing)
        yield


def world_with(draft: ModelSpec, slabs: int = 64, **limits: int) -> World:
    world = World(slabs, limits=Limits(**{"draft_tokens": 4, **limits}))
    world.load(draft)
    world.load(TARGET, draft.name)
    return world


def check_nothing_is_held(world: World) -> None:
    counters = world.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total and counters.running == counters.waiting == 0


def test_a_draft_model_that_is_right_makes_steps_few() -> None:
    world = world_with(SAME)
    world.submit(group(1, TARGET, [[5, 6, 7]], 60))
    assert world.run() < 25
    assert world.tokens[1][0] == expected([5, 6, 7], 60, TARGET)
    counters = world.scheduler.counters()
    assert counters.accepted_tokens == counters.drafted_tokens > 40
    assert 0 < world.passes < 60, "a pass per drafted token: what was right is not computed again"
    check_nothing_is_held(world)


def test_one_that_is_wrong_is_given_up() -> None:
    world = world_with(OTHER, slabs=300)
    world.submit(group(1, TARGET, [[5, 6, 7]], 300))
    world.run()
    assert world.tokens[1][0] == expected([5, 6, 7], 300, TARGET)
    counters = world.scheduler.counters()
    assert counters.drafted_tokens < 60 and counters.accepted_tokens < 10
    check_nothing_is_held(world)


def test_passes_are_shared_by_all_rows() -> None:
    world = world_with(SAME, slabs=200)
    prompts = [[first, 2, 3] for first in range(6)]
    for number, prompt in enumerate(prompts, 1):
        world.submit(group(number, TARGET, [prompt], 30))
    world.run()
    assert [world.tokens[number][0] for number in range(1, 7)] == [expected(prompt, 30, TARGET) for prompt in prompts]
    assert world.passes < 60 and world.scheduler.counters().accepted_tokens > 80


def test_an_end_within_a_draft_is_the_end() -> None:
    alone = expected([5, 6, 7], 40, TARGET)
    eos = next(token for place, token in enumerate(alone) if token not in alone[:place] and place > 8)
    world = world_with(SAME)
    world.submit(group(1, TARGET, [[5, 6, 7]], stopping=FakeStopping(40, eos=eos, may_end_early=True)))
    world.run()
    assert world.tokens[1][0] == alone[: alone.index(eos) + 1] and world.finished[1].reasons == [FinishReason.STOP]
    check_nothing_is_held(world)


def test_a_long_prompt_is_caught_up_with_in_chunks() -> None:
    world = world_with(SAME, token_budget=16)
    prompt = prompt_of(random.Random(0), 70)
    world.submit(group(1, TARGET, [prompt], 30))
    world.run()
    assert world.tokens[1][0] == expected(prompt, 30, TARGET)
    parts = [step.drafts for step in world.device.steps if step.drafts]
    assert all(sum(row.count for row in part.rows) <= 16 for part in parts)
    assert sum(not any(part.lengths) for part in parts) >= 4 and world.scheduler.counters().accepted_tokens > 5


def test_a_draft_model_that_fails_is_nobodys_affair() -> None:
    world = world_with(SAME)
    turns = iter([False, True] * 100)
    world.draft_fails = lambda: next(turns)
    world.submit(group(1, TARGET, [[5, 6, 7]], 40))
    world.run()
    assert world.tokens[1][0] == expected([5, 6, 7], 40, TARGET)
    check_nothing_is_held(world)


@pytest.mark.parametrize(
    "ends", ["cancel", "lease", "unloaded", "draft unloaded", "damaged", "draft damaged", "failed", "deferred"]
)
@pytest.mark.parametrize("in_flight", [False, True])
def test_whatever_ends_leaves_no_block_behind(ends: str, in_flight: bool) -> None:
    world = world_with(SAME)
    world.submit(group(1, TARGET, [[5, 6, 7], [5, 6, 7]], 40, lease="lease"))
    for _ in range(6):
        world.start()
        world.finish_step()
    if in_flight or ends in ("failed", "deferred"):
        world.start()
        assert world.flight is not None and world.flight.drafts is not None
    broken = StoreFailed("told so")
    match ends:
        case "cancel":
            world.tell(Cancel(1, world.now))
        case "lease":
            world.tell(LeaseEnded("lease"))
        case "unloaded" | "draft unloaded":
            world.tell(ModelUnloaded("t" if ends == "unloaded" else "d"))
        case "damaged" | "draft damaged":
            world.tell(ModelDamaged("t" if ends == "damaged" else "d", broken))
        case "failed" | "deferred":
            plan, world.flight = world.flight, None
            assert plan is not None
            world.tell(StepFailed(plan.step, OurBug("x"), 0.0) if ends == "failed" else StepDeferred(plan.step))
            if ends == "deferred":
                from aweigh.engine.schedule.events import ModelReady

                world.tell(ModelReady("t"))
    if world.flight is not None:
        world.finish_step()
    world.run()
    if ends in ("draft unloaded", "draft damaged", "deferred"):
        assert world.tokens[1][0] == world.tokens[1][1] == expected([5, 6, 7], 40, TARGET)
    check_nothing_is_held(world)


def test_shadows_give_way_to_everybody() -> None:
    """Blocks for both sequences, and for nothing else: whoever answers gets them."""
    world = world_with(SAME, slabs=24)
    for number in (1, 2):
        world.submit(group(number, TARGET, [[number, 6, 7]], 40))
    world.run()
    for number in (1, 2):
        assert world.tokens[number][0] == expected([number, 6, 7], 40, TARGET)
    assert not world.scheduler.counters().preemptions, "drafts cost nobody its blocks"
    check_nothing_is_held(world)


def test_a_draft_model_s_context_ends() -> None:
    short = spec("d", b"two", b"a", context=20)
    world = world_with(short)
    world.submit(group(1, TARGET, [[5, 6, 7]], 40))
    world.run()
    assert world.tokens[1][0] == expected([5, 6, 7], 40, TARGET)
    ends = [
        row.start + row.count + length - 1
        for step in world.device.steps
        if step.drafts
        for row, length in zip(step.drafts.rows, step.drafts.lengths, strict=True)
    ]
    assert max(ends) <= 20


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), slabs=st.sampled_from([50, 80, 300]), draft=st.sampled_from([SAME, OTHER]))
def test_whatever_happens_everybody_gets_the_tokens_of_a_run_alone(seed: int, slabs: int, draft: ModelSpec) -> None:
    generator = random.Random(seed)
    limits = {"token_budget": generator.choice([8, 32, 64]), "rows_per_step": generator.choice([2, 4, 64])}
    world = world_with(draft, slabs, draft_tokens=generator.choice([1, 3, 9]), **limits)
    world.draft_fails = lambda: generator.random() < 0.05
    asked: dict[int, tuple[ModelSpec, list[list[int]], int, int]] = {}
    cancelled: set[int] = set()
    for request in range(1, generator.randrange(5, 20)):
        model = generator.choice([TARGET, TARGET, draft])  # a draft model answers requests of its own, too
        prompts = [prompt_of(generator, generator.randrange(1, 20))] * generator.choice([1, 1, 2])
        count, eos = generator.randrange(1, 21), generator.choice([-1, generator.randrange(VOCABULARY)])
        asked[request] = (model, prompts, count, eos)
        world.submit(
            group(request, model, prompts, lease="lease", stopping=FakeStopping(count, eos=eos, may_end_early=eos >= 0))
        )
        for _ in range(generator.randrange(4)):
            in_flight = world.start()
            if generator.random() < 0.1:
                cancelled.add(generator.choice(list(asked)))
                world.tell(Cancel(max(cancelled), world.now))
            if in_flight:
                world.finish_step()
    world.run()
    for request, (model, prompts, count, eos) in asked.items():
        if request in world.failed:
            assert isinstance(world.failed[request], PromptTooLong)
            continue
        for row, prompt in enumerate(prompts):
            alone = expected(prompt, count, model, 1, eos)
            made = world.tokens.get(request, {}).get(row, [])
            if world.finished[request].reasons[row] is FinishReason.CANCELLED:
                assert request in cancelled and made == alone[: len(made)]
            else:
                assert made == alone
    check_nothing_is_held(world)
