"""Builds steps with hash consing and the layout rewrites: what the Program says in [1, H, T, D] reaches kernels as [T, H, D].

Legend: T tokens, H heads, D head size, C hidden.

Three views stand for the difference: `rows` drops the leading 1, `lead` puts it back, `heads_last` turns [1, H, T, D] into
[T, H, D] and `heads_first` back. They are free of copies but not of Python, so each is removed where it meets its opposite, and
where a view or a transposition of the Program made what it undoes.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from aweigh.engine.run.steps import Step
from aweigh.engine.run.symbols import is_symbolic
from aweigh.proto.program import Attribute

LAYOUTS = {
    "rows": "aten.squeeze.dims",
    "lead": "aten.unsqueeze.default",
    "reshape": "aten.reshape.default",
    "heads_last": "aten.transpose.int",
    "heads_first": "aten.transpose.int",
    "swap12": "aten.transpose.int",
    "pack": "aten.alias.default",
    "within": "aten.alias.default",
}
"""Steps that move nothing, by name, and ops of a Program that do the like."""


def _rows(x: Tensor) -> Tensor:
    return x.squeeze(0)


def _lead(x: Tensor) -> Tensor:
    return x.unsqueeze(0)


def _heads_last(x: Tensor) -> Tensor:
    return x.squeeze(0).transpose(0, 1)


def _heads_first(x: Tensor) -> Tensor:
    return x.transpose(0, 1).unsqueeze(0)


class Builder:
    """Collects steps. Registers are numbered here; `constants` and `symbolic` say what lies in them beforehand."""

    def __init__(self) -> None:
        self.count = 0
        self.steps: list[Step] = []
        self.constants: dict[int, Any] = {}
        self.symbolic: dict[int, Attribute] = {}
        self._seen: dict[Any, tuple[int, ...]] = {}
        self._maker: dict[int, Step] = {}
        self._shape: dict[int, Attribute] = {}

    def register(self) -> int:
        self.count += 1
        return self.count - 1

    def constant(self, value: Any) -> int:
        """A register that holds a value of Python."""
        key = ("constant", type(value), repr(value))
        if key not in self._seen:
            self._seen[key] = (self.register(),)
            self.constants[self._seen[key][0]] = value
        return self._seen[key][0]

    def attribute(self, value: Attribute, plain: Callable[[Any], Any]) -> int:
        """A register that holds an attribute; one with symbols is filled in when a run begins."""
        if not is_symbolic(value):
            return self.constant(plain(value))
        key = ("symbolic", repr(value))
        if key not in self._seen:
            self._seen[key] = (self.register(),)
            self.symbolic[self._seen[key][0]] = value
        return self._seen[key][0]

    def add(
        self,
        name: str,
        function: Callable[..., Any],
        operands: tuple[int, ...],
        results: int = 1,
        *,
        keywords: dict[str, Any] | None = None,
        optional: tuple[tuple[str, int], ...] = (),
        folds: bool = False,
        effect: bool = False,
        many: bool = False,
    ) -> tuple[int, ...]:
        """Appends a step and returns its results' registers, or those of an equal step that is there already."""
        key = (name, operands, repr(keywords), optional, results)
        if not effect and key in self._seen:
            return self._seen[key]
        registers = tuple(self.register() for _ in range(results))
        step = Step(name, function, operands, registers, keywords or {}, optional, folds, effect, many)
        self.steps.append(step)
        for register in registers:
            self._maker[register] = step
        self._seen[key] = registers
        return registers

    def one(self, name: str, function: Callable[..., Any], *operands: int, **options: Any) -> int:
        """`add` with one result."""
        return self.add(name, function, operands, **options)[0]

    def pack(self, operands: tuple[int, ...], *, folds: bool) -> int:
        """A register that holds a list of others."""
        return self.one("pack", list, *operands, folds=folds)

    # Layouts

    def reshape(self, x: int, shape: Attribute, plain: Callable[[Any], Any]) -> int:
        maker = self._maker.get(x)
        if maker is not None and maker.name in ("lead", "reshape"):
            x = maker.operands[0]
        out = self.one("reshape", Tensor.reshape, x, self.attribute(shape, plain), folds=True)
        self._shape[out] = shape
        return out

    def rows(self, x: int, plain: Callable[[Any], Any]) -> int:
        """[1, ...] as [...]."""
        maker = self._maker.get(x)
        if maker is not None and maker.name == "lead":
            return maker.operands[0]
        shape = self._shape.get(x)
        if maker is not None and maker.name == "reshape" and isinstance(shape, tuple) and shape[0] == 1:
            return self.reshape(maker.operands[0], shape[1:], plain)
        return self.one("rows", _rows, x, folds=True)

    def lead(self, x: int) -> int:
        """[...] as [1, ...]."""
        maker = self._maker.get(x)
        if maker is not None and maker.name == "rows":
            return maker.operands[0]
        return self.one("lead", _lead, x, folds=True)

    def heads_last(self, x: int, plain: Callable[[Any], Any]) -> int:
        """[1, H, T, D] as [T, H, D]."""
        maker = self._maker.get(x)
        if maker is not None and maker.name == "heads_first":
            return maker.operands[0]
        if maker is not None and maker.name == "swap12":
            return self.rows(maker.operands[0], plain)
        return self.one("heads_last", _heads_last, x, folds=True)

    def heads_first(self, x: int) -> int:
        """[T, H, D] as [1, H, T, D]."""
        maker = self._maker.get(x)
        if maker is not None and maker.name == "heads_last":
            return maker.operands[0]
        return self.one("heads_first", _heads_first, x, folds=True)

    def swap12(self, x: int) -> int:
        """Dimensions 1 and 2 of four exchanged."""
        return self.one("swap12", Tensor.transpose, x, self.constant(1), self.constant(2), folds=True)
