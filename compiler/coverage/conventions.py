"""What the integer attributes of configurations are called, and how small each may be. No type of model is named here.

An indexer has many heads and chooses few keys: a choice is made within every prompt, and hardly ever between two scores of exactly
zero, as where every head's product is negative (there transformers itself chooses otherwise with a cache than without).

A row is (pattern of the whole attribute name, tiny size). The first row that matches decides; an attribute that no row matches, or
that is smaller already, stays. Heads times head size equals the hidden size, and every size divides the next.
"""

import re

HIDDEN, HEADS, KEY_VALUE_HEADS, HEAD, INNER, VOCABULARY, LAYERS, EXPERTS, POSITIONS = 64, 4, 2, 16, 96, 256, 2, 4, 512

_ROWS: tuple[tuple[str, int], ...] = (
    (r"(num_|n_)?(shared|zero)_experts?(_num)?|(moe_)?num_shared_experts?|n_shared_experts", 1),
    (r"num_experts_per_tok(en)?|moe_top_?k|moe_k|num_selected_experts|top_k_experts", 2),
    (r"(moe_)?num_(local_|routed_)?experts|n_routed_experts|num_mem_blocks_", EXPERTS),
    (r"zero_expert_num", 2),
    (r"n_group|num_expert_group|topk_group|topk_groups", 1),
    (r"(shared_|routed_|moe_|expert_)+(experts?_)?(intermediate|ffn_hidden)_size", 32),
    (r"q_lora_rank|o_lora_rank", 32),
    (r"kv_lora_rank", 16),
    (r"qk_rope_head_dim|rotary_dim", 8),
    (r"qk_nope_head_dim", 16),
    (r"qk_head_dim", 24),
    (r"index_head_dim", 16),
    (r"index_n_heads", 16),
    (r"rel_extent", 16),
    (r"index_topk(_blocks)?", 16),
    (r".*(key_value_heads|kv_heads|kv_n_heads|query_groups)|linear_num_key_heads|num_kv_heads", KEY_VALUE_HEADS),
    (r".*(attention_heads|n_heads?|num_heads|linear_num_value_heads|mamba_num_heads|linear_num_heads)", HEADS),
    (r"(mamba_|ssm_)?(state_size|d_state)", 16),
    (r"time_step_rank|mamba_dt_rank", 8),
    (r"ssm_num_heads", HEADS),
    (r"(mamba_|ssm_)?n_?groups|o_groups", 1),
    (r"mamba_d_head|mamba_head_?dim", 32),
    (r"mamba_d_ssm", 128),
    (r"(mamba_)?chunk_size", 16),
    (r".*head_dim|head_dim_.*|dim_head|d_head|d_kv|kv_channels|attention_head_size|linear_(key|value)_head_dim", HEAD),
    (r"hidden_size_per_layer_input|.*_rank|lru_width_|router_hidden_size", 16),
    (r"vocab_size_per_layer_input|.*vocab_size|n_vocab|codebook_size", VOCABULARY),
    (
        r".*intermediate_size.*|.*ffn_dim|ffn_hidden_size|n_inner|d_ff|dff|dim_ff|d_inner|feed_forward_size|mlp_dim",
        INNER,
    ),
    (
        r".*hidden_size.*|d_model|n_embd|emb(edding)?_dim|embedding_size|.*_embedding_size|lru_width|word_embed_proj_dim|adapter_(in|out)_dim|adapter_input_size",
        HIDDEN,
    ),
    (r"attention_window_size|sliding_window(_size)?|window_size|local_attention|attention_chunk_size", 8),
    (
        r".*max_position_embeddings|n_positions|n_ctx|max_.*_positions|max_seq_len|context_length|model_max_length",
        POSITIONS,
    ),
    (r"(num_)?(hidden_|encoder_|decoder_)?layers|n_layers?|num_blocks|depth|num_(en|de)coder_layers", LAYERS),
    (r"num_layers_per_stack|conf_num_hidden_layers", LAYERS),
    (r"first_k_dense_replace|num_dense_layers|moe_layer_start_index", 1),
    (r"attn_layer_period|no_rope_layer_interval|.*sliding_window_pattern|expert_layer_period", 2),
    (r"attn_layer_offset|expert_layer_offset", 1),
    (r".*ngram_vocab_size_base|encoder_hash_byte_group_vocab", 512),
    (r"split_ngram_parts", 4),
    (r"num_nextn_predict_layers", 0),
)
FILLED: dict[str, int | float] = {
    "clip_qkv": 8.0,
    "head_dim": HEAD,
    "indexer_budget": 16,
    "indexer_compress_ratio": 4,
    "indexer_head_dim": HEAD,
    "indexer_kv_heads": 1,
    "indexer_n_heads": 16,
    "n_group": 1,
    "n_routed_experts": EXPERTS,
    "n_shared_experts": 1,
    "num_experts_per_tok": 2,
    "num_key_value_heads": HEADS,
    "topk_group": 1,
}
"""What stands for None where modelling code cannot work with None; the first layers that are dense (`first_k...`) stay few."""

_COMPILED = tuple((re.compile(pattern), size) for pattern, size in _ROWS)


def tiny(name: str, value: int) -> int:
    """Returns the size that the attribute `name` gets in a tiny configuration; never greater than `value`.

    >>> tiny("num_hidden_layers", 32), tiny("hidden_size", 4096), tiny("eos_token_id", 2)
    (2, 64, 2)
    """
    for pattern, size in _COMPILED:
        if pattern.fullmatch(name):
            return min(size, value)
    return value
