"""A worker that drafts, against transformers, and against one that does not."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
import torch
from tests.engine.conftest import Tiny, made
from tests.engine.llama import Shape
from tests.engine.worker.test_worker import Heard, load, saved, with_positions

from aweigh.engine.__main__ import assemble
from aweigh.engine.config import Config
from aweigh.engine.core import tokens_of
from aweigh.engine.draft import drafting
from aweigh.engine.draft.cost import StepCost
from aweigh.engine.draft.source import NOTHING, Draft
from aweigh.engine.rpc.service import EngineService
from aweigh.engine.sampling.group import group_of
from aweigh.engine.schedule import events as ev
from aweigh.engine.schedule.instructions import Counters, Emit, Finish
from aweigh.engine.worker import Worker
from aweigh.proto.v1 import generation_pb2 as pb

CIRCLES = [[3, 4, 5] * 4, [9, 9, 9, 9], [70, 1, 2, 3, 8, 1, 2, 3, 8, 1, 2], list(range(40)) * 2]


class Whole(Heard):
    """A listener that keeps everything."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, list[int]] = {}
        self.logprobs: list[float] = []
        self.generator = b""

    def emit(self, emitted: Emit) -> None:
        super().emit(emitted)
        for row, token in zip(emitted.rows, emitted.tokens, strict=True):
            self.rows.setdefault(row, []).append(token)
        self.logprobs += [entry.logprob for entry in emitted.logprobs or ()]

    def wait(self) -> "Whole":
        super().wait()
        return self

    def finish(self, finished: Finish) -> None:
        self.generator = finished.generator
        super().finish(finished)


@contextmanager
def worker_with(draft_tokens: int) -> Iterator[tuple[Worker, EngineService]]:
    worker, service = assemble(Config(listen="unix:unused", kv_bytes=1 << 22, block_size=4, draft_tokens=draft_tokens))
    try:
        worker.post(ev.LeaseOpened("l"))
        yield worker, service
    finally:
        worker.stop()
        service.close()


def ask(worker: Worker, loaded: Any, prompts: list[list[int]], copies: int = 1, **settings: Any) -> Whole:
    message = pb.GenerateRequest(prompts=[pb.Prompt(tokens=prompt) for prompt in prompts], num_return_sequences=copies)
    message.logprobs = settings.pop("logprobs", 0)
    if "state" in settings:
        message.torch_generator = settings.pop("state")
    else:
        message.seed = settings.pop("seed", 0)
    message.sampling.CopyFrom(pb.SamplingSettings(**settings))
    number, heard = next(worker.numbers), Whole()
    worker.post(ev.SubmitGroup(group_of(number, "l", message, loaded.spec, 0.0), 0.0), number, heard)
    return heard


def counters(worker: Worker) -> Counters:
    found: list[Counters] = []
    heard = Heard()

    def look() -> None:
        found.append(worker.scheduler.counters())
        heard.over.set()

    worker.call(look)
    heard.wait()
    return found[0]


@pytest.fixture(autouse=True)
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What steps cost here depends on who else computes on this machine: the prior decides."""
    monkeypatch.setattr(StepCost, "observe", lambda *_: None)


@pytest.fixture(scope="module")
def circling(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """So few tokens that what it says often runs in circles."""
    shape = Shape(vocabulary=24, hidden=32, inner=64, heads=2, kv_heads=1)
    return made(shape, tmp_path_factory.mktemp("circling"))


def test_greedy_answers_are_transformers(circling: Tiny) -> None:
    prompts = [[first, first + 1, 5] for first in range(1, 9, 2)]
    with worker_with(8) as (worker, service):
        loaded = load(service, circling.program, circling.manifest, circling.directory)
        for prompt in prompts:
            assert ask(worker, loaded, [prompt], max_new_tokens=120).wait().tokens == circling.greedy(prompt, 120)
        alone = counters(worker)
        assert alone.accepted_tokens > 100 and alone.steps < alone.generated_tokens * 0.8
        heard = [ask(worker, loaded, [prompt], max_new_tokens=60) for prompt in prompts]
        assert [one.wait().tokens for one in heard] == [circling.greedy(prompt, 60) for prompt in prompts]
        worker.call(worker.scheduler.check_integrity)


STATE = torch.Generator().manual_seed(7).get_state().numpy().tobytes()
SETTINGS: dict[str, dict[str, Any]] = {
    "greedy": {},
    "logprobs": {"logprobs": 2},
    "rows": {"copies": 3},
    "penalties": {"repetition_penalty": 1.02, "min_new_tokens": 9, "eos_tokens": [5, 9, 11]},
    "seed": {"do_sample": True, "temperature": 0.05, "seed": 3},
    "script": {"do_sample": True, "temperature": 0.05, "state": STATE},
    "script, few": {"do_sample": True, "temperature": 0.1, "top_k": 5, "state": STATE, "copies": 2},
}


class Recalling:
    """Drafts what was said without drafts, with something wrong here and there."""

    texts: ClassVar[list[list[int]]] = []

    def propose(self, tokens: "array[int]", most: int) -> Draft:
        known = tokens.tolist()
        for text in self.texts:
            if text[: len(known)] == known:
                ahead = enumerate(text[len(known) :][:most], len(known))
                return Draft(tokens_of([token ^ (at % 7 == 0) for at, token in ahead]), 8)
        return NOTHING


@pytest.mark.parametrize("name", SETTINGS)
def test_answers_are_those_of_a_worker_without_drafts(tiny: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(draft_tokens: int) -> tuple[list[Any], Counters]:
        with worker_with(draft_tokens) as (worker, service):
            loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
            heard = [ask(worker, loaded, [prompt], max_new_tokens=50, **SETTINGS[name]) for prompt in CIRCLES]
            found = [(one.wait().rows, one.generator, one.logprobs, one.error) for one in heard]
            return found, counters(worker)

    plain, none = answers(0)
    texts = [[*prompt, *made] for prompt, (rows, *_) in zip(CIRCLES, plain, strict=True) for made in rows.values()]
    monkeypatch.setattr(Recalling, "texts", texts)
    monkeypatch.setattr(drafting, "PromptLookup", Recalling)
    monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
    drafted, count = answers(8)
    assert drafted == plain
    assert count.accepted_tokens > 50 and count.steps < none.steps and none.drafted_tokens == 0


def test_a_draft_beyond_a_table_fails_nobody(tiny: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of eight positions that nobody told the engine of: the answer ends before it, the draft would not."""
    program, manifest = with_positions(tiny)
    table = torch.zeros(8, tiny.shape.hidden)
    with worker_with(8) as (worker, service):
        loaded = load(service, program, manifest, saved(tiny, tmp_path, positions=table))
        prompt = [9, 9, 9, 9]
        expected = tiny.greedy(prompt, 4)
        monkeypatch.setattr(Recalling, "texts", [[*prompt, *expected, 1, 1, 1, 1]])
        monkeypatch.setattr(drafting, "PromptLookup", Recalling)
        monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
        heard = ask(worker, loaded, [prompt], max_new_tokens=40, eos_tokens=[expected[3]]).wait()
        assert heard.error is None and heard.tokens == expected[: expected.index(expected[3]) + 1]
        assert not counters(worker).accepted_tokens, "what was drafted did not run"


@pytest.mark.parametrize("draft_tokens", [1, 3, 20])
def test_any_length_gives_the_same(tiny: Any, draft_tokens: int) -> None:
    with worker_with(draft_tokens) as (worker, service):
        loaded = load(service, tiny.program, tiny.manifest, tiny.directory)
        assert ask(worker, loaded, [[3, 4, 5] * 4], max_new_tokens=80).wait().tokens == tiny.greedy([3, 4, 5] * 4, 80)
