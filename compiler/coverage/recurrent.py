"""Tiny configurations of recurrent and hybrid models: what sizes of a mixer have to do with each other, and one layer of each kind.

By the names of attributes alone, as in `conventions.py`:

- heads x head size of a state-space mixer = its inner size, which is told or `expand` times the hidden size;
- a width that is told as a fraction of the hidden size is a multiple of 64, to which modelling code rounds some of its uses and not others;
- attention over twice the hidden size keeps that relation;
- a model whose default has recurrent layers only, but heads of attention, gets one layer that attends (transformers' own cache cannot
  count tokens without); a pattern of kinds is had once as a whole; weights that hybrid layers share are shared by two.
"""

from collections.abc import Mapping
from typing import Any

_HEAD_COUNTS = ("mamba_n_heads", "n_mamba_heads", "mamba_num_heads", "num_heads")
_HEAD_SIZES = ("mamba_d_head", "mamba_headdim", "mamba_head_dim", "head_dim")
_KINDS = ("layers_block_type", "layer_types")
_HIDDEN = ("hidden_size", "embedding_dim")
_ROUNDED = 64
_RECURRENT = "linear_attention"


def relate_recurrent(values: Mapping[str, Any], tiny: dict[str, Any]) -> None:
    """Changes `tiny`, made of the configuration `values`, in place."""
    hidden = tiny.get("hidden_size")
    if not isinstance(hidden, int):
        return
    inner = tiny.get("mamba_d_ssm") or (tiny.get("mamba_expand") or tiny.get("expand") or 0) * hidden
    heads, size = (next((name for name in names if name in values), None) for names in (_HEAD_COUNTS, _HEAD_SIZES))
    if inner and heads is not None and size is not None and (size != "head_dim" or heads == "num_heads"):
        tiny[size] = inner // tiny[heads]
    if values.get("attention_hidden_size") == 2 * values["hidden_size"]:
        tiny["attention_hidden_size"] = 2 * hidden
        tiny["attention_head_dim"] = 2 * hidden // tiny["num_attention_heads"]
    _fractions(tiny)
    _kinds(values, tiny)


def _fractions(tiny: dict[str, Any]) -> None:
    factors = [value for name, value in tiny.items() if name.endswith("_dim_factor") and 0 < value < 1]
    if factors:
        hidden, width = tiny["hidden_size"], round(_ROUNDED / min(factors))
        tiny.update({name: width for name in _HIDDEN if tiny.get(name) == hidden})


def _kinds(values: Mapping[str, Any], tiny: dict[str, Any]) -> None:
    layers = tiny.get("num_hidden_layers")
    if "attn_layer_indices" in values and not values["attn_layer_indices"]:
        tiny["attn_layer_indices"] = [1]
    if "conv_L_cache" in values and values.get("layer_types", ()) is None:
        tiny["layer_types"] = ["conv", "full_attention"]
    pattern = values.get("block_types")
    if isinstance(pattern, list | tuple) and isinstance(layers, int):
        tiny["num_hidden_layers"] = max(layers, len(pattern))
    for name in _KINDS:
        kept = tiny.get(name)
        if not isinstance(kept, list | tuple) or "num_attention_heads" not in values:
            continue
        if set(kept) == {_RECURRENT}:
            tiny[name] = [*kept[:-1], "full_attention"]
        elif "hybrid" in kept and "mamba_expand" in values:
            tiny[name] = [*kept, *kept]
            tiny["num_hidden_layers"] = 2 * len(kept)
            if "hybrid_layer_ids" in values:
                tiny["hybrid_layer_ids"] = [index for index, kind in enumerate(tiny[name]) if kind == "hybrid"]
