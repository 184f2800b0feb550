"""For which sizes of inputs a Program is: constants, symbols with ranges, and what is computed from symbols."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from aweigh.proto.v1 import compiler_pb2


@dataclass(slots=True)
class Sizes:
    """`dims`: per input, per dimension, an int or an expression of sympy; `ranges`: least and most (None: no end) by symbol."""

    dims: list[tuple[Any, ...]]
    ranges: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    def fits(self, inputs: Sequence[torch.Tensor]) -> bool:
        """Whether the Program is for inputs of these sizes."""
        symbols: dict[Any, int] = {}
        computed = []
        for dims, tensor in zip(self.dims, inputs, strict=True):
            for dim, size in zip(dims, tensor.shape, strict=True):
                if isinstance(dim, int):
                    if dim != size:
                        return False
                elif not dim.is_Symbol:
                    computed.append((dim, size))
                elif symbols.setdefault(dim, size) != size:
                    return False
        return all(dim.subs(symbols) == size for dim, size in computed) and all(map(self._in_range, *_split(symbols)))

    def _in_range(self, symbol: Any, size: int) -> bool:
        least, most = self.ranges.get(str(symbol), (0, None))
        return least <= size and (most is None or size <= most)

    def narrow(self, compiled: compiler_pb2.Compiled) -> None:
        """Takes in what the compiler says: the ranges of the Program's symbols, and sizes that are constants in it."""
        (function,) = compiled.program.functions
        for given in function.inputs:
            dims = list(self.dims[int(given.name)])
            for at, said in enumerate(given.type.dims):
                kind = said.WhichOneof("node")
                if kind == "constant":
                    dims[at] = said.constant
                elif kind == "symbol" and said.symbol < len(compiled.ranges) and not isinstance(dims[at], int):
                    span = compiled.ranges[said.symbol]
                    self._narrow(str(dims[at]), span.least, span.most or None)
            self.dims[int(given.name)] = tuple(dims)

    def _narrow(self, symbol: str, least: int, most: int | None) -> None:
        low, high = self.ranges.get(symbol, (0, None))
        ends = [end for end in (high, most) if end is not None]
        self.ranges[symbol] = max(low, least), min(ends, default=None)


def sizes_of(program: torch.export.ExportedProgram) -> Sizes:
    """As the export says."""
    names = set(program.graph_signature.user_inputs)
    nodes = [node for node in program.graph.find_nodes(op="placeholder") if node.name in names]
    dims = [
        tuple(size if isinstance(size, int) else size.node.expr for size in node.meta["val"].shape) for node in nodes
    ]
    used = set().union(*(dim.free_symbols for one in dims for dim in one if not isinstance(dim, int)))
    ranges = {str(symbol): _ends(span) for symbol, span in program.range_constraints.items() if symbol in used}
    return Sizes(
        [tuple(int(dim) if isinstance(dim, int) or dim.is_Integer else dim for dim in one) for one in dims], ranges
    )


def _ends(span: Any) -> tuple[int, int | None]:
    return int(span.lower), int(span.upper) if span.upper.is_finite and span.upper < 1 << 40 else None


def _split(symbols: dict[Any, int]) -> tuple[list[Any], list[int]]:
    return list(symbols), list(symbols.values())
