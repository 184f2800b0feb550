"""A tiny Llama: transformers' model, its checkpoint on disk, and the same structure as a Program written by hand."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from tests.engine.llama import Shape, manifest, program

from aweigh.proto.program import Manifest, Program


@dataclass(frozen=True)
class Tiny:
    """`module` is transformers' LlamaForCausalLM in float32."""

    shape: Shape
    module: Any
    directory: Path
    program: Program
    manifest: Manifest

    def greedy(self, prompt: list[int], count: int) -> list[int]:
        """What transformers' generate says."""
        ids = torch.tensor([prompt])
        out = self.module.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=count,
            eos_token_id=None,
            pad_token_id=0,
        )
        return [int(token) for token in out[0, len(prompt) :]]

    def logits(self, tokens: list[int]) -> torch.Tensor:
        with torch.inference_mode():
            found: torch.Tensor = self.module(torch.tensor([tokens])).logits[0]
        return found


def made(shape: Shape, directory: Path) -> Tiny:
    """A Llama of a shape with random weights, in a new checkpoint."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head,
        rms_norm_eps=shape.epsilon,
        max_position_embeddings=512,
        initializer_range=0.2,
        tie_word_embeddings=False,
    )
    module = LlamaForCausalLM(config).eval()
    save_file(
        {name: value.contiguous() for name, value in module.state_dict().items()}, directory / "model.safetensors"
    )
    frequencies = module.model.rotary_emb.inv_freq.float().numpy().tobytes()
    return Tiny(shape, module, directory, program(shape), manifest(shape, frequencies))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return made(Shape(), tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """18 frames of weights."""
    shape = Shape(layers=8, hidden=256, inner=1024, heads=4, kv_heads=2, head=64)
    return made(shape, tmp_path_factory.mktemp("wide"))
