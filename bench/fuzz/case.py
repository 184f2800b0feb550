"""A case: a model and calls of it, as data. It is drawn from a seed, travels as JSON and prints as a Python expression.

What is no JSON has a name in `bench/scripts/fuzz/values.py`, and stands as `{"$": NAME, ...}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from bench.fuzz.families import FAMILIES, REMEMBERS

Value = Any  # JSON, of which a mapping with "$" stands for an object


@dataclass(frozen=True)
class Act:
    """One call: `generate`, `forward`, `pipeline`, or a verb of the `cache` between two of them."""

    call: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True)
class Case:
    """`shape`: what was drawn, in a few words."""

    number: int
    family: str
    shape: str
    acts: tuple[Act, ...]

    def message(self) -> dict[str, Any]:
        """What travels: how to load the model, too."""
        family = FAMILIES[self.family]
        loading = {"kind": family.kind, "loader": family.loader, "task": family.task}
        return {**asdict(self), **loading, "anew": self.family in REMEMBERS}

    def __str__(self) -> str:
        acts = ", ".join(f"{act.call}({_arguments(act.arguments)})" for act in self.acts)
        return f"case({self.number}, {self.family!r}, [{acts}])"


def named(kind: str, **parts: Value) -> dict[str, Value]:
    """An object of the vocabulary."""
    return {"$": kind, **parts}


def tensor(data: Value, dtype: str = "int64") -> dict[str, Value]:
    return named("tensor", data=data) if dtype == "int64" else named("tensor", data=data, dtype=dtype)


def chance(random: Random, share: float) -> bool:
    """True in `share` of all draws."""
    return random.random() < share


def tokens(random: Random, count: int) -> list[int]:
    """`count` ordinary tokens."""
    return [random.randrange(256) for _ in range(count)]


def near(random: Random, low: float, high: float) -> float:
    """A number with three digits, as people write them."""
    return round(random.uniform(low, high), 3)


def _arguments(arguments: Mapping[str, Value]) -> str:
    return ", ".join(f"{name}={_text(value)}" for name, value in arguments.items())


def _text(value: Value) -> str:
    if isinstance(value, dict) and "$" in value:
        return f"{value['$']}({_arguments({key: item for key, item in value.items() if key != '$'})})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return repr(value)
