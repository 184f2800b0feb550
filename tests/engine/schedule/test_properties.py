"""Random lives of a scheduler: every request ends, tokens equal those of a run alone, no block leaks, nobody starves.

The fake device keeps tokens by block and offset, so a wrong block, a missed copy or a stale prefix changes tokens.
"""

import random
from array import array
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings
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

from aweigh.engine.core import FinishReason, tokens_of
from aweigh.engine.schedule.events import Cancel, CloseSessions, LeaseEnded, ModelUnloaded, StepRow, SubmitStep
from aweigh.engine.schedule.limits import Limits
from aweigh.proto.errors import LeaseEnded as LeaseEndedError
from aweigh.proto.errors import NumericalFailure, PromptTooLong

# KV groups, and whether there is recurrent state: paged, hybrid, and recurrent models.
KEPT = st.sampled_from([(1, False), (2, False), (1, True), (0, True)])
MODELS = [
    spec("a", b"one", b"a"),
    spec("b", b"one", b"b"),
    spec("c", b"two", b"c"),
]


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), blocks=st.sampled_from([46, 60, 200]), kept=KEPT)
def test_whatever_comes_everybody_gets_the_tokens_of_a_run_alone(
    seed: int, blocks: int, kept: tuple[int, bool]
) -> None:
    generator = random.Random(seed)
    limits = Limits(token_budget=generator.choice([3, 8, 32]), rows_per_step=generator.choice([2, 4, 64]))
    groups = kept[0] + kept[1]
    world = World(blocks * groups, kept[0], limits, states=kept[1])
    models = [world.load(model) for model in MODELS]
    shared = prompt_of(generator, 12)
    steps_between = generator.choice([1, 3])
    asked: dict[int, tuple[Any, list[list[int]], int, int]] = {}
    cancelled: set[int] = set()
    failing: set[int] = set()
    for request in range(1, generator.randrange(5, 25)):
        model = generator.choice(models)
        prompts = [
            shared[: generator.randrange(13)] + prompt_of(generator, generator.randrange(1, 9))
            for _ in range(generator.choice([1, 1, 1, 2]))
        ] * generator.choice([1, 1, 2])
        count, eos = generator.randrange(1, 21), generator.choice([-1, generator.randrange(VOCABULARY)])
        sampler = FakeSampler(fails_at=generator.choice([None] * 9 + [1, 2]))
        stopping = FakeStopping(count, eos=eos, may_end_early=eos >= 0)
        asked[request] = (model, prompts, count, eos)
        world.submit(group(request, model, prompts, lease="lease", sampler=sampler, stopping=stopping))
        if sampler.fails_at:
            failing.add(request)
        for _ in range(generator.randrange(steps_between)):
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
            assert isinstance(world.failed[request], NumericalFailure) and request in failing
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


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), slabs=st.sampled_from([40, 60, 200]))
def test_memories_are_what_their_own_inputs_make_of_them(seed: int, slabs: int) -> None:
    generator = random.Random(seed)
    limits = Limits(token_budget=generator.choice([3, 8, 32]), rows_per_step=generator.choice([2, 4, 64]))
    world = World(slabs, limits=limits, memories=True)
    models = [world.load(model) for model in MODELS]
    sources = [prompt_of(generator, generator.randrange(1, 17)) for _ in range(3)]
    asked: dict[int, tuple[Any, list[list[int]], list[list[int]], int]] = {}
    cancelled: set[int] = set()
    for request in range(1, generator.randrange(5, 25)):
        model, rows = generator.choice(models), generator.choice([1, 1, 2])
        repeats, count = generator.choice([1, 1, 3]), generator.randrange(1, 15)
        prompts = [[7] * generator.choice([1, 1, 6]) for _ in range(rows)] * repeats
        memories = [generator.choice(sources) for _ in range(rows)] * repeats
        asked[request] = (model, prompts, memories, count)
        world.submit(group(request, model, prompts, count, lease="lease", memories=memories))
        for _ in range(generator.randrange(3)):
            in_flight = world.start()
            if generator.random() < 0.1:
                cancelled.add(victim := generator.choice(list(asked)))
                world.tell(Cancel(victim, world.now))
            if in_flight:
                world.finish_step()
    world.run()
    assert not world.failed
    for request, (model, prompts, memories, count) in asked.items():
        for row, (prompt, memory) in enumerate(zip(prompts, memories, strict=True)):
            alone = expected(prompt, count, model, memory=memory)
            made = world.tokens.get(request, {}).get(row, [])
            assert made == (alone[: len(made)] if request in cancelled else alone)
    counters = world.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total


def test_rows_of_one_prompt_share_one_memory() -> None:
    world = World(memories=True)
    model = world.load(spec())
    world.submit(group(1, model, [[7]] * 4, 6, memories=[[1, 2, 3, 4, 5]] * 4))
    world.run()
    assert world.device.encoded == 1
    assert {step.rows[0].memory.blocks for step in world.device.steps if step.rows[0].memory} == {
        world.device.steps[0].rows[0].memory.blocks  # type: ignore[union-attr]
    }


def test_a_memory_is_computed_again_after_preemption() -> None:
    world = World(13, memories=True)
    model = world.load(spec())
    for request in (1, 2):
        world.submit(group(request, model, [[7]], 20, memories=[[request] * 13]))
    world.run()
    for request in (1, 2):
        assert world.tokens[request][0] == expected([7], 20, model, memory=[request] * 13)
    assert world.scheduler.counters().preemptions > 0 and world.device.encoded > 2


def test_a_memory_that_never_fits_is_refused() -> None:
    world = World(4, memories=True)
    world.submit(group(1, world.load(spec()), [[7]], 2, memories=[[1] * 17]))
    assert isinstance(world.failed[1], PromptTooLong)


class Script:
    """A script that steps, forks and crops sessions by hand, and knows what every answer must be."""

    def __init__(self, world: World, generator: random.Random, model: Any) -> None:
        self.world, self.generator, self.model = world, generator, model
        self.logs: dict[int, list[int]] = {}
        self.numbers = 0

    def step(self, request: int) -> dict[int, list[int]]:
        """Submits a random step call. Returns the tokens that must follow the wanted positions, by row."""
        generator = self.generator
        rows: list[StepRow] = []
        wanted: dict[int, list[int]] = {}
        before = {number: list(log) for number, log in self.logs.items()}
        taken: set[int] = set()
        for index in range(generator.randrange(1, 4)):
            free = [number for number in before if number not in taken]
            parent, keep = 0, None
            if free and generator.random() < 0.5:
                number = generator.choice(free)
                log = before[number]
            else:
                self.numbers += 1
                number, log = self.numbers, []
                if before and generator.random() < 0.6:
                    parent = generator.choice(list(before))
                    log = list(before[parent])
            taken.add(number)
            if generator.random() < 0.4:
                keep = generator.randrange(len(log) + 1)
                log = log[:keep]
            new = prompt_of(generator, generator.choice([0, 1, 1, 1, 5, 14]))
            logits = generator.randrange(len(new) + 1)
            log = log + new
            self.logs[number] = log
            rows.append(StepRow(number, parent, keep, tokens_of(new), None, None, 0, logits))
            ends = range(len(log) - logits + 1, len(log) + 1)
            wanted[index] = [
                token_after(log[:end] * self.world.device.contexts, self.model.identity[0]) for end in ends
            ]
        close = [number for number in before if number not in taken and generator.random() < 0.3]
        for number in close:
            del self.logs[number]
        self.world.tell(SubmitStep(request, "lease", self.model.name, rows, self.world.now, close=close))
        return wanted


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), slabs=st.sampled_from([30, 60]), kept=KEPT)
def test_sessions_answer_from_their_log_whatever_was_dropped(seed: int, slabs: int, kept: tuple[int, bool]) -> None:
    generator = random.Random(seed)
    groups = kept[0] + kept[1]
    world = World(slabs, kept[0], Limits(token_budget=generator.choice([3, 8, 64])), states=kept[1])
    models = [world.load(model) for model in MODELS]
    script = Script(world, generator, models[0])
    wanted: dict[int, dict[int, list[int]]] = {}
    others: dict[int, tuple[Any, list[int]]] = {}
    for request in range(1, 40, 2):
        wanted[request] = script.step(request)
        other, prompt = generator.choice(models), prompt_of(generator, generator.randrange(1, 20))
        others[request + 1] = other, prompt
        world.submit(group(request + 1, other, [prompt], 6))
        for _ in range(3):
            if world.start():
                world.finish_step()
        while any(session.busy for session in world.scheduler._sessions.all()):
            assert world.start()
            world.finish_step()
        if sum(map(len, script.logs.values())) > 60:
            world.tell(CloseSessions(1000 + request, "lease", list(script.logs)))
            script.logs.clear()
    world.run()
    assert not world.failed
    for request, rows in wanted.items():
        for row, tokens in rows.items():
            assert world.answers.get(request, {}).get(row, []) == tokens
    for request, (model, prompt) in others.items():
        assert world.tokens[request][0] == expected(prompt, 6, model, groups)
    world.tell(LeaseEnded("lease"))
    counters = world.scheduler.counters()
    assert counters.blocks_free == counters.blocks_total and counters.sessions == 0


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), kept=KEPT)
def test_ends_in_mid_step_free_everything(seed: int, kept: tuple[int, bool]) -> None:
    generator = random.Random(seed)
    world = World(60, kept[0], Limits(token_budget=8), states=kept[1])
    models = [world.load(model) for model in MODELS]
    for request in range(1, 9):
        model = generator.choice(models)
        world.submit(group(request, model, [prompt_of(generator, generator.randrange(1, 20))], 6, lease="lease"))
    world.tell(SubmitStep(20, "lease", "a", [StepRow(1, tokens=array("q", range(20)))], world.now))
    for _ in range(generator.randrange(6)):
        world.start()
        world.finish_step()
    world.start()
    if generator.random() < 0.5:
        world.tell(LeaseEnded("lease"))
        assert all(isinstance(error, LeaseEndedError) for error in world.failed.values())
    else:
        for model in models:
            world.tell(ModelUnloaded(model.name))
    counters = world.scheduler.counters()
    assert counters.running == counters.waiting == counters.sessions == 0
    assert counters.blocks_free == counters.blocks_total
    if world.flight is not None:
        world.finish_step()
    assert len(world.finished) + len(world.failed) + len(world.others) >= 9
    assert world.scheduler.next_decision_time() is None
