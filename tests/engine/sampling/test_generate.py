"""End to end: the engine's sampling and scheduling, with transformers' own model as the device, against `generate`."""

from array import array
from math import inf
from typing import Any, ClassVar

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from aweigh.engine.core import ModelSpec, tokens_of
from aweigh.engine.draft import drafting
from aweigh.engine.draft.source import NOTHING, Draft
from aweigh.engine.sampling.group import group_of
from aweigh.engine.sampling.sample import sample
from aweigh.engine.schedule.events import ModelLoaded, StepDone, SubmitGroup, Tick
from aweigh.engine.schedule.instructions import Counters, Emit, Fail, Finish, RunStep
from aweigh.engine.schedule.limits import Limits
from aweigh.engine.schedule.scheduler import Scheduler
from aweigh.proto.v1 import generation_pb2 as pb

V = 160


class Pool:
    most_blocks = 256

    def __init__(self) -> None:
        self._given = False

    def grow(self, before: float = inf) -> range | None:
        given, self._given = self._given, True
        return None if given else range(256)

    def shrink(self, unused: set[int]) -> list[range]:
        return []


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=V,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        initializer_range=0.4,
        bos_token_id=None,
        eos_token_id=None,
    )
    return LlamaForCausalLM(config).eval()


@torch.no_grad()
def run(
    model: Any, message: pb.GenerateRequest, draft_tokens: int = 0, counted: list[Counters] | None = None
) -> tuple[dict[int, list[int]], Finish]:
    """The engine's loop; logits come from a whole forward pass over each row, so no KV is in play."""
    scheduler = Scheduler(Limits(token_budget=64 if draft_tokens else 6, draft_tokens=draft_tokens))
    spec = ModelSpec("m", b"s", b"i", 4, vocabulary_size=V)
    scheduler.handle(ModelLoaded(spec, [Pool()]))
    scheduler.handle(SubmitGroup(group_of(1, "", message, spec, 0.0), 0.0))
    tokens: dict[int, list[int]] = {}
    while True:
        (step,) = scheduler.handle(Tick(0.0))
        assert isinstance(step, RunStep), step
        rows = [
            model(torch.tensor([[*row.sequence.tokens[: row.start], *row.tokens]])).logits[0, -row.logits :]
            for row in step.plan.rows
            if row.logits
        ]
        sampled = sample(step.plan.samples, torch.cat(rows)) if rows else []
        for instruction in scheduler.handle(StepDone(step.plan.step, sampled, 0.0)):
            match instruction:
                case Emit(_, numbers, new, _):
                    for row, token in zip(numbers, new, strict=True):
                        tokens.setdefault(row, []).append(token)
                case Finish():
                    if counted is not None:
                        counted.append(scheduler.counters())
                    return tokens, instruction
                case Fail(_, error):
                    raise error


CASES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "greedy with eos": {"eos_token_id": [3, 17, 40, 41, 42, 43, 44, 45]},
    "sample everything": {"do_sample": True},
    "sample top_k": {"do_sample": True, "top_k": 12, "temperature": 1.5},
    "sample with eos": {
        "do_sample": True,
        "top_k": 40,
        "top_p": 0.95,
        "temperature": 2.0,
        "eos_token_id": list(range(0, 60, 3)),
    },
    "sample with penalties": {
        "do_sample": True,
        "top_k": 20,
        "repetition_penalty": 1.3,
        "no_repeat_ngram_size": 2,
        "eos_token_id": list(range(0, 60, 5)),
        "min_new_tokens": 3,
        "pad_token_id": 1,
    },
    "three sequences each": {
        "do_sample": True,
        "top_k": 30,
        "temperature": 2.0,
        "num_return_sequences": 3,
        "eos_token_id": list(range(0, 60, 3)),
    },
}


class Recalling:
    """Drafts what a run without drafts said, with something wrong here and there."""

    texts: ClassVar[list[list[int]]] = []
    wrong_every = 5

    def propose(self, tokens: "array[int]", most: int) -> Draft:
        for text in self.texts:
            if text[: len(tokens)] == tokens.tolist():
                ahead = enumerate(text[len(tokens) :][:most], len(tokens))
                return Draft(tokens_of([(t + (at % self.wrong_every == 0)) % V for at, t in ahead]), 8)
        return NOTHING


@pytest.mark.parametrize("draft_tokens", [0, 5])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("padding", [[0], [0, 3, 1]])
def test_same_tokens_and_same_generator_as_transformers(
    model: Any, case: str, padding: list[int], draft_tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"top_k": None, **CASES[case]}
    length, new_tokens = 8, 14
    ids = torch.randint(0, V, (len(padding), length), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    for row, pads in enumerate(padding):
        ids[row, :pads], mask[row, :pads] = 0, 0
    torch.manual_seed(11)
    before = torch.get_rng_state().numpy().tobytes()
    expected = model.generate(ids, attention_mask=mask, max_new_tokens=new_tokens, **config)
    after = torch.get_rng_state().numpy().tobytes()

    message = pb.GenerateRequest(
        num_return_sequences=config.get("num_return_sequences", 0),
        torch_generator=before,
        prompts=[pb.Prompt(tokens=row, left_padding=pads) for row, pads in zip(ids.tolist(), padding, strict=True)],
    )
    settings = message.sampling
    settings.max_new_tokens = new_tokens
    settings.do_sample = config.get("do_sample", False)
    settings.eos_tokens.extend(config.get("eos_token_id", []))
    for name in ("temperature", "top_k", "top_p", "repetition_penalty", "no_repeat_ngram_size", "min_new_tokens"):
        if config.get(name) is not None:
            setattr(settings, name, config[name])
    counted: list[Counters] = []
    if draft_tokens:
        copies = config.get("num_return_sequences", 1)
        texts = [
            row[padding[index // copies] :] for index, row in enumerate(expected.tolist())
        ]  # pads stand for what nobody asks
        monkeypatch.setattr(Recalling, "texts", texts)
        monkeypatch.setattr(drafting, "PromptLookup", Recalling)
        monkeypatch.setattr("aweigh.engine.draft.acceptance.Acceptance.rate", lambda *_: 1.0)
    tokens, finish = run(model, message, draft_tokens, counted)
    assert not draft_tokens or counted[0].accepted_tokens > 0 or counted[0].steps == 1
    for row, sequence in enumerate(expected.tolist()):
        made, rest = sequence[length:][: len(tokens[row])], sequence[length:][len(tokens[row]) :]
        assert tokens[row] == made
        assert len(set(rest)) <= 1, "after a row's end there are pads"
    assert finish.generator == after
    assert finish.usage.generated_tokens == sum(map(len, tokens.values()))


def test_counter_seed_gives_the_same_tokens_alone_and_in_company(model: Any) -> None:
    prompts = [pb.Prompt(tokens=[1, 2, 3]), pb.Prompt(tokens=[9, 8, 7, 6])]
    settings = pb.SamplingSettings(do_sample=True, max_new_tokens=9, temperature=1.5)
    both, _ = run(model, pb.GenerateRequest(prompts=prompts, sampling=settings, seed=5))
    alone, finish = run(model, pb.GenerateRequest(prompts=prompts[:1], sampling=settings, seed=5))
    other, _ = run(model, pb.GenerateRequest(prompts=prompts[:1], sampling=settings, seed=6))
    assert both[0] == alone[0] != other[0]
    assert finish.generator == b""
