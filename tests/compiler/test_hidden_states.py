"""The optional output `hidden_states` equals what transformers answers, and logits do too."""

from typing import Any

import pytest
import torch
from tests.compiler.implementations import IMPLEMENTATIONS
from transformers import CONFIG_MAPPING, AutoModelForCausalLM

from aweigh.compiler.compilation import compile_config
from aweigh.compiler.dialect import read
from aweigh.compiler.interpreter import Interpreter

TINY = {
    "hidden_size": 32,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 64,
    "intermediate_size": 48,
}
CONFIGS: dict[str, dict[str, Any]] = {
    "llama": {**TINY, "num_hidden_layers": 3},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "vocab_size": 64, "bos_token_id": 0, "eos_token_id": 0},
    "gemma3_text": {
        **TINY,
        "head_dim": 16,
        "num_hidden_layers": 5,
        "sliding_window": 4,
        "layer_types": ["sliding_attention", "full_attention"] * 2 + ["sliding_attention"],
    },
    "opt": {
        "hidden_size": 32,
        "word_embed_proj_dim": 32,
        "ffn_dim": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "vocab_size": 64,
    },
    "olmo2": {**TINY, "num_hidden_layers": 2, "pad_token_id": 0, "eos_token_id": 0, "bos_token_id": 0},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_equal_to_transformers(name: str) -> None:
    config = CONFIG_MAPPING[name](**CONFIGS[name])
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    done = compile_config(config, torch.float32)
    weights = {
        **dict(model.named_parameters(remove_duplicate=False)),
        **dict(model.named_buffers()),
        **done.capture.literals,
    }
    token_ids = torch.randint(0, 64, (1, 7), generator=torch.Generator().manual_seed(1))
    interpreter = Interpreter(weights, IMPLEMENTATIONS)
    with torch.no_grad(), done.module.context:
        wanted = model(token_ids, output_hidden_states=True)
        functions = {read.function_name(function): function for function in read.functions(done.module)}
        first = interpreter.run(functions["embed"], [token_ids])[0] if "embed" in functions else token_ids
        hidden, states = interpreter.run(functions["body"], [first, torch.arange(7)[None]])
        logits = interpreter.run(functions["head"], [hidden])[0]
    torch.testing.assert_close(logits, wanted.logits, rtol=0, atol=2e-5)
    torch.testing.assert_close(states, torch.stack(wanted.hidden_states), rtol=0, atol=2e-5)
    outputs = done.emitted.program.function("body").outputs
    assert [(output.name, output.optional) for output in outputs] == [("hidden", False), ("hidden_states", True)]
