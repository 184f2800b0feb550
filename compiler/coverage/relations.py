"""Relations between the numbers of a configuration, kept when each is shrunk by its name: what validators and modelling code rely on."""

from collections.abc import Mapping
from typing import Any

from aweigh.compiler.coverage.conventions import HEADS

_HEAD_COUNTS = ("num_attention_heads", "n_head", "n_heads", "num_heads")
_KEY_VALUE_HEAD_COUNTS = ("num_key_value_heads", "num_kv_heads")
_WIDTHS = ("hidden_size", "d_model", "n_embd")


def keep_relations(values: Mapping[str, Any], tiny_values: dict[str, Any]) -> None:
    """Changes `tiny_values` so that what holds among `values` holds among them."""
    _heads(values, tiny_values)
    _head_sizes(values, tiny_values)
    _window(values, tiny_values)
    _parts_of_the_width(values, tiny_values)


def _integer(values: Mapping[str, Any], name: str) -> int:
    """The value, or -1 if it is none or no number."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _heads(values: Mapping[str, Any], tiny_values: dict[str, Any]) -> None:
    heads = next((values[name] for name in _HEAD_COUNTS if isinstance(values.get(name), int)), None)
    for name in _KEY_VALUE_HEAD_COUNTS:
        if isinstance(values.get(name), int) and values[name] == heads:
            tiny_values[name] = HEADS
        elif values.get(name) == 1:
            tiny_values[name] = 1


def _head_sizes(values: Mapping[str, Any], tiny_values: dict[str, Any]) -> None:
    """A head is its rotated part, or the sum of its rotated and its other part."""
    head, rotated, other = (_integer(values, name) for name in ("head_dim", "qk_rope_head_dim", "qk_nope_head_dim"))
    if head == rotated != -1:
        tiny_values["head_dim"] = tiny_values["qk_rope_head_dim"]
    elif rotated >= 0 and other >= 0 and head == rotated + other:
        tiny_values["head_dim"] = tiny_values["qk_rope_head_dim"] + tiny_values["qk_nope_head_dim"]


def _window(values: Mapping[str, Any], tiny_values: dict[str, Any]) -> None:
    """A window that is as long as the context never closes: caches drop no token and masks hide none."""
    window, context = _integer(values, "sliding_window"), _integer(values, "max_position_embeddings")
    if window >= context > 0:
        tiny_values["sliding_window"] = tiny_values["max_position_embeddings"]


def _parts_of_the_width(values: Mapping[str, Any], tiny_values: dict[str, Any]) -> None:
    """A list of numbers that sum to the hidden size still does, in the same proportions."""
    width = next((name for name in _WIDTHS if _integer(values, name) > 0), None)
    if width is None:
        return
    for name, value in values.items():
        whole = isinstance(value, list | tuple) and len(value) > 1 and all(type(part) is int for part in value)
        if whole and sum(value) == values[width]:
            tiny_values[name] = [part * tiny_values[width] // values[width] for part in value]
