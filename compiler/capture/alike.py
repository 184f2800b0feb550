"""Whether two modules are built alike: the same classes, attributes and shapes, all the way down, but for their numbers."""

import operator
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_HELD = frozenset({"_parameters", "_buffers", "_modules", "forward"})
_PLAIN = (bool, int, float, str, bytes, type(None), torch.dtype, torch.device, type)


class Number:
    """Stands for the number of a layer while that is traced: whoever does anything with it leaves a mark.

    No int, so that nothing reads it unseen: what torch or a list does with an int of Python asks no method of a subclass.
    """

    def __init__(self, value: int) -> None:
        self.value = value
        self.used = False

    def _seen(self) -> int:
        self.used = True
        return self.value

    def __format__(self, how: str) -> str:
        return format(self._seen(), how)


def _unary(function: Callable[[Any], Any]) -> Any:
    return lambda self: function(self._seen())


def _binary(function: Callable[[Any, Any], Any]) -> Any:
    return lambda self, other: function(self._seen(), other)


def _reflected(function: Callable[[Any, Any], Any]) -> Any:
    return lambda self, other: function(other, self._seen())


for _function in (operator.index, int, float, bool, hash, str, repr, operator.neg, abs):
    setattr(Number, f"__{_function.__name__}__", _unary(_function))
for _name in (
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "add",
    "sub",
    "mul",
    "mod",
    "floordiv",
    "truediv",
    "pow",
    "and_",
    "or_",
):
    _function = getattr(operator, _name)
    setattr(Number, f"__{_name.rstrip('_')}__", _binary(_function))
    setattr(Number, f"__r{_name.rstrip('_')}__", _reflected(_function))


def numbers_apart(first: nn.Module, other: nn.Module, place: int, other_place: int) -> list[tuple[str, str]] | None:
    """The attributes (path of a module, name) in which two modules differ by no more than their places in a list.

    None: they differ in something else.
    """
    found: list[tuple[str, str]] = []
    ours, theirs = dict(first.named_modules(remove_duplicate=False)), dict(other.named_modules(remove_duplicate=False))
    if list(ours) != list(theirs):
        return None
    for path, module in ours.items():
        if type(module) is not type(theirs[path]) or not _same_tensors(module, theirs[path]):
            return None
        mine, its = vars(module), vars(theirs[path])
        if mine.keys() - _HELD != its.keys() - _HELD:
            return None
        for name in mine.keys() - _HELD:
            a, b = mine[name], its[name]
            if _same(a, b):
                continue
            if not (type(a) is int and type(b) is int and a == place and b == other_place):
                return None
            found.append((path, name))
    return found


def _same(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, _PLAIN):
        return bool(a == b)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same, a.values(), b.values()))
    if isinstance(a, set | frozenset):
        return bool(a == b) and all(isinstance(item, _PLAIN) for item in a)
    return False


def _same_tensors(a: nn.Module, b: nn.Module) -> bool:
    for held in ("_parameters", "_buffers"):
        mine, its = vars(a)[held], vars(b)[held]
        if list(mine) != list(its) or not all(map(_same_type, mine.values(), its.values())):
            return False
    return True


def _same_type(a: Tensor | None, b: Tensor | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a.dtype, a.shape, a.stride(), a.requires_grad) == (b.dtype, b.shape, b.stride(), b.requires_grad)
