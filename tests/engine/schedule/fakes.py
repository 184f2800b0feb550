"""A device that is no device: its model's next token is a hash of all tokens before, read from KV that it really stores by block.

What is read from a block that was never written, was written by somebody else, or was copied wrongly, changes the tokens.
"""

import functools
import operator
import random
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from math import inf
from typing import Any

from aweigh.engine.core import Memory, ModelSpec, RequestGroup, Row, Sampled, Sequence, tokens_of
from aweigh.engine.drafts import said, with_drafts
from aweigh.engine.sampling.verify import verify
from aweigh.engine.schedule.events import LeaseOpened, ModelLoaded, StepDone, SubmitGroup, Tick
from aweigh.engine.schedule.instructions import (
    Emit,
    Fail,
    Finish,
    Instruction,
    PlanDrafts,
    PlanRow,
    RunStep,
    StepPlan,
)
from aweigh.engine.schedule.limits import Limits
from aweigh.engine.schedule.scheduler import Scheduler
from aweigh.proto.errors import AweighError, NumericalFailure

VOCABULARY = 97


class Store:
    """Slabs that pools share: a pool's block i is slab i, if the slab is lent to it."""

    def __init__(self, slabs: int) -> None:
        self.owner: list[Pool | None] = [None] * slabs


class Pool:
    """Block numbers of one group; grows by one slab of one block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def most_blocks(self) -> int:
        return len(self._store.owner)

    def grow(self, before: float = inf) -> range | None:
        for slab, owner in enumerate(self._store.owner):
            if owner is None:
                self._store.owner[slab] = self
                return range(slab, slab + 1)
        return None

    def shrink(self, unused: set[int]) -> list[range]:
        gone = [slab for slab, owner in enumerate(self._store.owner) if owner is self and slab in unused]
        for slab in gone:
            self._store.owner[slab] = None
        return [range(slab, slab + 1) for slab in gone]


def token_after(context: list[int], salt: int) -> int:
    """The fake model."""
    return blake2b(repr((salt, context)).encode(), digest_size=4).digest()[0] % VOCABULARY


class FakeSampler:
    """Takes the model's token, or fails when told so."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.fails_at = fails_at
        self.calls = 0

    def generator_state(self) -> bytes:
        return b"state"


@dataclass
class FakeStopping:
    max_new_tokens: int = 8
    max_time: float | None = None
    may_end_early: bool = False
    min_new_tokens: int = 0
    eos: int = -1

    def ends(self, row: int, tokens: "array[int]") -> bool:
        return tokens[-1] == self.eos


@dataclass
class Device:
    """KV by (structure, group, block, offset), recurrent state and memories by (structure, block), and what runs on them."""

    kv: dict[tuple[bytes, int, int, int], int] = field(default_factory=dict)
    steps: list[StepPlan] = field(default_factory=list)
    groups: int = 1
    states: bool = False
    state: dict[tuple[bytes, int], list[int]] = field(default_factory=dict)
    memory: dict[tuple[bytes, int], list[int]] = field(default_factory=dict)
    encoded: int = 0  # memories that were computed

    @property
    def contexts(self) -> int:
        """How often a token sees what was before it: once per KV group, once in the recurrent state."""
        return self.groups + self.states

    def run(self, plan: StepPlan, inputs: "list[array[int]]") -> list[list[int]]:
        """Writes every row's inputs, and returns for every row the tokens after its wanted positions."""
        self.steps.append(plan)
        structure, size = plan.model.fingerprint, plan.model.block_size
        for copy in plan.copies:
            for offset in range(size):
                if (structure, copy.group, copy.source, offset) in self.kv:
                    self.kv[structure, copy.group, copy.target, offset] = self.kv[
                        structure, copy.group, copy.source, offset
                    ]
        self._memorise(plan)
        written: set[tuple[int, int, int]] = set()
        for row, tokens in zip(plan.rows, inputs, strict=True):
            for position in range(row.start, row.start + row.count):
                for group in range(self.groups):
                    place = (group, row.blocks[group][position // size], position % size)
                    assert place not in written, "two sequences write one place"
                    written.add(place)
                    self.kv[(structure, *place)] = seen(tokens[position - row.start], self._recall(plan, row))
        answers = []
        afters = [row.states[1] for row in plan.rows if self.states]
        assert len(set(afters)) == len(afters), "two sequences write one state"
        assert not {row.states[0] for row in plan.rows if self.states} & set(afters), "a state is read and written"
        for row, tokens in zip(plan.rows, inputs, strict=True):
            made = []
            state: list[int] = []
            if self.states:
                before, after = row.states
                assert (before < 0) == (row.start == 0), "a sequence without a state begins at its start"
                state = [*(self.state[structure, before] if before >= 0 else []), *tokens]
                self.state[structure, after] = state
            for position in range(row.start + row.count - row.logits, row.start + row.count):
                contexts = [
                    [
                        self.kv[structure, group, row.blocks[group][index // size], index % size]
                        for index in range(position + 1)
                    ]
                    for group in range(self.groups)
                ]
                contexts += [state[: position + 1]] * self.states
                contexts.append(self._recall(plan, row))
                made.append(token_after(functools.reduce(operator.iadd, contexts, []), plan.model.identity[0]))
            answers.append(made)
        return answers

    def _memorise(self, plan: StepPlan) -> None:
        structure, size = plan.model.fingerprint, plan.model.block_size
        done: dict[tuple[int, ...], list[int]] = {}
        for row in plan.rows:
            assert (row.memory is None) == (row.sequence.memory is None), "a memory comes with every row of it"
            if row.memory is None or row.sequence.memory is None or row.memory.written:
                continue
            given = row.sequence.memory.inputs
            assert row.memory.length == len(given)
            if row.memory.blocks in done:
                assert done[row.memory.blocks] == given, "two memories in one place"
                continue
            assert not {block for blocks in done for block in blocks} & set(row.memory.blocks), (
                "two memories share blocks"
            )
            done[row.memory.blocks] = given
            self.encoded += 1
            for index, block in enumerate(row.memory.blocks):
                self.memory[structure, block] = given[index * size : (index + 1) * size]

    def _recall(self, plan: StepPlan, row: PlanRow) -> list[int]:
        blocks = row.memory.blocks if row.memory else ()
        return [value for block in blocks for value in self.memory[plan.model.fingerprint, block]]


def seen(token: int, memory: list[int]) -> int:
    """What a decoder keeps of a token: it depends on the memory that the token looked at."""
    return token + 1000 * sum(memory)


def memory_of(values: list[int]) -> Memory:
    return Memory(len(values), repr(values).encode(), values)


def spec(
    name: str = "m", structure: bytes = b"s", identity: bytes = b"i", block_size: int = 4, context: int = 0
) -> ModelSpec:
    return ModelSpec(name, structure, identity, block_size, context, VOCABULARY)


def group(
    request: int,
    model: ModelSpec,
    prompts: list[list[int]],
    new_tokens: int = 8,
    *,
    lease: str = "",
    sampler: FakeSampler | None = None,
    stopping: FakeStopping | None = None,
    deadline: float | None = None,
    memories: list[list[int]] | None = None,
) -> RequestGroup:
    leaders: dict[Any, int] = {}
    rows = []
    for index, prompt in enumerate(prompts):
        memory = None if memories is None else memory_of(memories[index])
        leader = leaders.setdefault((tuple(prompt), memory and memory.digest), index)
        rows.append(Row(index, Sequence(model, tokens_of(prompt), memory=memory), leader))
    return RequestGroup(
        request,
        lease,
        model,
        rows,
        max(map(len, prompts)),
        sampler or FakeSampler(),
        stopping or FakeStopping(new_tokens),
        deadline,
    )


def rounds(made: list[int], width: int, number: int, places: list[int]) -> Sampled:
    """What a sampler answers that takes the model's tokens."""
    return Sampled([made[place * width + number] for place in places])


class World:
    """A scheduler, its device and a clock that counts steps; collects what was said."""

    def __init__(
        self,
        slabs: int = 64,
        groups: int = 1,
        limits: Limits | None = None,
        *,
        states: bool = False,
        memories: bool = False,
    ) -> None:
        self.memories = memories
        self.scheduler = Scheduler(limits)
        self.store = Store(slabs)
        self.pools: dict[bytes, list[Pool]] = {}
        self.device = Device(groups=groups, states=states)
        self.now = 0.0
        self.tokens: dict[int, dict[int, list[int]]] = {}
        self.finished: dict[int, Finish] = {}
        self.failed: dict[int, Exception] = {}
        self.others: list[Instruction] = []
        self.answers: dict[int, dict[int, list[int]]] = {}  # step calls: row -> tokens after its wanted positions
        self.flight: StepPlan | None = None
        self.inputs: list[array[int]] = []  # what the step in flight was given when it began
        self.planned: tuple[PlanRow, ...] = ()
        self.passes = 0  # of draft models
        self.draft_fails: Callable[[], bool] = lambda: False
        self.scheduler.handle(LeaseOpened("lease"))

    def load(self, model: ModelSpec, draft: str = "") -> ModelSpec:
        count = self.device.contexts + self.memories
        pools = self.pools.setdefault(model.fingerprint, [Pool(self.store) for _ in range(count)])
        split = self.device.groups
        states, memories = pools[split] if self.device.states else None, pools[-1] if self.memories else None
        self.tell(ModelLoaded(model, pools[:split], states, memories, draft))
        return model

    def tell(self, event: object) -> None:
        for instruction in self.scheduler.handle(event):  # type: ignore[arg-type]
            match instruction:
                case RunStep(plan):
                    assert self.flight is None
                    self.flight = plan
                    self.planned = plan.rows
                    self.inputs = [row.tokens for row in plan.rows]
                case Emit(request, rows, tokens, _):
                    for row, token in zip(rows, tokens, strict=True):
                        self.tokens.setdefault(request, {}).setdefault(row, []).append(token)
                case Finish():
                    assert instruction.request not in self.finished and instruction.request not in self.failed
                    self.finished[instruction.request] = instruction
                case Fail(request, error):
                    assert request not in self.finished and request not in self.failed
                    self.failed[request] = error
                case _:
                    self.others.append(instruction)
        self.scheduler.check_integrity()

    def submit(self, entry: RequestGroup) -> None:
        self.tell(SubmitGroup(entry, self.now))

    def start(self) -> bool:
        """Ticks. Returns whether a step is in flight."""
        self.now += 1.0
        self.tell(Tick(self.now))
        return self.flight is not None

    def finish_step(self, failed: dict[int, AweighError] | None = None) -> None:
        plan, self.flight = self.flight, None
        assert plan is not None
        drafting: float | None = 0.0
        if plan.drafts is not None:
            plan, drafting = self._drafted(plan, plan.drafts)
        answers = self.device.run(plan, self.inputs)
        flat = [token for answer in answers for token in answer]
        for row, answer in zip(plan.rows, answers, strict=True):
            if not plan.samples or all(sample.request != row.request for sample in plan.samples):
                self.answers.setdefault(row.request, {}).setdefault(row.row, []).extend(answer)
        sampled = []
        for sample in plan.samples:
            sampler = sample.sampler
            assert isinstance(sampler, FakeSampler)
            sampler.calls += 1
            error: NumericalFailure | None = None
            if sampler.fails_at == sampler.calls:
                error = NumericalFailure("told so")
            width = 1 if sample.proposal is None else 1 + sample.proposal.length
            made = flat[sample.first : sample.first + width * len(sample.rows)]
            if sample.proposal is None or error:
                sampled.append(Sampled([] if error else made, None, error))
                continue
            sampled.append(verify(sample, sample.proposal, partial(rounds, made, width)))
        self.tell(StepDone(plan.step, sampled, self.now, failed or {}, drafting))

    def _drafted(self, plan: StepPlan, drafts: PlanDrafts) -> tuple[StepPlan, float | None]:
        """The draft model's part, on the same device."""

        def compute(rows: list[PlanRow]) -> list[int]:
            part = StepPlan(plan.step, drafts.model, tuple(rows), (), ())
            answers = self.device.run(part, [row.tokens for row in rows])
            self.device.steps.pop()
            self.passes += 1
            return [token for answer in answers for token in answer]

        structure, size = drafts.model.fingerprint, drafts.model.block_size
        for row in drafts.rows:
            for position in range(row.start):
                place = (structure, 0, row.blocks[0][position // size], position % size)
                assert self.device.kv[place] == row.sequence.tokens[position], "what was wrong is not kept"
        if self.draft_fails():
            plan, seconds = with_drafts(plan, [(0,) * length for length in drafts.lengths]), None
        else:
            plan, seconds = with_drafts(plan, said(drafts, compute)), 0.1
        given = {(row.request, row.row): tokens for row, tokens in zip(self.planned, self.inputs, strict=True)}
        self.inputs = []
        for row in plan.rows:
            known = given[row.request, row.row]
            self.inputs.append(known[: len(known) - len(row.draft)] + tokens_of(row.draft))
        return plan, seconds

    def run(self, most: int = 10_000) -> int:
        """Until nothing is left to do. Returns the steps that took."""
        steps = 0
        while self.start():
            self.finish_step()
            steps += 1
            assert steps < most, "livelock"
        assert self.scheduler.next_decision_time() is None
        return steps


def expected(
    prompt: list[int], count: int, model: ModelSpec, groups: int = 1, eos: int = -1, memory: list[int] | None = None
) -> list[int]:
    """What a run alone gives."""
    context = list(prompt)
    made: list[int] = []
    while len(made) < count:
        made.append(
            token_after([seen(token, memory or []) for token in context] * groups + (memory or []), model.identity[0])
        )
        context.append(made[-1])
        if made[-1] == eos:
            break
    return made


def prompt_of(generator: random.Random, length: int) -> list[int]:
    return [generator.randrange(VOCABULARY) for _ in range(length)]
