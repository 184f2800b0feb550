"""Steps: the calls that a prepared function makes, over numbered registers.

A register holds a tensor, or anything else that a call takes: a constant, a list, a weight, a layer of KV. Everything that is
known when a model is bound lies in its register before the first step, so a step is one Python call with nothing looked up but
list items. `exec` of generated source would save a little more and is not allowed here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

Registers = list[Any]
Run = Callable[[Registers], None]


@dataclass(frozen=True, slots=True)
class Step:
    """`results = function(*operands, **keywords)`. `optional` are keywords whose values are registers.

    `name` tells rewrites what it is. `pack`: the operands become one list. `folds`: may run once when a model is bound, if its
    operands are constants. `copies`: its result is as large as its operands, and nothing of it shares their memory.
    """

    name: str
    function: Callable[..., Any]
    operands: tuple[int, ...]
    results: tuple[int, ...]
    keywords: dict[str, Any] = field(default_factory=dict)
    optional: tuple[tuple[str, int], ...] = ()
    folds: bool = False
    effect: bool = False
    many: bool = False  # the function returns a sequence, also of one
    copies: bool = False

    @property
    def reads(self) -> tuple[int, ...]:
        return (*self.operands, *(register for _, register in self.optional))

    def compile(self) -> Run:
        """The call as a closure over register numbers."""
        if self.optional:
            return _with_keywords(self)
        function = partial(self.function, **self.keywords) if self.keywords else self.function
        if self.name == "pack":
            return _pack(self.operands, self.results[0])
        if self.many or len(self.results) != 1:
            return _many(function, self.operands, self.results)
        return _ONE.get(len(self.operands), _any)(function, self.operands, self.results[0])


def _zero(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    def run(r: Registers) -> None:
        r[out] = function()

    return run


def _one(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    (a,) = operands

    def run(r: Registers) -> None:
        r[out] = function(r[a])

    return run


def _two(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    a, b = operands

    def run(r: Registers) -> None:
        r[out] = function(r[a], r[b])

    return run


def _three(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    a, b, c = operands

    def run(r: Registers) -> None:
        r[out] = function(r[a], r[b], r[c])

    return run


def _four(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    a, b, c, d = operands

    def run(r: Registers) -> None:
        r[out] = function(r[a], r[b], r[c], r[d])

    return run


def _any(function: Callable[..., Any], operands: tuple[int, ...], out: int) -> Run:
    def run(r: Registers) -> None:
        r[out] = function(*[r[operand] for operand in operands])

    return run


_ONE: dict[int, Callable[[Callable[..., Any], tuple[int, ...], int], Run]] = {
    0: _zero,
    1: _one,
    2: _two,
    3: _three,
    4: _four,
}


def _pack(operands: tuple[int, ...], out: int) -> Run:
    def run(r: Registers) -> None:
        r[out] = [r[operand] for operand in operands]

    return run


def _many(function: Callable[..., Any], operands: tuple[int, ...], results: tuple[int, ...]) -> Run:
    def run(r: Registers) -> None:
        values = function(*[r[operand] for operand in operands])
        assert len(values) == len(results), "the shape check has counted the results"
        for out, value in zip(results, values, strict=True):
            r[out] = value

    return run


def _with_keywords(step: Step) -> Run:
    function, operands, optional, results = step.function, step.operands, step.optional, step.results
    many = step.many or len(results) != 1
    keywords = step.keywords

    def run(r: Registers) -> None:
        values = {name: r[register] for name, register in optional}
        result = function(*[r[operand] for operand in operands], **keywords, **values)
        if many:
            for out, value in zip(results, result, strict=True):
                r[out] = value
        else:
            r[results[0]] = result

    return run
