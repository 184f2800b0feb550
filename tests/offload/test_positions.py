"""Where positions come from and where padding goes, found out by watching a model's own code; the oracle is that code, run with numbers."""

from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

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


@pytest.mark.parametrize("family", ["mamba", "lfm2", "falcon_h1", "minimax", "recurrent_gemma", "rwkv"])
def test_padding_stays_out_of_a_state_or_not_as_the_model_does(family: str) -> None:
    more: dict[str, dict[str, Any]] = {
        "lfm2": {"layer_types": ["conv"], "num_key_value_heads": 2},
        "minimax": {"layer_types": ["linear_attention"], "num_local_experts": 2, "num_key_value_heads": 2},
        "falcon_h1": {"mamba_d_ssm": 32, "mamba_n_heads": 2, "mamba_d_head": 16, "num_key_value_heads": 2},
        "recurrent_gemma": {"lru_width": 32, "num_key_value_heads": 1},
        "rwkv": {"attention_hidden_size": 32, "num_hidden_layers": 2},
    }
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(family, **{**SMALL, **more.get(family, {})})).eval()
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


def test_a_class_that_cannot_be_watched_is_thought_to_let_padding_in() -> None:
    assert not kept_out(torch.nn.Module, None)
