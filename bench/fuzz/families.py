"""The models that are drawn: tiny ones with random weights, by kind. A kind says which calls are drawn of its families."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VOCABULARY = 259  # 256 bytes, <s>, </s>, <pad>; readers have a <mask> behind them
BOS, EOS, PAD = 256, 257, 258
CONTEXT = 256
ASSISTANT = "assistant"
MELS, FRAMES = 8, 100  # of what listeners hear in a second
IMAGE = 32  # pixels, of what viewers see


@dataclass(frozen=True)
class Family:
    """`settings` of its configuration; None: one that the configuration does not take. `model_type`: where it is not the family's name.
    `task`: of its pipelines, empty where there are none."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    model_type: str = ""
    loader: str = "AutoModelForCausalLM"
    kind: str = "decoder"
    task: str = "text-generation"


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
_EXPERTS = {"num_local_experts": 4, "num_experts_per_tok": 2}
_DELTA = {
    "num_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 32,
    "shared_expert_intermediate_size": 32,
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 4,
    "linear_key_head_dim": 16,
    "linear_value_head_dim": 16,
    "num_hidden_layers": 4,
}
_LATENT = {
    "n_routed_experts": 4, "num_experts_per_tok": 2, "n_group": 1, "topk_group": 1, "moe_intermediate_size": 32,
    "first_k_dense_replace": 1, "num_key_value_heads": 4, "q_lora_rank": 32, "kv_lora_rank": 16, "qk_rope_head_dim": 8,
    "qk_nope_head_dim": 16, "v_head_dim": 16, "head_dim": None,
}  # fmt: skip
DECODERS: dict[str, Family] = {
    "llama": Family(),
    "gpt2": Family({"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": CONTEXT}),
    "gemma3_text": Family({"sliding_window": 7, "num_hidden_layers": 6, "query_pre_attn_scalar": 16}),
    "mixtral": Family(_EXPERTS),
    "mamba2": Family({"num_heads": 8, "head_dim": 16, "state_size": 8, "n_groups": 2, "chunk_size": 4, "expand": 2}),
    "bloom": Family({"n_layer": 2, "n_head": 4}),
    "qwen2": Family(),
    "qwen3": Family(),
    "gpt_neox": Family(),
    "falcon": Family({"head_dim": None}),
    "mpt": Family({"d_model": 64, "n_heads": 4, "n_layers": 2, "max_seq_len": CONTEXT, "expansion_ratio": 2}),
    "opt": Family({"ffn_dim": 96, "word_embed_proj_dim": 64}),
    "phi": Family(),
    "qwen3_moe": Family({"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 48}),
    "gemma2": Family({"sliding_window": 7, "query_pre_attn_scalar": 16}),
    "mistral": Family({"sliding_window": 7}),
    "falcon_h1": Family(_MAMBA),
    "qwen3_next": Family(_DELTA),
    "mamba": Family({"state_size": 8}),
    "recurrent_gemma": Family({"lru_width": 64, "attention_window_size": 7, "num_hidden_layers": 3}),
    "lfm2": Family({"layer_types": ["conv", "full_attention"], "block_auto_adjust_ff_dim": False}),
    "minimax": Family({**_EXPERTS, "block_size": 5, "layer_types": ["linear_attention", "full_attention"]}),
    "rwkv": Family({"attention_hidden_size": 64, "context_length": CONTEXT}),
    "deepseek_v3": Family(_LATENT),
    "gpt_oss": Family({**_EXPERTS, "sliding_window": 7}),
}
_SEQ2SEQ = {
    "d_model": 64, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
    "encoder_ffn_dim": 96, "decoder_ffn_dim": 96, "decoder_start_token_id": EOS,
}  # fmt: skip
TRANSLATORS: dict[str, Family] = {
    name: Family(settings, loader="AutoModelForSeq2SeqLM", kind="translator")
    for name, settings in {
        "t5": {"d_model": 64, "d_kv": 16, "d_ff": 96, "num_layers": 2, "num_heads": 4, "decoder_start_token_id": PAD},
        "bart": {**_SEQ2SEQ, "forced_eos_token_id": EOS},
        "mbart": {**_SEQ2SEQ, "scale_embedding": True},
    }.items()
}
LISTENERS: dict[str, Family] = {
    "whisper": Family(
        {**_SEQ2SEQ, "num_mel_bins": MELS, "max_source_positions": FRAMES // 2, "max_target_positions": 64},
        loader="AutoModelForSpeechSeq2Seq",
        kind="listener",
        task="automatic-speech-recognition",
    )
}
_NAMES = {"id2label": {0: "no", 1: "yes", 2: "perhaps"}, "label2id": {"no": 0, "yes": 1, "perhaps": 2}}
READERS: dict[str, Family] = {
    "bert": Family({}, "bert", "AutoModel", "reader", "feature-extraction"),
    "roberta_classifier": Family(
        {**_NAMES, "max_position_embeddings": CONTEXT + PAD + 2},  # its positions begin behind the pad's number
        "roberta",
        "AutoModelForSequenceClassification",
        "reader",
        "text-classification",
    ),
    "distilbert_tagger": Family(
        {**_NAMES, "dim": 64, "hidden_dim": 96, "n_layers": 2, "n_heads": 4},
        "distilbert",
        "AutoModelForTokenClassification",
        "reader",
        "token-classification",
    ),
    "modernbert_filler": Family(
        {"global_attn_every_n_layers": 2, "local_attention": 8},
        "modernbert",
        "AutoModelForMaskedLM",
        "reader",
        "fill-mask",
    ),
    "electra_reader": Family({}, "electra", "AutoModelForQuestionAnswering", "reader", ""),
    "bert_judge": Family(
        {"id2label": {0: "entailment", 1: "neutral"}, "label2id": {"entailment": 0, "neutral": 1}},
        "bert",
        "AutoModelForSequenceClassification",
        "reader",
        "zero-shot-classification",
    ),
    "qwen2_classifier": Family(_NAMES, "qwen2", "AutoModelForSequenceClassification", "reader", "text-classification"),
}
VIEWERS: dict[str, Family] = {
    "vit": Family(
        {**_NAMES, "image_size": IMAGE, "patch_size": 8},
        "vit",
        "AutoModelForImageClassification",
        "viewer",
        "",
    ),
    "resnet": Family(
        {**_NAMES, "embedding_size": 16, "hidden_sizes": [16, 24], "depths": [1, 1], "layer_type": "basic"},
        "resnet",
        "AutoModelForImageClassification",
        "viewer",
        "",
    ),
}
FAMILIES: dict[str, Family] = {**DECODERS, **TRANSLATORS, **LISTENERS, **READERS, **VIEWERS}
SHARES = {"decoder": 72, "translator": 10, "listener": 4, "reader": 10, "viewer": 4}
"""Of a hundred cases, by kind."""

CACHE_NAMES = {"mamba": "cache_params", "mamba2": "cache_params", "rwkv": "state"}
"""What a forward pass calls its cache, where not past_key_values."""

REMEMBERS = frozenset({"recurrent_gemma"})
"""These keep their state in themselves, and a prompt of one token goes on where the call before it ended, whatever that was: what is asked
of the engine leaves nothing behind here. So every case has a new model."""

KEEPS_NO_PAST = frozenset(
    {
        "mamba", "mamba2", "falcon_h1", "qwen3_next", "gemma2", "gemma3_text", "mistral", "recurrent_gemma", "lfm2", "minimax",
        "rwkv", "gpt_oss",
    }
)  # fmt: skip
"""Caches of these refuse to be cropped, windows once they are full."""
