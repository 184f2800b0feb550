"""Recurrences of modelling code, which loop over tokens or chunks of them, become the opaque `aweigh::scan` while a model is traced.

transformers writes each family of recurrence as a function of fixed parameters (those of the kernel that could stand in for it) and
copies it from file to file. So a function is proposed by the names of its parameters, wherever it stands, and taken only if its
answers on random numbers are those of the replacement: names propose, arithmetic disposes.

Legend: T tokens, G groups of heads, H heads, D rows of the state, E columns of it, C channels.
"""

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from types import FunctionType
from typing import Any

import torch
from torch import Tensor

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.compiler.capture import block_choice, families, lightning, log_scan, relative
from aweigh.compiler.capture.scan import defined

_EXACT = 1e-4


@dataclass(frozen=True, slots=True)
class Family:
    """`replacement` has the parameters of what it replaces; `samples` are arguments to try both with. `owner` is given where a method reads
    its object: an object to try both with, which has the attributes that both may read and no others."""

    parameters: frozenset[str]
    replacement: Callable[..., Any]
    samples: Callable[[], list[Mapping[str, Any]]]
    owner: Callable[[], Any] | None = None


_MIXER = frozenset({"self", "hidden_states", "position_embeddings", "attention_mask", "past_key_values"})

_FAMILIES = (
    Family(
        frozenset({"query", "key", "value", "g", "beta", "initial_state", "output_final_state"}),
        families.delta_rule,
        families.delta_rule_samples,
    ),
    Family(
        frozenset({"hidden_states", "dt", "A", "B", "C", "D", "z", "delta_bias", "delta_softplus"}),
        families.selective_scan,
        families.selective_scan_samples,
    ),
    Family(
        frozenset({"hidden_states", "dt", "A", "B", "C", "D", "dt_bias", "dt_softplus", "dt_limit", "chunk_size"}),
        families.dual_scan,
        families.dual_scan_samples,
    ),
    Family(
        frozenset({"hidden_states", "recurrent_gate", "reset", "recurrent_states"}),
        families.gated_unit,
        families.gated_unit_samples,
    ),
    Family(
        frozenset({"time_decay", "time_first", "key", "value", "state", "return_state"}),
        log_scan.weighted_average,
        log_scan.weighted_average_samples,
    ),
    Family(
        frozenset({"query", "key", "value", "igate", "fgate", "c_initial", "n_initial", "m_initial"}),
        log_scan.matrix_memory,
        log_scan.matrix_memory_samples,
    ),
    Family(_MIXER, lightning.attention, lightning.samples, lightning.owner),
    Family(_MIXER, block_choice.choice, block_choice.samples, block_choice.owner),
    Family(
        frozenset({"self", "relative_states", "query_positions", "key_positions"}),
        relative.spread,
        relative.samples,
        relative.owner,
    ),
)


def _parameters(function: Any) -> frozenset[str]:
    try:
        return frozenset(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return frozenset()


@cache
def replacement_of(function: Any) -> Callable[..., Any] | None:
    """What stands for a function of modelling code; None if it is no recurrence that we know. A method is given unbound.

    Of a partial function, what it was given by name goes to the replacement, too.
    """
    parameters = _parameters(function)
    for family in _FAMILIES:
        if not family.parameters <= parameters:
            continue
        if isinstance(function, partial):
            said = {name: value for name, value in function.keywords.items() if name not in family.parameters}
            family = replace(family, replacement=partial(family.replacement, **said))
        if family.owner is not None:
            if _agree(function, (family.owner(),), family):
                return family.replacement
        else:
            bound = (None,) if "self" in parameters else ()
            return _Replacement(family.replacement, len(bound)) if _agree(function, bound, family) else None
    return None


class _Replacement:
    """The replacement, called as the function or method that it replaces."""

    def __init__(self, function: Callable[..., Any], skipped: int) -> None:
        self._function, self._skipped = function, skipped

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self._function if instance is not None else self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args[self._skipped :], **kwargs)


def _agree(function: Any, bound: tuple[Any, ...], family: Family) -> bool:
    """Whether both give the same for some sample, and for no sample something else. What the function does not take is no sample."""
    tried = 0
    accepted = _parameters(function)
    with torch.utils._python_dispatch._disable_current_modes(), torch.no_grad(), defined():
        for sample in family.samples():
            known = {name: value for name, value in sample.items() if name in accepted}
            try:
                theirs = _first(function(*bound, **known))
            except Exception:  # noqa: BLE001, S112 (modelling code may raise anything)
                continue
            ours = _first(family.replacement(*(bound if family.owner else ()), **known))
            if ours.shape != theirs.shape or not torch.allclose(ours.float(), theirs.float(), atol=_EXACT, rtol=_EXACT):
                return False
            tried += 1
    return tried > 0


def _first(answer: Any) -> Tensor:
    first: Tensor = answer[0] if isinstance(answer, tuple | list) else answer
    return first


@contextmanager
def recurrences_replaced(model: torch.nn.Module) -> Iterator[None]:
    """Inside, the recurrences that the modelling code of `model` calls are ours: by their names, or as parts that a module holds."""
    holders: set[Any] = set(model.modules())
    for module in model.modules():
        for owner in type(module).__mro__:
            if owner.__module__ not in ("builtins", torch.nn.Module.__module__):
                holders |= {owner, sys.modules[owner.__module__]}
    changed: list[tuple[Any, str, Any]] = []
    for holder in holders:
        for name, value in list(vars(holder).items()):
            if isinstance(value, FunctionType | partial) and (ours := replacement_of(value)) is not None:
                changed.append((holder, name, value))
                setattr(holder, name, ours)
    try:
        yield
    finally:
        for holder, name, value in changed:
            setattr(holder, name, value)
