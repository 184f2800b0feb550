"""Where positions come from and where padding goes, found out by watching a model's own code; the oracle is that code, run with numbers."""

from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

from aweigh.compiler.offload.continuing import Continuing, continuing
from aweigh.compiler.offload.padding import kept_out
from aweigh.compiler.offload.positions import counted

SMALL = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 50}


def tiny(family: str) -> Any:
    more: dict[str, Any] = {"opt": {"ffn_dim": 32, "word_embed_proj_dim": 32}}.get(family, {})
    torch.manual_seed(0)
    return AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **SMALL, **more)).eval()


@pytest.mark.parametrize("family", ["opt", "llama", "gpt2", "biogpt", "mamba"])
def test_it_is_what_the_model_does(family: str) -> None:
    model = tiny(family)
    state = torch.random.get_rng_state()
    found = counted(type(model), model.config)
    assert torch.equal(state, torch.random.get_rng_state())
    ids = torch.tensor([[0, 0, 5, 6, 7]])
    mask = torch.tensor([[0, 0, 1, 1, 1]])
    with torch.no_grad():
        padded, bare = model(ids, attention_mask=mask).logits[:, 2:], model(ids[:, 2:]).logits
    if family == "opt":
        assert found is True
        torch.testing.assert_close(padded, bare)
    else:
        assert found is False


def test_a_class_that_cannot_be_watched_is_not_guessed_at() -> None:
    class Odd(torch.nn.Module):
        @classmethod
        def _from_config(cls, config: Any) -> Any:
            raise KeyError(config)

    assert counted(Odd, {}) is None


RECURRENT: dict[str, dict[str, Any]] = {
    "mamba": {},
    "mamba2": {"num_heads": 4, "head_dim": 16, "n_groups": 2},
    "lfm2": {"layer_types": ["conv", "full_attention"], "num_hidden_layers": 2, "num_key_value_heads": 2},
    "minimax": {"layer_types": ["linear_attention"], "num_local_experts": 2, "num_key_value_heads": 2},
    "falcon_h1": {"mamba_d_ssm": 32, "mamba_n_heads": 2, "mamba_d_head": 16, "num_key_value_heads": 2},
    "recurrent_gemma": {"lru_width": 32, "num_key_value_heads": 1},
    "rwkv": {"attention_hidden_size": 32, "num_hidden_layers": 2},
    "qwen3_next": {
        "layer_types": ["linear_attention", "full_attention"], "num_hidden_layers": 2, "num_key_value_heads": 2,
        "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32, "shared_expert_intermediate_size": 32,
        "linear_num_key_heads": 2, "linear_num_value_heads": 2, "linear_key_head_dim": 16, "linear_value_head_dim": 16,
    },
}  # fmt: skip


def recurrent(family: str) -> Any:
    torch.manual_seed(0)
    settings = {**SMALL, **RECURRENT[family]}
    return AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **settings)).eval()


@pytest.mark.parametrize("family", ["mamba", "lfm2", "falcon_h1", "minimax", "recurrent_gemma", "rwkv"])
def test_padding_stays_out_of_a_state_or_not_as_the_model_does(family: str) -> None:
    model = recurrent(family)
    state = torch.random.get_rng_state()
    found = kept_out(type(model), model.config)
    assert torch.equal(state, torch.random.get_rng_state())
    assert found is (family not in ("recurrent_gemma", "rwkv"))
    ids, mask = torch.tensor([[9, 9, 5, 6, 7]]), torch.tensor([[0, 0, 1, 1, 1]])
    positions = {} if family in ("mamba", "rwkv") else {"position_ids": torch.tensor([[0, 0, 0, 1, 2]])}
    with torch.no_grad():
        padded = model(ids, attention_mask=mask, use_cache=False, **positions).logits[:, 2:]
        bare = model(ids[:, 2:], use_cache=False).logits
    assert torch.allclose(padded, bare, atol=1e-5) is found


@pytest.mark.parametrize("family", ["mamba", "mamba2", "lfm2", "falcon_h1", "qwen3_next"])
def test_tokens_go_on_from_a_state_or_not_as_the_model_does(family: str) -> None:
    model = recurrent(family)
    state = torch.random.get_rng_state()
    found = continuing(type(model), model.config)
    assert torch.equal(state, torch.random.get_rng_state())
    assert found == Continuing(reads=family != "mamba", cuts=family != "mamba")
    ids = torch.tensor([[5, 6, 7, 8, 9, 10, 11]])

    def begun() -> dict[str, Any]:
        before = model(ids[:, :4], use_cache=True)
        return {name: before[name] for name in ("past_key_values", "cache_params") if before.get(name) is not None}

    with torch.no_grad():
        whole = model(ids, use_cache=False).logits
        several = model(ids[:, 4:], use_cache=True, **begun()).logits
        cache = begun()
        model(ids[:, 4:5], attention_mask=torch.ones(1, 5), use_cache=True, **cache)
        masked = model(ids[:, 5:6], attention_mask=torch.ones(1, 6), use_cache=True, **cache).logits
    assert torch.allclose(several, whole[:, 4:], atol=1e-4) is found.reads
    assert torch.allclose(masked, whole[:, 5:6], atol=1e-4) is found.cuts


def test_of_a_class_that_cannot_be_watched_the_worst_is_thought() -> None:
    assert not kept_out(torch.nn.Module, None)
    assert continuing(torch.nn.Module, None) == Continuing(reads=False, cuts=False)
