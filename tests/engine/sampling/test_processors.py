"""Every processor and warper against transformers' own, on random scores: exact equality."""

from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM

from aweigh.engine.sampling.chain import chain_of
from aweigh.engine.sampling.settings import SamplingSettings
from aweigh.engine.sampling.view import View
from aweigh.engine.sampling.warpers import TopP

V, ROWS, PROMPT = 301, 3, 7
EOS = [5, 9]

# our settings, the same as transformers' GenerationConfig has them
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "temperature": ({"do_sample": True, "temperature": 0.7}, {"do_sample": True, "temperature": 0.7}),
    "temperature is for sampling": ({"temperature": 0.7}, {"temperature": 0.7}),
    "top_k": ({"do_sample": True, "top_k": 10}, {"do_sample": True, "top_k": 10}),
    "top_k above vocabulary": ({"do_sample": True, "top_k": 1000}, {"do_sample": True, "top_k": 1000}),
    "top_p": ({"do_sample": True, "top_p": 0.6}, {"do_sample": True, "top_p": 0.6}),
    "top_p zero": ({"do_sample": True, "top_p": 0.0}, {"do_sample": True, "top_p": 0.0}),
    "min_p": ({"do_sample": True, "min_p": 0.05}, {"do_sample": True, "min_p": 0.05}),
    "typical_p": ({"do_sample": True, "typical_p": 0.4}, {"do_sample": True, "typical_p": 0.4}),
    "epsilon": ({"do_sample": True, "epsilon_cutoff": 0.004}, {"do_sample": True, "epsilon_cutoff": 0.004}),
    "eta": ({"do_sample": True, "eta_cutoff": 0.01}, {"do_sample": True, "eta_cutoff": 0.01}),
    "top_h": ({"do_sample": True, "top_h": 0.4}, {"do_sample": True, "top_h": 0.4}),
    "repetition": ({"repetition_penalty": 1.4}, {"repetition_penalty": 1.4}),
    "no_repeat_ngram 1": ({"no_repeat_ngram_size": 1}, {"no_repeat_ngram_size": 1}),
    "no_repeat_ngram 2": ({"no_repeat_ngram_size": 2}, {"no_repeat_ngram_size": 2}),
    "no_repeat_ngram long": ({"no_repeat_ngram_size": 30}, {"no_repeat_ngram_size": 30}),
    "bad_words": (
        {"bad_words": ((3,), (1, 2), (5,)), "eos_tokens": (5, 9)},
        {"bad_words_ids": [[3], [1, 2], [5]], "eos_token_id": EOS},
    ),
    "sequence_bias": (
        {"sequence_bias": (((4,), 2.5), ((1, 2), -3.0), ((2, 2), 1.5), ((0, 1, 7), 4.0))},
        {"sequence_bias": {(4,): 2.5, (1, 2): -3.0, (2, 2): 1.5, (0, 1, 7): 4.0}},
    ),
    "min_length": ({"min_length": 9, "eos_tokens": (5, 9)}, {"min_length": 9, "eos_token_id": EOS}),
    "min_new_tokens": ({"min_new_tokens": 2, "eos_tokens": (5, 9)}, {"min_new_tokens": 2, "eos_token_id": EOS}),
    "forced_eos": ({"forced_eos_tokens": (8, 11)}, {"forced_eos_token_id": [8, 11]}),
    "decay": (
        {"decay": (1, 1.3), "eos_tokens": (5, 9)},
        {"exponential_decay_length_penalty": (1, 1.3), "eos_token_id": EOS},
    ),
    "suppress": ({"suppress_tokens": (1, 2, 900)}, {"suppress_tokens": [1, 2, 900]}),
    "begin_suppress": ({"begin_suppress_tokens": (1, 2)}, {"begin_suppress_tokens": [1, 2]}),
    "renormalize": ({"renormalize_logits": True}, {"renormalize_logits": True}),
    "remove_invalid": ({"remove_invalid_values": True}, {"remove_invalid_values": True}),
    "all together": (
        {
            "do_sample": True,
            "temperature": 1.3,
            "top_k": 60,
            "top_p": 0.9,
            "min_p": 0.01,
            "typical_p": 0.95,
            "epsilon_cutoff": 1e-4,
            "eta_cutoff": 1e-4,
            "repetition_penalty": 1.2,
            "no_repeat_ngram_size": 2,
            "bad_words": ((3,), (1, 2)),
            "sequence_bias": (((4,), 2.5),),
            "min_new_tokens": 2,
            "suppress_tokens": (77,),
            "begin_suppress_tokens": (78,),
            "eos_tokens": (5, 9),
            "decay": (1, 1.3),
            "renormalize_logits": True,
            "remove_invalid_values": True,
        },
        {
            "do_sample": True,
            "temperature": 1.3,
            "top_k": 60,
            "top_p": 0.9,
            "min_p": 0.01,
            "typical_p": 0.95,
            "epsilon_cutoff": 1e-4,
            "eta_cutoff": 1e-4,
            "repetition_penalty": 1.2,
            "no_repeat_ngram_size": 2,
            "bad_words_ids": [[3], [1, 2]],
            "sequence_bias": {(4,): 2.5},
            "min_new_tokens": 2,
            "suppress_tokens": [77],
            "begin_suppress_tokens": [78],
            "eos_token_id": EOS,
            "exponential_decay_length_penalty": (1, 1.3),
            "renormalize_logits": True,
            "remove_invalid_values": True,
        },
    ),
}


@pytest.fixture(scope="module")
def model() -> Any:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=V, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, pad_token_id=0
        )
    )


def oracle(model: Any, config: dict[str, Any], new_tokens: int, left_padding: list[int]) -> Any:
    """transformers' processors in transformers' order, as `generate` prepares them."""
    prepared = GenerationConfig(max_length=PROMPT + new_tokens, pad_token_id=0, **{"top_k": None, **config})
    model._prepare_special_tokens(prepared, device="cpu")
    mask = torch.ones(ROWS, PROMPT, dtype=torch.int64)
    for row, pads in enumerate(left_padding):
        mask[row, :pads] = 0
    return model._get_logits_processor(
        prepared, input_ids_seq_length=PROMPT, device="cpu", model_kwargs={"attention_mask": mask}
    )


@pytest.mark.parametrize("case", CASES)
def test_equal_to_transformers(model: Any, case: str) -> None:
    ours, theirs = CASES[case]
    new_tokens, left_padding = 5, [0, 2, 1]
    reference = oracle(model, theirs, new_tokens, left_padding)
    chain = chain_of(SamplingSettings(max_new_tokens=new_tokens, **ours), PROMPT)
    generator = torch.Generator().manual_seed(3)
    ids_NL = torch.randint(0, 12, (ROWS, PROMPT), generator=generator)
    for _ in range(new_tokens):
        scores_NV = torch.randn(ROWS, V, generator=generator) * 3
        expected = reference(ids_NL, scores_NV.clone())
        view = View(ids_NL.shape[1], PROMPT, ids_NL, left_padding)
        assert torch.equal(apply(chain, view, scores_NV), expected)
        live = [0, 2]  # rows that ended are left out of the chain: the others must not notice
        part = View(view.length, PROMPT, ids_NL[live], [left_padding[row] for row in live])
        assert torch.equal(apply(chain, part, scores_NV[live]), expected[live])
        ids_NL = torch.cat([ids_NL, torch.randint(0, 12, (ROWS, 1), generator=generator)], dim=1)


@pytest.mark.parametrize("values", [[float("nan")], [float("inf")], [-float("inf")], [float("nan"), float("inf")]])
def test_remove_invalid_values(model: Any, values: list[float]) -> None:
    scores_NV = torch.randn(ROWS, V)
    scores_NV[1, : len(values)] = torch.tensor(values)
    chain = chain_of(SamplingSettings(remove_invalid_values=True), PROMPT)
    reference = oracle(model, {"remove_invalid_values": True}, 5, [0, 0, 0])
    expected = reference(torch.zeros(ROWS, PROMPT, dtype=torch.int64), scores_NV.clone())
    assert torch.equal(apply(chain, View(PROMPT, PROMPT, None, [0, 0, 0]), scores_NV), expected)


def test_forced_bos(model: Any) -> None:
    from transformers.generation.logits_process import ForcedBOSTokenLogitsProcessor

    chain = chain_of(SamplingSettings(forced_bos_token=4), 1)
    for length in (1, 2):
        ids_NL, scores_NV = torch.zeros(ROWS, length, dtype=torch.int64), torch.randn(ROWS, V)
        expected = ForcedBOSTokenLogitsProcessor(4)(ids_NL, scores_NV.clone())
        assert torch.equal(apply(chain, View(length, 1, None, [0] * ROWS), scores_NV), expected)


def test_presence_and_frequency_count_generated_tokens_only() -> None:
    chain = chain_of(SamplingSettings(presence_penalty=0.5, frequency_penalty=0.25), 2)
    ids_NL = torch.tensor([[7, 7, 3, 3, 4]])
    scores_NV = torch.zeros(1, 10)
    scores = apply(chain, View(5, 2, ids_NL, [0]), scores_NV)[0].tolist()
    assert scores[3] == -1.0 and scores[4] == -0.75 and scores[7] == 0.0


def apply(chain: Any, view: View, scores_NV: Tensor) -> Tensor:
    scores_NV = scores_NV.clone()
    for link in chain:
        scores_NV = link(view, scores_NV)
    return scores_NV


@pytest.mark.parametrize("top_p", [0.0, 0.3, 0.9, 0.97, 1 - 1e-7])
@pytest.mark.parametrize("spread", [0.1, 3.0, 9.0])
@pytest.mark.parametrize("step", [None, 0.5])  # with a step scores are rounded, so that many are equal
@pytest.mark.parametrize("top_k", [None, 50])
def test_top_p_of_a_large_vocabulary(top_p: float, spread: float, step: float | None, top_k: int | None) -> None:
    from transformers.generation.logits_process import TopKLogitsWarper, TopPLogitsWarper

    scores_NV = torch.randn(2, 20_011, generator=torch.Generator().manual_seed(1)) * spread
    if step is not None:
        scores_NV = (scores_NV / step).round() * step
    if top_k is not None:
        scores_NV = TopKLogitsWarper(top_k)(torch.zeros(2, 1, dtype=torch.int64), scores_NV)
    expected = TopPLogitsWarper(top_p)(torch.zeros(2, 1, dtype=torch.int64), scores_NV)
    assert torch.equal(TopP(top_p)(View(1, 1, None, [0, 0]), scores_NV.clone()), expected)


def test_top_p_seldom_sorts_everything() -> None:
    scores_NV = torch.randn(2, 20_011, generator=torch.Generator().manual_seed(1)) * 3
    assert TopP(0.9)._among_best(scores_NV.clone()) is not None
    assert TopP(0.9)._among_best(scores_NV * 0.01) is None
