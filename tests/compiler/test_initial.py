"""Parameters that checkpoints leave out: computed where the model's code computes them, and nothing else."""

from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, MarianMTModel

from aweigh.compiler.capture.stand_in import stand_in
from aweigh.compiler.manifest.initial import initial

SIZES = {
    "vocab_size": 50, "d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32, "decoder_ffn_dim": 32, "max_position_embeddings": 20, "pad_token_id": 1, "decoder_start_token_id": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def config() -> Any:
    return CONFIG_MAPPING["marian"](**SIZES)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_table_of_sines_is_what_transformers_computes(config: Any, dtype: torch.dtype) -> None:
    name = "model.decoder.embed_positions.weight"
    real = MarianMTModel._from_config(config, dtype=dtype)
    before = torch.get_rng_state()
    found = initial(stand_in(config, dtype, "MarianMTModel"), name)
    assert found is not None and found.dtype == dtype
    assert torch.equal(found, real.get_parameter(name))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    "name", ["model.shared.weight", "model.encoder.layers.0.final_layer_norm.weight", "nowhere.weight"]
)
def test_what_every_checkpoint_holds_is_not_made_up(config: Any, name: str) -> None:
    assert initial(stand_in(config, torch.float32, "MarianMTModel"), name) is None
