"""Patterns over def-use chains: small functions that are put together.

A pattern takes a value and what was bound so far, and answers the bindings with its own added, or None where it does not fit.

    inverse = op("torch.aten.rsqrt", op("torch.aten.add.Scalar", mean, constant("epsilon")))
    found = op("torch.aten.mul.Tensor", bind("x"), inverse, commutative=True)(value, {})

They are matched from the last operation of a group backwards. Rejected: MLIR's greedy driver with Python callbacks (the order of rewrites
is then the driver's, and it folds on its own), and PDL (no way to say "the last dimension, counted from either end").
"""

from collections.abc import Callable
from typing import Any

from aweigh.compiler.dialect import read

Found = dict[str, Any]
Pattern = Callable[[Any, Found], Found | None]


def bind(name: str) -> Pattern:
    """Any value; the same one wherever the name occurs."""

    def match(value: Any, found: Found) -> Found | None:
        if name in found:
            return found if found[name] == value else None
        return {**found, name: value}

    return match


def anything(value: Any, found: Found) -> Found | None:
    return found


def weight(name: str) -> Pattern:
    """A weight, bound to `name`."""
    bound = bind(name)

    def match(value: Any, found: Found) -> Found | None:
        op = read.producer(value)
        return bound(value, found) if op is not None and op.name == "aweigh.weight" else None

    return match


def op(kinds: str | tuple[str, ...], *operands: Pattern, commutative: bool = False, name: str = "") -> Pattern:
    """The result of an operation of one of `kinds` whose first operands fit. `commutative`: the first two in either order.

    `name` binds the operation itself.
    """
    wanted = (kinds,) if isinstance(kinds, str) else kinds
    swapped = (operands[1], operands[0], *operands[2:]) if commutative else None

    def match(value: Any, found: Found) -> Found | None:
        made = read.producer(value)
        if made is None or read.kind(made) not in wanted:
            return None
        given = list(made.operands)
        answer = _each(operands, given, found)
        if answer is None and swapped is not None:
            answer = _each(swapped, given, found)
        return {**answer, name: made} if answer is not None and name else answer

    return match


def listed(*entries: Pattern) -> Pattern:
    """A list of tensors with exactly these entries."""

    def match(value: Any, found: Found) -> Found | None:
        given = read.items(value)
        return None if given is None or len(given) != len(entries) else _each(entries, given, found)

    return match


def equals(*values: Any) -> Pattern:
    """A constant that equals one of `values`."""

    def match(value: Any, found: Found) -> Found | None:
        said = read.constant(value)
        return found if said is not read.UNKNOWN and any(_same(said, wanted) for wanted in values) else None

    return match


def constant(name: str) -> Pattern:
    """Any constant; its Python value is bound."""

    def match(value: Any, found: Found) -> Found | None:
        said = read.constant(value)
        return None if said is read.UNKNOWN else {**found, name: said}

    return match


def one_of(*patterns: Pattern) -> Pattern:
    """The first pattern that fits."""

    def match(value: Any, found: Found) -> Found | None:
        for pattern in patterns:
            answer = pattern(value, found)
            if answer is not None:
                return answer
        return None

    return match


def cast(pattern: Pattern) -> Pattern:
    """What fits `pattern`, or that in another dtype."""
    return one_of(pattern, op("torch.aten._to_copy", pattern))


def _each(patterns: tuple[Pattern, ...], values: list[Any], found: Found) -> Found | None:
    if len(values) < len(patterns):
        return None
    for pattern, value in zip(patterns, values, strict=False):
        answer = pattern(value, found)
        if answer is None:
            return None
        found = answer
    return found


def _same(said: Any, wanted: Any) -> bool:
    if said is None or wanted is None or isinstance(said, bool) != isinstance(wanted, bool):
        return said is wanted
    return bool(said == wanted)
