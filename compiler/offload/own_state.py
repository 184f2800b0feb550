"""Models whose passes hand on a state that no cache of ours can stand for: a kind of cache of their own, or a list of tensors.

Such a state has ways of its own with beams, lengths and crops, and its model refuses any other. So a pass that makes or takes one runs
in the script's process; a whole `generate`, in which nobody sees the state, does not.
"""

import inspect
import sys
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from transformers.cache_utils import Cache

from aweigh.compiler.offload.cache import NAMES
from aweigh.compiler.offload.rehearsal import WIDTH, rehearsed

_ROWS = 3


def output_class_of(forward: Callable[..., Any]) -> Any:
    """The ModelOutput that a class answers with, from the annotation of its `forward`."""
    from transformers.modeling_outputs import CausalLMOutputWithPast
    from transformers.utils import ModelOutput

    try:
        said = typing.get_type_hints(inspect.unwrap(forward)).get("return")
    except (NameError, TypeError):
        said = None
    for option in (said, *typing.get_args(said)):
        if isinstance(option, type) and issubclass(option, ModelOutput) and "logits" in option.__annotations__:
            return option
    return CausalLMOutputWithPast


def rows_apart(kind: Any, config: Any) -> bool:
    """Whether a pass of one token a row, behind such a state, keeps several rows apart; False where that cannot be found out.

    RWKV's does not: a state of [rows, C] meets tokens of [rows, 1, C], and every row gets tokens of all rows.
    """
    if _caches(kind) or not own_state(kind):
        return True  # caches of transformers do
    return rehearsed(kind, config, _keeps_apart, otherwise=False)


def _keeps_apart(model: Any) -> bool:
    first = model(input_ids=torch.zeros((_ROWS, WIDTH), dtype=torch.long), use_cache=True)
    given = set(inspect.signature(model.forward).parameters)
    state = {name: value for name, value in first.items() if name in given and not isinstance(value, torch.Tensor)}
    second = model(input_ids=torch.zeros((_ROWS, 1), dtype=torch.long), use_cache=True, **state)
    return bool(state) and tuple(second.logits.shape[:2]) == (_ROWS, 1)


@cache
def own_state(kind: type[Any]) -> str:
    """Why passes of a model's class cannot share a remote cache; empty if they can.

    Either a class of caches stands beside the model's, or is what its output is said to hold; or a list of tensors goes into its
    `forward` and comes out of it under one name.
    """
    own = _caches(kind)
    given, returned = inspect.signature(kind.forward).parameters, _fields(output_class_of(kind.forward))
    own += [option for name in NAMES for option in returned.get(name, ()) if _is_strange(option)]
    if own:
        return f"the model keeps its keys and values in a {own[0].__name__}"
    lists = [
        name
        for name, options in returned.items()
        if name in given and any(typing.get_origin(option) in (list, tuple) for option in options)
    ]
    both = next((name for name in lists if name not in NAMES), "")
    return f"the model hands on its state in the argument {both}" if both else ""


def _caches(kind: type[Any]) -> list[type[Any]]:
    """Classes of caches that stand beside a model's class."""
    beside = [value for value in vars(sys.modules[kind.__module__]).values() if isinstance(value, type)]
    return [value for value in beside if issubclass(value, Cache) and value.__module__ == kind.__module__]


def _fields(output_class: Any) -> dict[str, tuple[Any, ...]]:
    """What each field of an output may be."""
    try:
        hints = typing.get_type_hints(output_class)
    except (NameError, TypeError):
        return {}
    return {name: typing.get_args(hint) or (hint,) for name, hint in hints.items()}


def _is_strange(option: Any) -> bool:
    return isinstance(option, type) and option is not type(None) and not issubclass(option, Cache)
