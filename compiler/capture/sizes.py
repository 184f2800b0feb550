"""Which sizes of a captured call are symbols, what they range over, and which are fixed after all.

Export gives every size of every input a symbol and learns from the modelling code which are equal, which are fixed and how far each may
go. What it learns beyond that (that a size is a multiple of 8, that two are not equal) a Program cannot say, so that the symbols in
such a guard get the sizes that were seen. The same happens, later, to a symbol that some value's size depends on in no simple way.
A graph that holds for every size holds for a fixed one: nothing is captured twice.

Sizes that no operator compared with each other stay apart for export, as the batch of a mask that is only read by index. Where
they were seen equal, at the same place of two inputs, they are one symbol: a call in which they differ is another call.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
import torch
from torch.export import ExportedProgram
from torch.fx import Graph, Node
from torch.utils._sympy.value_ranges import ValueRanges, bound_sympy

_MOST = 1 << 40
# Calls over sizes that `emit.scalars` evaluates.
_SPOKEN = frozenset({"aten.sym_size.int", "add", "sub", "mul", "floordiv", "mod", "neg"})


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Sizes that one symbol stands for; both ends are included, `most` 0 has no end. `seen` is the one of the example."""

    least: int
    most: int
    seen: int


class Sizes:
    """The symbols of one exported program."""

    def __init__(self, program: ExportedProgram, inputs: list[Node], merge: bool) -> None:
        """`merge`: sizes that were seen equal, at the same place of two inputs, are one symbol."""
        self.inputs = inputs
        self._stands: dict[Any, Any] = {}
        self._env: Any = None
        self._seen: dict[Any, int] = {}
        self._narrow: dict[Any, Any] = {}
        first: dict[tuple[int, int], Any] = {}
        for _, place, size in self._open():
            self._env = size.node.shape_env
            expression, seen = self._expression(size), int(size.node.hint)
            if not expression.is_Symbol:
                continue
            self._seen[expression] = seen
            if merge:
                same = first.setdefault((place, seen), expression)
                if same != expression:
                    self._stands[expression] = same
        if self._env is not None:
            self._settle(getattr(self._env, "guards", ()))

    def _open(self) -> Iterator[tuple[Node, int, Any]]:
        for node in self.inputs:
            for place, size in enumerate(node.meta["val"].shape):
                if isinstance(size, torch.SymInt):
                    yield node, place, size

    def _expression(self, size: Any) -> Any:
        if not isinstance(size, torch.SymInt | torch.SymFloat | torch.SymBool):
            return sympy.sympify(size)
        expression = size.node.expr
        return expression.xreplace(self._stands).xreplace(self._stands)

    def _settle(self, guards: Iterable[Any]) -> None:
        for _, _, size in self._open():
            expression = self._expression(size)
            if not expression.is_Symbol:
                self.fix(expression.free_symbols)
        for guard in guards:
            if not _decides(guard):
                continue
            expression = self._env.replace(guard.expr).xreplace(self._stands).xreplace(self._stands)
            if expression.free_symbols and not self._holds(expression, {}) and not self._narrowed(expression):
                self.fix(expression.free_symbols)

    def _holds(self, expression: Any, narrow: Mapping[Any, Any]) -> bool:
        """Whether a guard says no more than the ranges do, some of them `narrow`."""
        ranges = {symbol: narrow.get(symbol) or self._range(symbol) for symbol in expression.free_symbols}
        try:
            if isinstance(expression, sympy.Ne):
                left, right = (bound_sympy(sympy.factor(side), ranges) for side in expression.args)
                both = bound_sympy(sympy.factor(expression.lhs - expression.rhs), ranges)
                apart = left.lower > right.upper or left.upper < right.lower
                return bool(apart or both.lower > 0 or both.upper < 0)
            bounds = bound_sympy(expression, ranges)
            return bool(bounds.is_singleton()) and bounds.lower in (True, sympy.true)
        except (TypeError, ValueError, AttributeError, NotImplementedError):
            return False

    def _range(self, symbol: Any) -> Any:
        return self._narrow.get(symbol) or self._env.var_to_range[symbol]

    def _narrowed(self, expression: Any) -> bool:
        """Makes the range of one symbol narrower, around the size that was seen, so that the guard holds. False where none helps."""
        for upwards in (True, False):
            for symbol in sorted(expression.free_symbols, key=str):
                for narrow in self._narrower(symbol, upwards):
                    if self._holds(expression, {symbol: narrow}):
                        self._narrow[symbol] = narrow
                        return True
        return False

    def _narrower(self, symbol: Any, upwards: bool) -> Iterator[Any]:
        """Ranges that begin nearer to the size that was seen, or end nearer to it."""
        whole, seen = self._range(symbol), self._seen[symbol]
        least, most = int(whole.lower), whole.upper
        if upwards:
            steps = [least << step for step in range(32) if 0 < least << step < seen]
            yield from (ValueRanges(sympy.Integer(low), most) for low in (*steps, seen))
        else:
            steps = [size for step in range(20, 0, -1) if (size := seen << step) < most]
            yield from (ValueRanges(whole.lower, sympy.Integer(high)) for high in (*steps, seen))

    def fix(self, symbols: Iterable[Any]) -> None:
        """Gives symbols the sizes that were seen."""
        for symbol in symbols:
            self._stands[symbol] = sympy.Integer(self._seen[symbol])

    def fix_named(self, names: Iterable[str]) -> None:
        wanted = set(names)
        self.fix([symbol for symbol in self._seen if str(symbol) in wanted and symbol not in self._stands])

    def numbers(self, graph: Graph) -> None:
        """Changes the graph in place: a number that is computed from fixed sizes is that number, and what no Program can compute gets fixed."""
        before = -1
        while before != len(self._stands):
            before = len(self._stands)
            for node in list(graph.nodes):
                value = node.meta.get("val")
                if node.op == "call_function" and isinstance(value, bool | int | float):
                    node.replace_all_uses_with(value)
                    graph.erase_node(node)
                    continue
                if node.op != "call_function" or not isinstance(value, torch.SymInt | torch.SymFloat | torch.SymBool):
                    continue
                expression = self._expression(value)
                if expression.free_symbols and not _spoken(node):
                    self.fix(expression.free_symbols)
                    expression = self._expression(value)
                if not expression.free_symbols:
                    node.replace_all_uses_with(_number(value, expression))
                    graph.erase_node(node)

    def only(self, inputs: list[Node]) -> None:
        """From here on these are the inputs."""
        self.inputs = inputs

    def names(self) -> list[str]:
        """Names of the symbols of the inputs, in the order in which they occur."""
        found = dict.fromkeys(str(e) for _, _, size in self._open() if (e := self._expression(size)).is_Symbol)
        return list(found)

    def dims(self, node: Node) -> list[int | str]:
        """The dimensions of an input: integers, or names of symbols."""
        said = [self._expression(size) for size in node.meta["val"].shape]
        return [str(each) if each.is_Symbol else int(each) for each in said]

    def ranges(self) -> list[SizeRange]:
        """One per name of `names`."""
        found = []
        for name in self.names():
            symbols = [s for s in self._seen if str(s) == name or str(self._stands.get(s)) == name]
            bounds = [self._range(symbol) for symbol in symbols]
            least = max([2, *(int(bound.lower) for bound in bounds if bound.lower.is_finite)])
            ends = [int(bound.upper) for bound in bounds if bound.upper.is_finite and bound.upper < _MOST]
            found.append(SizeRange(least, min(ends, default=0), self._seen[symbols[0]]))
        return found


def _decides(guard: Any) -> bool:
    """Whether Python asked: modelling code, or torch's own that calls operators. What an operator asks itself, it asks again when it runs."""
    frame = getattr(getattr(guard, "sloc", None), "framework_loc", None)
    name = getattr(frame, "filename", "")
    return "/torch/" not in name or "/torch/nn/" in name


def _spoken(node: Node) -> bool:
    target: Any = node.target
    name = str(target) if isinstance(target, torch._ops.OpOverload) else getattr(target, "__name__", "")
    whole = all(not isinstance(given, float | torch.SymFloat) for given in node.args)
    return name in _SPOKEN and whole


def _number(value: Any, expression: Any) -> bool | int | float:
    if isinstance(value, torch.SymBool):
        return bool(expression)
    return int(expression) if isinstance(value, torch.SymInt) else float(expression)
