"""Weight expressions for every name of a module's state, by transformers' own rules of renaming and conversion."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from transformers.conversion_mapping import get_model_conversion_mapping
from transformers.core_model_loading import WeightConverter, WeightRenaming, dot_natural_key, rename_source_key

from aweigh.compiler.manifest.header import TensorEntry
from aweigh.compiler.manifest.recorded import Recorded, dtype_of
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.program import Cast, WeightExpression


def _collect(model: Any, checkpoint: Mapping[str, TensorEntry], state: Mapping[str, Any]) -> dict[str, Any]:
    """Returns, by the name of the first target, the transforms with the tensors that each collected."""
    rules = get_model_conversion_mapping(model)
    renamings = [rule for rule in rules if isinstance(rule, WeightRenaming)]
    converters = [rule for rule in rules if isinstance(rule, WeightConverter)]
    of_pattern = {pattern: converter for converter in converters for pattern in converter.source_patterns}
    collected: dict[str, Any] = {}
    for key in sorted(checkpoint, key=dot_natural_key):
        entry = checkpoint[key]
        name, pattern = rename_source_key(key, renamings, converters, model.base_model_prefix, state)
        if name not in state and key in state:
            name, pattern = rename_source_key(key, [], [], model.base_model_prefix, state)
        if name not in state:
            continue
        if pattern is None:
            transform = collected.setdefault(name, WeightRenaming(key, name))
            pattern = key
        else:
            transform = collected.setdefault(name, copy.deepcopy(of_pattern[pattern]))
        tensor = Recorded.of(key, getattr(torch, entry.dtype.torch_name), entry.shape)
        transform.add_tensor(name, key, pattern, lambda tensor=tensor: tensor)
    return collected


def parameter_of(model: Any, key: str) -> str | None:
    """The name of the parameter that a tensor of a checkpoint is, as it is; None where it is none, or where a conversion goes with it."""
    rules = get_model_conversion_mapping(model)
    renamings = [rule for rule in rules if isinstance(rule, WeightRenaming)]
    converters = [rule for rule in rules if isinstance(rule, WeightConverter)]
    state = model.state_dict()
    name, pattern = rename_source_key(key, renamings, converters, model.base_model_prefix, state)
    if name not in state and key in state:
        return key
    return name if name in state and pattern is None else None


def expressions(model: Any, checkpoint: Mapping[str, TensorEntry]) -> dict[str, WeightExpression]:
    """Returns an expression for each name of `model.state_dict()` that the checkpoint yields; tied names get that of their twin.

    Args:
        model: an instantiated model of transformers; its parameters need no bytes.
        checkpoint: every tensor of the checkpoint by its key.

    Raises:
        CheckpointInvalid: a tensor does not have the shape that the model declares, or experts are missing.
        UnsupportedModel: a conversion does more than move data.
    """
    state = model.state_dict()
    found: dict[str, WeightExpression] = {}
    for first, transform in _collect(model, checkpoint, state).items():
        sources = list(transform.collected_tensors)
        try:
            made = transform.convert(first, model=model, config=model.config)
        except (RuntimeError, ValueError) as error:
            raise CheckpointInvalid(
                f"The checkpoint's tensors for {first!r} do not fit together ({', '.join(sources)}): {error}"
            ) from error
        for name, tensor in made.items():
            tensor = tensor[0] if isinstance(tensor, list) else tensor
            if name in state:
                found[name] = _fitted(name, tensor, state[name])
    _spread_ties(model, found)
    return found


def _fitted(name: str, tensor: Recorded, wanted: torch.Tensor) -> WeightExpression:
    if tensor.shape != wanted.shape:
        raise CheckpointInvalid(
            f"The checkpoint gives {name!r} the shape {list(tensor.shape)}, but the configuration says {list(wanted.shape)}."
        )
    if tensor.dtype == wanted.dtype:
        return tensor.expression
    return Cast(tensor.expression, dtype_of(wanted.dtype))


def _spread_ties(model: Any, found: dict[str, WeightExpression]) -> None:
    for name, twin in dict(getattr(model, "all_tied_weights_keys", None) or {}).items():
        if twin in found:
            found[name] = found[twin]
        elif name in found:
            found[twin] = found[name]
