"""Where positions come from, found out by watching a model's own code; the oracle is that code, run with numbers."""

from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM

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
