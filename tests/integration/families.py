"""Tiny float32 checkpoints with random weights, one per family of the oracle tests. Windows are shorter than the prompts."""

import zlib
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM

SMALL: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 199,
    "max_position_embeddings": 256,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
_GPT2 = {"n_embd": 64, "n_layer": 3, "n_head": 4, "n_positions": 256}
_EXPERTS = {"num_local_experts": 6, "num_experts_per_tok": 2}

FAMILIES: dict[str, dict[str, Any]] = {
    "llama": {},
    "qwen3": {},
    "mistral": {"sliding_window": 7},
    "gemma3_text": {"sliding_window": 7, "num_hidden_layers": 6, "query_pre_attn_scalar": 16},
    "phi3": {},
    "gpt2": _GPT2,
    "gpt_neox": {},
    "opt": {"ffn_dim": 96, "word_embed_proj_dim": 64},
    "mixtral": _EXPERTS,
    "qwen3_moe": {"num_experts": 6, "num_experts_per_tok": 2, "moe_intermediate_size": 48},
    "gpt_oss": {**_EXPERTS, "sliding_window": 7, "num_hidden_layers": 4},
    "olmo2": {},
    "granite": {"attention_multiplier": 0.2, "residual_multiplier": 0.5, "logits_scaling": 2.0},
    "stablelm": {},
    "starcoder2": {"sliding_window": 7},
    "qwen3_next": {
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 32,
        "shared_expert_intermediate_size": 32,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 16,
        "linear_value_head_dim": 16,
        "num_hidden_layers": 4,
    },
    "glm_moe_dsa": {
        "n_routed_experts": 4,
        "moe_intermediate_size": 32,
        "num_key_value_heads": 4,
        "q_lora_rank": 32,
        "kv_lora_rank": 16,
        "qk_rope_head_dim": 8,
        "qk_nope_head_dim": 16,
        "v_head_dim": 16,
        "index_n_heads": 16,
        "index_head_dim": 16,
        "index_topk": 5,
        "indexer_types": ["full", "shared", "full"],
    },
    "qwen4_exp_text": {
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 32,
        "shared_expert_intermediate_size": 32,
        "linear_num_key_heads": 2,
        "linear_num_value_heads": 4,
        "linear_key_head_dim": 16,
        "linear_value_head_dim": 16,
        "num_hidden_layers": 2,
        "layer_types": ["linear_attention", "full_attention"],
        "indexer_n_heads": 16,
        "indexer_kv_heads": 1,
        "indexer_head_dim": 16,
        "indexer_budget": 6,
        "indexer_compress_ratio": 3,
    },
    "minimax": {**_EXPERTS, "block_size": 5, "layer_types": ["linear_attention", "full_attention", "linear_attention"]},
    "mamba": {"state_size": 8},
    "rwkv": {"attention_hidden_size": 64, "rescale_every": 2, "context_length": 256},
    "xlstm": {"hidden_size": 128, "embedding_dim": 128, "num_heads": 4, "num_blocks": 3, "chunk_size": 4},
    "recurrent_gemma": {"lru_width": 64, "attention_window_size": 7},
    "falcon_h1": {"mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 8, "mamba_chunk_size": 4},
}


def make(family: str, directory: Path) -> Path:
    """A checkpoint of `family` in `directory`/family. Deterministic."""
    path = directory / family
    if not path.exists():
        torch.manual_seed(hash_of(family))
        config = AutoConfig.for_model(family, **{**SMALL, **FAMILIES[family]})
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        for parameter in model.parameters():
            if parameter.dim() < 2:  # norms and biases start as ones and zeros, which hide mistakes
                parameter.data += 0.1 * torch.randn_like(parameter)
        model.generation_config.eos_token_id = None
        model.save_pretrained(path)
    return path


def hash_of(text: str) -> int:
    """A seed from a name, the same in every process."""
    return zlib.crc32(text.encode())
