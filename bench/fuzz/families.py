"""Tiny float32 checkpoints with random weights, one per family, all with one byte-level tokenizer. Windows are shorter than prompts."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import Any

VOCABULARY = 259  # 256 bytes, <s>, </s>, <pad>
BOS, EOS, PAD = 256, 257, 258
CONTEXT = 256
ASSISTANT = "assistant"
TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)

SMALL: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": CONTEXT,
    "bos_token_id": BOS,
    "eos_token_id": EOS,
    "pad_token_id": PAD,
}
_MAMBA = {"mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 8, "mamba_chunk_size": 4}
# None: a setting that the configuration does not take.
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": {},
    "gpt2": {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT},
    "gemma3_text": {"sliding_window": 7, "num_hidden_layers": 6, "query_pre_attn_scalar": 16},
    "mixtral": {"num_local_experts": 4, "num_experts_per_tok": 2},
    "mamba2": {"num_heads": 8, "head_dim": 16, "state_size": 8, "n_groups": 2, "chunk_size": 4, "expand": 2},
    "bloom": {"n_layer": 2, "n_head": 4},
    "qwen2": {},
    "qwen3": {},
    "gpt_neox": {},
    "falcon": {"head_dim": None},
    "mpt": {"d_model": 64, "n_heads": 4, "n_layers": 2, "max_seq_len": CONTEXT, "expansion_ratio": 2},
    "opt": {"ffn_dim": 96, "word_embed_proj_dim": 64},
    "phi": {},
    "qwen3_moe": {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 48},
    "gemma2": {"sliding_window": 7, "query_pre_attn_scalar": 16},
    "mistral": {"sliding_window": 7},
    "falcon_h1": _MAMBA,
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
}


def made(root: Path) -> Path:
    """A folder below `root` with all checkpoints, and that of the assistant; made now where they are not there yet."""
    for family, settings in {**FAMILIES, ASSISTANT: {"model_type": "llama", "hidden_size": 32}}.items():
        if (root / family).exists():
            continue
        new = root / f"{family}.{os.getpid()}.new"
        write_tokenizer(new)
        write_weights(new, family, settings)
        new.rename(root / family)
    return root


def write_weights(folder: Path, family: str, settings: dict[str, Any]) -> None:
    """Save a model whose logits lie far apart. Deterministic."""
    import torch
    import transformers
    from transformers import AutoConfig, AutoModelForCausalLM

    transformers.logging.set_verbosity_error()
    torch.manual_seed(zlib.crc32(family.encode()))
    settings = {name: value for name, value in {**SMALL, **settings}.items() if value is not None}
    config = AutoConfig.for_model(settings.pop("model_type", family), **settings)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(
                0.1 * torch.randn_like(parameter)
            )  # norms and biases are ones and zeros before, which hides mistakes
    model.save_pretrained(folder)


def write_tokenizer(folder: Path) -> None:
    """Save a tokenizer of one token per byte, with a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate([*alphabet, "<s>", "</s>", "<pad>"])}
    raw = Tokenizer(models.BPE(vocabulary, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        padding_side="left",
        model_max_length=CONTEXT,
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
