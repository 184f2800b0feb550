"""A tiny configuration of any type, by the names of attributes alone (`conventions.py`), nested configurations included.

Layers: lists with one entry per layer decide what a layer is. One layer of each kind is kept, at least two, and every such list is
cut at the same places. Numbers keep the relations that the default has: equal numbers of heads stay equal, a head that is the sum of
its parts stays so, a window as long as the context stays as long. Token ids move into the vocabulary. A configuration that says
whether it decodes is made to decode.
"""

from collections.abc import Mapping
from typing import Any

from aweigh.compiler.coverage.conventions import FILLED, LAYERS, VOCABULARY, tiny
from aweigh.compiler.coverage.recurrent import relate_recurrent
from aweigh.compiler.coverage.relations import keep_relations

_PLAIN_ROPE = {"rope_type": "default", "rope_theta": 10000.0}
_LAYER_COUNTS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_blocks")


def _layer_lists(values: Mapping[str, Any], layers: int) -> list[str]:
    return [name for name, value in values.items() if isinstance(value, list | tuple) and len(value) == layers > 2]


def _exceptions(values: Mapping[str, Any]) -> dict[int, Any]:
    """Settings of single layers, by the layer's index."""
    return {int(index): settings for index, settings in (values.get("per_layer_config") or {}).items()}


def _kept_layers(values: Mapping[str, Any], names: list[str], layers: int) -> list[int]:
    """One layer of each kind, in order, and a second one of the commonest kind if there is but one."""
    kinds: dict[str, int] = {}
    exceptions = _exceptions(values)
    for index in range(layers):
        kind = repr([exceptions.get(index), *(values[name][index] for name in names)])
        kinds.setdefault(kind, index)
    kept = sorted(kinds.values())[:8]
    if values.get("num_kv_shared_layers"):
        return kept * 2  # the second half reads what the first half writes
    more = (index for index in range(layers) if index not in kept)
    while len(kept) < LAYERS:
        kept = sorted([*kept, next(more)])
    return kept


def _entry(name: str, value: Any) -> Any:
    return tiny(name, value) if isinstance(value, int) and not isinstance(value, bool) else value


def _token_ids(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_token_ids(name, item) for item in value]
    if isinstance(value, int) and value >= VOCABULARY:
        return sum(map(ord, name)) % (VOCABULARY - 8) + 4
    return value


def shrink(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns `values` (a configuration's `to_dict()`) with tiny sizes."""
    tiny_values = dict(values)
    layers = next((values[name] for name in _LAYER_COUNTS if isinstance(values.get(name), int)), 0)
    lists = _layer_lists(values, layers)
    kept = _kept_layers(values, lists, layers) if layers > LAYERS else list(range(layers))
    for name, value in values.items():
        if isinstance(value, dict) and name in ("id2label", "label2id"):
            continue
        elif name == "per_layer_config" and value:
            exceptions = _exceptions(values)
            tiny_values[name] = {
                place: shrink(exceptions[index]) for place, index in enumerate(kept) if index in exceptions
            }
        elif isinstance(value, dict):
            tiny_values[name] = _shrink_rope(value, values) if name.startswith("rope_") else shrink(value)
            if name == "attn_config":
                tiny_values[name].setdefault("rope_theta", _PLAIN_ROPE["rope_theta"])
        elif isinstance(value, bool):
            continue
        elif name in lists:
            tiny_values[name] = [_entry(name, value[index]) for index in kept]
        elif "token_id" in name or name.endswith("_token_index"):
            tiny_values[name] = _token_ids(name, value)
        elif value is None and name in FILLED:
            tiny_values[name] = FILLED[name]
        elif isinstance(value, int):
            tiny_values[name] = len(kept) if name in _LAYER_COUNTS and value == layers else tiny(name, value)
    if values.get("num_kv_shared_layers"):
        tiny_values["num_kv_shared_layers"] = len(kept) // 2
    if isinstance(values.get("num_layers_per_stack"), int):
        stacks = layers // values["num_layers_per_stack"]
        tiny_values["num_hidden_layers"] = stacks * tiny_values["num_layers_per_stack"]
    if values.get("rope_parameters") == {}:
        tiny_values["rope_parameters"] = {kind: dict(_PLAIN_ROPE) for kind in values.get("layer_types") or ()}
    if values.get("languages") and "default_language" in values:
        tiny_values["default_language"] = values["languages"][0]
    keep_relations(values, tiny_values)
    relate_recurrent(values, tiny_values)
    for place, index in enumerate(kept):
        if (own := (tiny_values.get("per_layer_config") or {}).get(place)) is not None:
            layer = {**tiny_values, **own}
            keep_relations({**values, **_exceptions(values)[index]}, layer)
            own.update({name: value for name, value in layer.items() if value != tiny_values.get(name)})
    if values.get("is_decoder") is False:
        tiny_values["is_decoder"] = True
    return tiny_values


def _shrink_rope(rope: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Rotary settings: lists are either sections, which sum to half the head size, or factors, one for each of its halves."""
    small: dict[str, Any] = {}
    for name, value in rope.items():
        if isinstance(value, dict):
            small[name] = _shrink_rope(value, values)
        elif isinstance(value, list) and name == "mrope_section":
            small[name] = [2, 3, 3][: len(value)] if len(value) == 3 else [4, 4][: len(value)]
        else:
            small[name] = value
    return small
