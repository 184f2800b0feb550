"""The one number that a value of a graph in the making is filled with, whatever its shape: sizes are symbolic, contents are not.

Modelling code makes token types of zeros and asks which of them are ones; the answer is known before any token is.
"""

import operator
from collections.abc import Callable
from typing import Any

import torch

_VIEWS = (
    "expand",
    "slice",
    "select",
    "view",
    "reshape",
    "unsqueeze",
    "squeeze",
    "clone",
    "alias",
    "detach",
    "contiguous",
)
_SAME = frozenset(f"aten.{name}" for name in _VIEWS)
_CONVERSIONS = frozenset({"aten.to", "aten._to_copy"})
_FILLS = {"aten.zeros": 0.0, "aten.zeros_like": 0.0, "aten.new_zeros": 0.0, "aten.ones": 1.0, "aten.ones_like": 1.0}
_GIVEN = frozenset({"aten.full", "aten.full_like", "aten.new_full"})
_PAIRS: dict[str, Callable[[float, float], float]] = {
    "aten.mul": operator.mul,
    "aten.eq": operator.eq,
    "aten.ne": operator.ne,
    "aten.lt": operator.lt,
    "aten.le": operator.le,
    "aten.gt": operator.gt,
    "aten.ge": operator.ge,
}


def filled_with(given: Any) -> float | None:
    """Returns the number; None if `given` (a node or a number) is not known to hold one number alone."""
    if isinstance(given, int | float):
        return float(given)
    name = str(getattr(given, "target", None)).rsplit(".", 1)[0]
    if name in _FILLS:
        return _FILLS[name]
    if name in _GIVEN:
        return filled_with(given.args[-1] if name == "aten.new_full" else given.args[1])
    if name == "aten.scalar_tensor" or name in _SAME:
        return filled_with(given.args[0])
    if name in _CONVERSIONS:
        return _converted(filled_with(given.args[0]), [*given.args[1:], *given.kwargs.values()])
    if name in _PAIRS and not given.kwargs:
        one, other = (filled_with(argument) for argument in given.args[:2])
        return None if one is None or other is None else float(_PAIRS[name](one, other))
    if name == "aten.where" and len(given.args) == 3:
        condition = filled_with(given.args[0])
        return None if condition is None else filled_with(given.args[1 if condition else 2])
    return None


def _converted(number: float | None, arguments: list[Any]) -> float | None:
    dtype = next((each for each in arguments if isinstance(each, torch.dtype)), torch.float64)
    if number is None or dtype.is_floating_point:
        return number
    return float(bool(number)) if dtype is torch.bool else float(int(number))
