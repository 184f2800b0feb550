"""A worker in which another model drafts, against transformers, and against one that has no drafts."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.engine.conftest import Tiny, made
from tests.engine.llama import Shape
from tests.engine.worker.test_drafts import CIRCLES, SETTINGS, ask, counters, no_clock, worker_with
from tests.engine.worker.test_worker import load

from aweigh.engine.draft import drafting
from aweigh.engine.draft.source import NOTHING
from aweigh.engine.run.forward import forward
from aweigh.engine.schedule import events as ev
from aweigh.memory.paging.not_resident import NotResident
from aweigh.proto.errors import InvalidRequest, ModelNotFound

__all__ = ["no_clock"]


@pytest.fixture(autouse=True)
def no_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def propose(self, tokens: object, most: int) -> Any:
            return NOTHING

    monkeypatch.setattr(drafting, "PromptLookup", Nothing)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Of the tiny one's vocabulary, and of another mind."""
    shape = Shape(layers=1, hidden=32, inner=64, heads=2, kv_heads=1)
    return made(shape, tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("which", ["itself", "another"])
def test_answers_are_those_of_a_worker_without_drafts(tiny: Tiny, small: Tiny, name: str, which: str) -> None:
    draft = tiny if which == "itself" else small

    def answers(draft_tokens: int) -> tuple[list[Any], Any]:
        with worker_with(draft_tokens) as (worker, service):
            load(service, draft.program, draft.manifest, draft.directory, "d")
            loaded = load(service, tiny.program, tiny.manifest, tiny.directory, "m", "d")
            heard = [ask(worker, loaded, [prompt], max_new_tokens=40, **SETTINGS[name]) for prompt in CIRCLES]
            found = [(one.wait().rows, one.generator, one.logprobs, one.error) for one in heard]
            worker.call(worker.scheduler.check_integrity)
            return found, counters(worker)

    plain, none = answers(0)
    drafted, count = answers(6)
    assert drafted == plain and none.drafted_tokens == 0 and count.blocks_free == count.blocks_total
    if which == "itself" and name == "greedy":
        assert count.accepted_tokens == count.drafted_tokens > 50 and count.steps < none.steps
    if which == "another" and name == "greedy":
        assert 0 < count.drafted_tokens < 120


def test_a_greedy_answer_is_transformers(tiny: Tiny, small: Tiny) -> None:
    with worker_with(8) as (worker, service):
        load(service, small.program, small.manifest, small.directory, "d")
        loaded = load(service, tiny.program, tiny.manifest, tiny.directory, "m", "d")
        assert ask(worker, loaded, [[3, 4, 5]], max_new_tokens=60).wait().tokens == tiny.greedy([3, 4, 5], 60)
        worker.post(ev.ModelUnloaded("d"))
        assert ask(worker, loaded, [[9, 4, 5]], max_new_tokens=30).wait().tokens == tiny.greedy([9, 4, 5], 30)


@pytest.mark.parametrize("error", [RuntimeError("told so"), NotResident(lambda ticket: None, 1)])
def test_a_draft_model_that_cannot_compute_fails_nobody(
    tiny: Tiny, small: Tiny, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def failing(model: Any, *arguments: Any) -> Any:
        nonlocal asked
        if model.name == "d":
            asked += 1
            raise error
        return forward(model, *arguments)

    monkeypatch.setattr("aweigh.engine.execute.forward", failing)
    with worker_with(8) as (worker, service):
        load(service, small.program, small.manifest, small.directory, "d")
        loaded = load(service, tiny.program, tiny.manifest, tiny.directory, "m", "d")
        assert ask(worker, loaded, [[3, 4, 5]], max_new_tokens=30).wait().tokens == tiny.greedy([3, 4, 5], 30)
        count = counters(worker)
        assert asked and count.blocks_free == count.blocks_total


def test_a_draft_model_has_the_same_tokenizer(tiny: Tiny, small: Tiny, circling: Tiny, tmp_path: Path) -> None:
    with worker_with(8) as (_, service):
        with pytest.raises(ModelNotFound, match="no draft model 'd' is loaded here: load it first"):
            load(service, tiny.program, tiny.manifest, tiny.directory, "m", "d")
        load(service, circling.program, circling.manifest, circling.directory, "c")
        with pytest.raises(InvalidRequest, match="has another tokenizer: choose a draft model that has the same"):
            load(service, tiny.program, tiny.manifest, tiny.directory, "m", "c")
        told = shutil.copytree(small.directory, tmp_path / "told")
        (told / "tokenizer.json").write_text("{}")
        load(service, small.program, small.manifest, told, "d")
        with pytest.raises(InvalidRequest, match="has another tokenizer: choose a draft model that has the same"):
            load(service, tiny.program, tiny.manifest, tiny.directory, "m", "d")
        alike = shutil.copytree(tiny.directory, tmp_path / "alike")
        (alike / "tokenizer.json").write_text("{}")
        assert load(service, tiny.program, tiny.manifest, alike, "m", "d").draft == "d"
        assert load(service, tiny.program, tiny.manifest, alike, "m", "d").again
        with pytest.raises(InvalidRequest, match="is loaded without this draft model: unload it first"):
            load(service, tiny.program, tiny.manifest, alike, "m", "c")


@pytest.fixture(scope="module")
def circling(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Of another vocabulary."""
    torch.manual_seed(0)
    return made(Shape(vocabulary=24, hidden=32, inner=64, heads=2, kv_heads=1), tmp_path_factory.mktemp("other"))
