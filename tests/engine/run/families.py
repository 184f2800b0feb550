"""Tiny models of other families than the Llama of `tests/engine`: transformers' own, with random weights, compiled and bound in this process."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

from aweigh.compiler.client import compile_model
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.kernels import load as load_kernels
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message
from aweigh.proto.convert_manifest import manifest_from_message

SMALL = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 199,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
}
_EXPERTS = {"num_local_experts": 6, "num_experts_per_tok": 2}
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": {},
    "qwen3": {"head_dim": 24},
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 256},
    "opt": {"ffn_dim": 96, "word_embed_proj_dim": 64},
    "phi": {},
    "gpt_neox": {},
    "starcoder2": {"sliding_window": 7},
    "falcon": {},
    "bloom": {"n_head": 4, "n_layer": 2},
    "mpt": {"d_model": 64, "n_heads": 4, "n_layers": 2},
    "gemma2": {"sliding_window": 7, "head_dim": 16},
    "gpt_oss": {**_EXPERTS, "sliding_window": 7, "head_dim": 16},
    "mixtral": _EXPERTS,
    "qwen3_moe": {"num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 48, "head_dim": 16},
    "qwen2_moe": {
        "num_experts": 6,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 48,
        "shared_expert_intermediate_size": 48,
    },
}
BLOCK = 4


def config_of(family: str) -> Any:
    """Of a name in FAMILIES."""
    return AutoConfig.for_model(family, **{**SMALL, **FAMILIES[family]})


def checkpoint(family: str, directory: Path, dtype: torch.dtype) -> Any:
    """Transformers' model, which is also in `directory` from then on."""
    torch.manual_seed(0)
    module = AutoModelForCausalLM.from_config(config_of(family), dtype=dtype).eval()
    for parameter in module.parameters():
        parameter.data += 0.1 * torch.randn_like(
            parameter
        )  # norms and biases start as ones and zeros, which hide mistakes
    module.save_pretrained(directory)
    return module


def bound(directory: Path) -> Model:
    """What an engine makes of a checkpoint."""
    compiled, arena = compile_model(directory), HostArena()
    program = program_from_message(compiled.program)
    structure = Structure(program, fingerprint(program), load_kernels("cpu"), torch.device("cpu"))
    structure.open_pools(KvStore(arena, 4 << 20), BLOCK)
    manifest = manifest_from_message(compiled.manifest)
    return Model("m", structure, load(manifest, program.slots, Sources(Checkpoint(directory)), arena))
