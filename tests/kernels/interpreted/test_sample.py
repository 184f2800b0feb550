"""Tokens that Triton draws, in the interpreter, against the engine's own chain."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from aweigh.engine.sampling import warpers
from aweigh.engine.sampling.counter_random import CounterRandom
from aweigh.engine.sampling.history import History
from aweigh.engine.sampling.sample import sample as sample_step
from aweigh.engine.sampling.sampler import GroupSampler
from aweigh.engine.sampling.view import View
from aweigh.engine.schedule.instructions import PlanSample
from aweigh.kernels.base import Drawn, Kernels
from aweigh.kernels.triton import sample

LINKS: list[tuple[str, Any]] = [("temperature", warpers.Temperature), ("top_k", warpers.TopK), ("top_p", warpers.TopP)]


@pytest.fixture(autouse=True, scope="module")
def short_blocks() -> Any:
    """So that a small vocabulary has several, the last of them not whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample, "BLOCK", 64)
        yield


def chain(logits_RV: Tensor, seed: int, **said: Any) -> list[int]:
    """By definition."""
    scores_RV = logits_RV.float().clone()
    for name, link in LINKS:
        if name in said:
            scores_RV = link(said[name])(View(1, 1, None, []), scores_RV)
    return CounterRandom(seed).draw(scores_RV.softmax(-1), list(range(len(logits_RV))), 0)


def drawn(logits_RV: Tensor, seed: int, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> Drawn:
    rows, vocabulary = logits_RV.shape
    uniforms = [CounterRandom(seed).uniform(row, 0) for row in range(rows)]
    return sample.draw(
        logits_RV,
        torch.full((rows,), temperature),
        torch.full((rows,), min(top_k or vocabulary, vocabulary), dtype=torch.int32),
        torch.full((rows,), top_p, dtype=torch.float64),
        torch.tensor(uniforms, dtype=torch.float64),
    )


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    dtype=st.sampled_from([torch.float32, torch.bfloat16, torch.float16]),
    vocabulary=st.sampled_from([1, 5, 64, 100]),
    rows=st.integers(1, 2),
    spread=st.sampled_from([0.01, 1.0, 5.0]),
    forbidden=st.booleans(),
    said=st.fixed_dictionaries(
        {},
        optional={
            "temperature": st.sampled_from([0.3, 0.7, 1.5]),
            "top_k": st.sampled_from([1, 3, 50, 1000]),
            "top_p": st.sampled_from([0.1, 0.5, 0.9, 0.999]),
        },
    ),
)
def test_who_is_sure_draws_what_the_chain_draws(
    seed: int, dtype: torch.dtype, vocabulary: int, rows: int, spread: float, forbidden: bool, said: dict[str, Any]
) -> None:
    generator = torch.Generator().manual_seed(seed)
    wide = torch.full((rows, vocabulary + 7), 1e4, dtype=dtype)
    logits = wide[:, :vocabulary]
    logits.copy_(torch.randn(rows, vocabulary, generator=generator) * spread)
    if forbidden:
        logits[:, 1::3] = float("-inf")
    found = drawn(logits, seed, **said)
    assert torch.equal(found.scores_R, (logits.float() / said.get("temperature", 1.0)).amax(1))
    for token, expected, sure in zip(
        found.tokens_R.tolist(), chain(logits, seed, **said), found.sure_R.tolist(), strict=True
    ):
        assert token == expected or not sure


def test_most_are_sure() -> None:
    """Otherwise the test above could say nothing."""
    logits = torch.randn(8, 100, generator=torch.Generator().manual_seed(0)) * 2
    found = drawn(logits, 5, temperature=0.7, top_k=50, top_p=0.9)
    assert found.sure_R.float().mean() > 0.8
    assert torch.tensor(chain(logits, 5, temperature=0.7, top_k=50, top_p=0.9))[found.sure_R].equal(
        found.tokens_R[found.sure_R]
    )
    assert len(set(found.tokens_R.tolist())) > 4


def test_a_border_between_equals_is_not_sure() -> None:
    logits = torch.tensor([[0.0, 0.0, 0.0, 0.0, -9.0]])
    assert not drawn(logits, 1, top_p=0.6).sure_R.any() and drawn(logits, 1, top_k=2).sure_R.all()


def test_an_edge_is_not_sure() -> None:
    logits = torch.zeros(1, 4)
    said = (torch.ones(1), torch.full((1,), 4, dtype=torch.int32), torch.ones(1, dtype=torch.float64))
    for uniform, sure in (
        (0.25, False),
        (0.25 + 9e-6, False),
        (0.25 - 9e-6, False),
        (0.26, True),
        (0.0, True),
        (0.9999, True),
    ):
        assert bool(sample.draw(logits, *said, torch.tensor([uniform], dtype=torch.float64)).sure_R) is sure


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_best_is_torchs(dtype: torch.dtype) -> None:
    logits = torch.randn(9, 300, generator=torch.Generator().manual_seed(2)).to(dtype)
    logits[1, 200] = logits[1, 7] = 50.0
    logits[2] = float("-inf")
    logits[3, [5, 250]] = float("nan")
    logits[4] = 0.0
    tokens, scores = sample.best(logits)
    assert torch.equal(tokens, logits.argmax(1))
    torch.testing.assert_close(scores, logits.gather(1, tokens[:, None]).squeeze(1), atol=0, rtol=0, equal_nan=True)


def test_what_is_no_number_is_told() -> None:
    logits = torch.randn(3, 80)
    logits[1, 70] = float("nan")
    found = drawn(logits, 0, top_k=4, top_p=0.9)
    assert found.scores_R.isnan().tolist() == [False, True, False] and not found.sure_R[1]


def test_a_step_s_groups_get_what_the_chain_gives_them(triton_kernels: Kernels, reference: Kernels) -> None:
    """Two whose chain the device has, one with a link that it has not, one that is greedy: three steps of all of them."""

    def groups() -> list[GroupSampler]:
        chains: list[list[Any]] = [
            [warpers.Temperature(0.7), warpers.TopK(20)],
            [warpers.TopP(0.8)],
            [warpers.Temperature(0.7), warpers.MinP(0.05)],
        ]
        drawing = [
            GroupSampler(c, CounterRandom(seed), History(None, 1, [0, 0]), 2, 0) for seed, c in enumerate(chains)
        ]
        return [*drawing, GroupSampler([], None, History(None, 1, [0, 0]), 2, 0)]

    both = []
    for kernels in (reference, triton_kernels):
        made = groups()
        steps = []
        for step in range(3):
            logits = torch.randn(8, 70, generator=torch.Generator().manual_seed(step)) * 2
            entries = [PlanSample(number, 2 * number, (0, 1), sampler) for number, sampler in enumerate(made)]
            steps.append([answer.tokens for answer in sample_step(entries, logits, kernels)])
        both.append(steps)
    assert both[0] == both[1]
