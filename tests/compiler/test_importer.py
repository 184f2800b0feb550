"""Import: weights are operations with names, symbols keep theirs, opaque operators arrive."""

import torch
from transformers import CONFIG_MAPPING

from aweigh.compiler.capture.capture import capture
from aweigh.compiler.importer import import_capture
from aweigh.kernels import mlir


def test_llama_as_text() -> None:
    config = CONFIG_MAPPING["llama"](
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=48,
        vocab_size=64,
        tie_word_embeddings=True,
    )
    with mlir.ir.Context() as context:
        text = str(import_capture(capture(config, torch.bfloat16), context))
    assert text.count('torch.operator "torch.aweigh.attend"') == 2
    assert (
        '"aweigh.weight"() {weight = "model.layers.1.self_attn.k_proj.weight"} : () -> !torch.vtensor<[16,32],bf16>'
        in text
    )
    assert 'torch.symbolic_int "T"' in text
    assert 'torch.symbolic_int "R"' in text
    assert "lm_head" not in text, "a tied head is read by the name of the embedding"
    assert "dense" not in text, "no value of a weight or literal enters the IR"
