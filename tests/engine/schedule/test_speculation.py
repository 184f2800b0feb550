"""Drafts change no answer, whoever makes them; and they make steps fewer where they are right."""

import random
from array import array
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.schedule.fakes import (
    VOCABULARY,
    FakeSampler,
    FakeStopping,
    World,
    expected,
    group,
    prompt_of,
    spec,
    token_after,
)

from aweigh.engine.core import FinishReason, Sampled, tokens_of
from aweigh.engine.draft import drafting
from aweigh.engine.draft.source import NOTHING, STRONGEST, Draft
from aweigh.engine.schedule.events import Cancel, StepDeferred, StepDone, StepRow, SubmitStep
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import NumericalFailure, PromptTooLong

MODELS = [spec("a", b"one", b"a"), spec("b", b"one", b"b"), spec("c", b"two", b"c")]


class Adversary:
    """Proposes what a model really says for a while, then something else, of any length and any strength."""

    def __init__(self, generator: random.Random, groups: int) -> None:
        self._generator, self._groups = generator, groups

    def propose(self, tokens: "array[int]", most: int) -> Draft:
        generator = self._generator
        if most <= 0 or generator.random() < 0.1:
            return NOTHING
        context = list(tokens)
        salt = generator.choice(MODELS).identity[0]
        for _ in range(generator.randrange(1, most + 1)):
            right = generator.random() < 0.9
            context.append(token_after(context * self._groups, salt) if right else generator.randrange(VOCABULARY))
        return Draft(tokens_of(context[len(tokens) :]), generator.randrange(STRONGEST + 1))


@settings(max_examples=80)
@given(
    seed=st.integers(0, 10**6),
    blocks=st.sampled_from([46, 60, 200]),
    kept=st.sampled_from([(1, False), (2, False), (1, True), (0, True)]),
    eager=st.booleans(),
)
def test_whatever_is_proposed_everybody_gets_the_tokens_of_a_run_alone(
    seed: int, blocks: int, kept: tuple[int, bool], eager: bool
) -> None:
    generator = random.Random(seed)
    limits = Limits(
        token_budget=generator.choice([3, 8, 32, 64]),
        rows_per_step=generator.choice([2, 4, 64]),
        draft_tokens=generator.choice([1, 3, 9]),
    )
    groups = kept[0] + kept[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafting, "PromptLookup", lambda: Adversary(generator, groups))
        if eager:
            patch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
        world = World(blocks * groups, kept[0], limits, states=kept[1])
        models = [world.load(model) for model in MODELS]
        shared = prompt_of(generator, 12)
        asked: dict[int, tuple[Any, list[list[int]], int, int]] = {}
        cancelled: set[int] = set()
        failing: set[int] = set()
        for request in range(1, generator.randrange(5, 25)):
            model = generator.choice(models)
            prompts = [
                shared[: generator.randrange(13)] + prompt_of(generator, generator.randrange(1, 9))
                for _ in range(generator.choice([1, 1, 1, 2]))
            ] * generator.choice([1, 1, 2])
            if asked and generator.random() < 0.3:  # goes on behind an answer: its blocks may be found by name
                other, before, _, _ = generator.choice(list(asked.values()))
                model, prompts = other, [before[0] + expected(before[0], 14, other, groups)]
            count, eos = generator.randrange(1, 21), generator.choice([-1, generator.randrange(VOCABULARY)])
            sampler = FakeSampler(fails_at=generator.choice([None] * 9 + [1, 2]))
            stopping = FakeStopping(count, eos=eos, may_end_early=eos >= 0)
            asked[request] = (model, prompts, count, eos)
            world.submit(group(request, model, prompts, lease="lease", sampler=sampler, stopping=stopping))
            if sampler.fails_at:
                failing.add(request)
            for _ in range(generator.randrange(4)):
                in_flight = world.start()
                if generator.random() < 0.1:
                    victim = generator.choice(list(asked))
                    cancelled.add(victim)
                    world.tell(Cancel(victim, world.now))
                if in_flight:
                    world.finish_step()
        world.run()
    for request, (model, prompts, count, eos) in asked.items():
        if request in world.failed:
            error = world.failed[request]
            assert (isinstance(error, NumericalFailure) and request in failing) or isinstance(error, PromptTooLong)
            continue
        finish = world.finished[request]
        for row, prompt in enumerate(prompts):
            alone = expected(prompt, count, model, groups, eos)
            made = world.tokens.get(request, {}).get(row, [])
            if finish.reasons[row] is FinishReason.CANCELLED:
                assert request in cancelled and made == alone[: len(made)]
            else:
                assert made == alone
                assert finish.reasons[row] is (FinishReason.STOP if made[-1] == eos else FinishReason.LENGTH)
    counters = world.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total and counters.running == counters.waiting == 0
    assert counters.accepted_tokens <= counters.drafted_tokens
    if kept[1]:
        assert not any(row.draft for step in world.device.steps for row in step.rows), "a state cannot be taken back"


class Knowing:
    """Proposes what model `MODELS[0]` says, or the same with something wrong at a place of the draft, or at every so many of the text."""

    def __init__(self, wrong_at: int = -1, every: int = 0) -> None:
        self._wrong_at, self._every = wrong_at, every

    def propose(self, tokens: "array[int]", most: int) -> Draft:
        context = list(tokens)
        for place in range(most):
            token = token_after(context, MODELS[0].identity[0])
            wrong = place == self._wrong_at or (self._every and len(context) % self._every == 0)
            context.append((token + wrong) % VOCABULARY)
        return Draft(tokens_of(context[len(tokens) :]), STRONGEST)


def drafting_world(
    patch: pytest.MonkeyPatch, wrong_at: int = -1, most: int = 8, slabs: int = 64, every: int = 0
) -> World:
    patch.setattr(drafting, "PromptLookup", lambda: Knowing(wrong_at, every))
    world = World(slabs, limits=Limits(draft_tokens=most))
    world.load(MODELS[0])
    return world


def test_right_drafts_make_steps_few(monkeypatch: pytest.MonkeyPatch) -> None:
    world = drafting_world(monkeypatch)
    world.submit(group(1, MODELS[0], [[5, 6, 7]], 60))
    assert world.run() < 20
    assert world.tokens[1][0] == expected([5, 6, 7], 60, MODELS[0])
    counters = world.scheduler.counters()
    assert counters.generated_tokens == 60 and counters.accepted_tokens > 40
    rows = [row for step in world.device.steps[1:] for row in step.rows]
    assert all(row.count == 1 + len(row.draft) for row in rows), "what was accepted is not computed again"


def test_wrong_drafts_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    world = drafting_world(monkeypatch, wrong_at=0)
    world.submit(group(1, MODELS[0], [[5, 6, 7]], 100))
    assert world.run() == 100
    assert world.tokens[1][0] == expected([5, 6, 7], 100, MODELS[0])
    assert world.scheduler.counters().accepted_tokens == 0
    assert not any(row.draft for step in world.device.steps[30:] for row in step.rows)


def test_a_row_that_ends_does_not_hold_the_others_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 0 ends in the middle of what was drafted; row 1 goes on in the same step."""
    world = drafting_world(monkeypatch)
    prompts = [[5, 6, 7], [9, 8]]
    alone = [expected(prompt, 40, MODELS[0]) for prompt in prompts]
    eos = next(token for token in alone[0][25:] if token not in alone[1] and alone[0].index(token) >= 25)
    world.submit(group(1, MODELS[0], prompts, stopping=FakeStopping(40, eos=eos, may_end_early=True)))
    assert world.run() < 20
    assert world.tokens[1] == {0: alone[0][: alone[0].index(eos) + 1], 1: alone[1]}


def test_nothing_is_drafted_beyond_the_answer_or_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "PromptLookup", Knowing)
    world = World(limits=Limits(draft_tokens=8))
    model = world.load(spec("a", b"one", b"a", context=20))
    world.submit(group(1, model, [[5, 6, 7]], stopping=FakeStopping(50, eos=200, may_end_early=True)))
    world.run()
    assert isinstance(world.failed[1], PromptTooLong)
    assert world.tokens[1][0] == expected([5, 6, 7], 18, model), "one by one it comes as far"
    world.submit(group(2, model, [[5, 6, 7]], 10))
    world.run()
    assert max(row.start + row.count for step in world.device.steps for row in step.rows) == 20
    ends = [row.start + row.count for step in world.device.steps for row in step.rows if row.request == 2]
    assert max(ends) == 12, "the last token of an answer is never an input"


def test_drafts_take_blocks_from_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four blocks of four tokens: two rows of eight tokens fill them, and no draft makes one of them begin anew."""
    world = drafting_world(monkeypatch, most=8, slabs=4)
    for request in (1, 2):
        world.submit(group(request, MODELS[0], [[request, 6, 7]], 6))
    world.run()
    for request in (1, 2):
        assert world.tokens[request][0] == expected([request, 6, 7], 6, MODELS[0])
    counters = world.scheduler.counters()
    assert counters.preemptions == 0 and counters.accepted_tokens > 0


@pytest.mark.parametrize("slabs", [3, 9])
def test_blocks_of_drafts_come_back(monkeypatch: pytest.MonkeyPatch, slabs: int) -> None:
    """Of two rows in one block each, only the first one finds another block for its draft; or both do, and all is wrong."""
    world = drafting_world(monkeypatch, wrong_at=0, most=4, slabs=slabs)
    monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
    stopping = FakeStopping(50, eos=200, may_end_early=True, min_new_tokens=2)
    world.submit(group(1, MODELS[0], [[5, 6], [5, 8]], stopping=stopping))
    for _ in range(2):
        assert world.start()
        world.finish_step()
        counters = world.scheduler.counters()
        assert counters.blocks_total - counters.blocks_free == 2
    assert any(row.draft for row in world.device.steps[1].rows) == (slabs == 9)


def test_what_is_rejected_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for the rejected text is answered from blocks that hold it, not from those of the draft."""
    world = drafting_world(monkeypatch, wrong_at=1)
    monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
    prompt = [5, 6, 7]
    world.submit(group(1, MODELS[0], [prompt], 20))
    world.run()
    answer = expected(prompt, 20, MODELS[0])
    assert world.tokens[1][0] == answer
    for end in range(1, 20):
        text = prompt + answer[:end]
        for follow in (text, [*text[:-1], (text[-1] + 1) % VOCABULARY]):
            request = 100 * end + len(follow) + (follow is text)
            world.submit(group(request, MODELS[0], [follow], 3))
            world.run()
            assert world.tokens[request][0] == expected(follow, 3, MODELS[0])
    assert world.scheduler.counters().prefix_hits > 0


def test_the_budget_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "PromptLookup", Knowing)
    monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
    world = World(limits=Limits(token_budget=6, draft_tokens=8))
    world.load(MODELS[0])
    for request in range(1, 5):
        world.submit(group(request, MODELS[0], [[request, 6, 7]], 12))
    world.run()
    assert max(step.tokens for step in world.device.steps) <= 6
    assert all(world.tokens[request][0] == expected([request, 6, 7], 12, MODELS[0]) for request in range(1, 5))


def test_time_ends_a_request_after_what_a_step_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    world = drafting_world(monkeypatch)
    world.submit(group(1, MODELS[0], [[5]], stopping=FakeStopping(60, max_time=7.5, may_end_early=True)))
    world.run()
    made = world.tokens[1][0]
    assert world.finished[1].reasons == [FinishReason.TIME]
    assert made == expected([5], 60, MODELS[0])[: len(made)] and 8 < len(made) < 60
    assert len(made) == sum(row.logits for step in world.device.steps for row in step.rows), "all that was drawn came"


def test_a_deferred_step_is_drafted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from aweigh.engine.schedule.events import ModelReady

    world = drafting_world(monkeypatch)
    world.submit(group(1, MODELS[0], [[5]], 40))
    for number in range(100):
        if not world.start():
            break
        if number % 3 == 1:
            assert world.flight is not None
            step, world.flight = world.flight.step, None
            world.tell(StepDeferred(step))
            world.tell(ModelReady("a"))
        else:
            world.finish_step()
    assert world.tokens[1][0] == expected([5], 40, MODELS[0])


def test_a_failure_in_a_later_round_comes_after_the_tokens_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = drafting_world(monkeypatch)
    world.submit(group(1, MODELS[0], [[5]], 40))
    world.start()
    world.finish_step()
    world.start()
    plan, world.flight = world.flight, None
    assert plan is not None and plan.samples[0].proposal is not None
    second, third = expected([5], 3, MODELS[0])[1:]
    broken = Sampled([], None, NumericalFailure("NaN"))
    world.tell(StepDone(plan.step, [Sampled([second], following=(Sampled([third]), broken))], world.now))
    assert world.tokens[1][0] == expected([5], 3, MODELS[0])
    assert isinstance(world.failed[1], NumericalFailure)
    counters = world.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total


def test_sessions_beside_drafts_get_their_logits(monkeypatch: pytest.MonkeyPatch) -> None:
    world = drafting_world(monkeypatch)
    world.submit(group(1, MODELS[0], [[5, 6, 7]], 40))
    logs: list[int] = []
    for number in range(10):
        new = [number, 2 * number + 1]
        logs += new
        world.tell(SubmitStep(100 + number, "lease", "a", [StepRow(1, tokens=tokens_of(new), logits=2)], world.now))
        world.start()
        world.finish_step()
        assert world.answers[100 + number][0] == [
            token_after(logs[:end], MODELS[0].identity[0]) for end in (len(logs) - 1, len(logs))
        ]
    world.run()
    assert world.tokens[1][0] == expected([5, 6, 7], 40, MODELS[0])


def test_expensive_tokens_are_not_drafted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every token costs as much as a step, nobody tries; where it costs nothing, drafts are as long as they may be."""
    lengths = {}
    for each in (1.0, 0.0):
        world = drafting_world(monkeypatch, every=4)
        world.submit(group(1, MODELS[0], [[5, 6, 7, 8, 9]], 200))
        for request in range(2, 6):
            world.submit(group(request, MODELS[0], [[request] * 5], 7))
        while world.start():
            assert world.flight is not None
            world.now += 0.001 + each * world.flight.tokens
            world.finish_step()
        lengths[each] = sum(len(row.draft) for step in world.device.steps[15:] for row in step.rows)
        assert world.tokens[1][0] == expected([5, 6, 7, 8, 9], 200, MODELS[0])
    assert lengths[1.0] == 0 < lengths[0.0]
