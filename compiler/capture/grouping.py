"""Rows that modelling code sorts by expert stay where they are, and each expert's product is chosen by a mask.

Legend: N tokens, A choices a token, P = N * A pairs in the order of tokens, E experts, C width.

    _, order = experts_P.sort(0)                    the order of pairs stays as it is
    x[order // A], x[order]                         each token A times; the pairs themselves
    counts = zeros.scatter(1, experts_NA, 1).sum(0).tolist()
    cat([linear(part, weight[e]) for e, part in enumerate(x.split(counts))])
                                                    all rows through every expert, and of each row the one of its expert
    zeros.index_add(0, order // A, y)               sum over each token's pairs

An order that only gathers rows and puts them back may be any order, as long as what is between treats rows alike, which `locality.py`
proves of the finished graph. That the counts are those of the sorted experts is read from the graph in the making.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.fx import Node
from torch.fx.experimental.proxy_tensor import get_proxy_mode, get_proxy_slot
from torch.overrides import TorchFunctionMode

from aweigh.compiler.capture.filled import filled_with
from aweigh.compiler.capture.locality import is_symbolic

_SAME = frozenset({"aten.flatten", "aten.view", "aten.reshape", "aten.to", "aten._to_copy", "aten.clone"})


class _Opaque:
    """Passes where a tensor is asked for, and reaches `Ungrouped` unchanged."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return NotImplemented


class Order(_Opaque):
    """The order in which pairs are sorted, or with `choices` > 1 the tokens of the pairs in that order."""

    def __init__(self, choices: int = 1) -> None:
        self.choices = choices

    def div(self, choices: int, rounding_mode: str = "trunc") -> "Order":
        """The tokens of pairs."""
        return Order(self.choices * choices)

    def __floordiv__(self, choices: int) -> "Order":
        return self.div(choices)


class Count(_Opaque):
    """How many rows chose the expert `expert`; `source` made the choices."""

    def __init__(self, source: Node, expert: int) -> None:
        self.source, self.expert = source, expert


class Part(_Opaque):
    """The rows of one expert: all rows, until the parts are put together."""

    def __init__(self, rows_PC: torch.Tensor, count: Count) -> None:
        self.rows_PC, self.count = rows_PC, count


def _node(tensor: torch.Tensor) -> Node | None:
    """The node of the graph in the making whose value `tensor` is, seen through views and conversions."""
    mode = get_proxy_mode()
    slot: Any = None if mode is None else get_proxy_slot(tensor, mode.tracer, None)
    return None if slot is None else _seen_through(slot.proxy.node)


def _seen_through(node: Any) -> Node | None:
    while isinstance(node, Node) and str(node.target).rsplit(".", 1)[0] in _SAME:
        node = node.args[0]
    return node if isinstance(node, Node) else None


def _linear(part: Any, *weights: Any) -> Any:
    if not isinstance(part, Part):
        return NotImplemented
    return Part(torch.nn.functional.linear(part.rows_PC, *weights), part.count)


def _read(source: torch.Tensor, index: Any) -> Any:
    if not isinstance(index, Order):
        return NotImplemented
    return source if index.choices == 1 else source.repeat_interleave(index.choices, 0)


def _add(target: torch.Tensor, dim: int, index: Any, value_PC: torch.Tensor) -> Any:
    if not isinstance(index, Order) or dim != 0:
        return NotImplemented
    if index.choices > 1:
        value_PC = value_PC.view(-1, index.choices, *value_PC.shape[1:]).sum(1)
    return target + value_PC


def _tolist(counts_E: torch.Tensor) -> Any:
    if counts_E.dim() != 1 or is_symbolic(counts_E.shape[0]) or counts_E.is_floating_point():
        return NotImplemented
    total = _node(counts_E)
    if total is None or str(total.target) != "aten.sum.dim_IntList" or total.args[1] != [0]:
        return NotImplemented
    scatter = _seen_through(total.args[0])
    if scatter is None or str(scatter.target) != "aten.scatter.value" or scatter.args[1] != 1 or scatter.args[3] != 1:
        return NotImplemented
    if filled_with(scatter.args[0]) != 0.0:
        return NotImplemented
    source: Any = scatter.args[2]
    return [Count(source, expert) for expert in range(counts_E.shape[0])]


def _split(rows: torch.Tensor, sizes: Any, dim: int = 0) -> Any:
    if dim != 0 or not isinstance(sizes, list) or not all(isinstance(size, Count) for size in sizes):
        return NotImplemented
    return [Part(rows, count) for count in sizes]


class Ungrouped(TorchFunctionMode):
    """The mode of `ungrouped`; `used` if some rows stayed."""

    def __init__(self) -> None:
        super().__init__()
        self.used = False
        self._sorted: dict[Node, torch.Tensor] = {}
        self._rules: dict[Any, Callable[..., Any]] = {
            torch.Tensor.sort: self._sort,
            torch.Tensor.split: _split,
            torch.nn.functional.linear: _linear,
            torch.cat: self._cat,
            torch.Tensor.__getitem__: _read,
            torch.Tensor.index_add: _add,
        }

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        rule = self._rules.get(func)
        made = NotImplemented if rule is None else rule(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {})) if made is NotImplemented else made

    def _sort(self, experts_P: torch.Tensor, dim: int = -1, **kwargs: Any) -> Any:
        pairs = experts_P.dim() == 1 and is_symbolic(experts_P.shape[0]) and not experts_P.is_floating_point()
        source = _node(experts_P) if pairs and not kwargs.get("descending") else None
        if source is None:
            return NotImplemented
        self._sorted[source] = experts_P
        return experts_P, Order()

    def _cat(self, parts: Sequence[Any], dim: int = 0) -> Any:
        if dim != 0 or not parts or not all(isinstance(part, Part) for part in parts):
            return NotImplemented
        experts_P = self._sorted[parts[0].count.source]
        out = torch.zeros_like(parts[0].rows_PC)
        for part in parts:
            out = torch.where((experts_P == part.count.expert)[:, None], part.rows_PC, out)
        self.used = True
        return out


@contextmanager
def ungrouped() -> Iterator[Ungrouped]:
    """Inside, rows that are sorted by expert stay where they are."""
    original = FakeTensor.tolist

    def tolist(counts: Any) -> Any:  # the one method here that does not ask the modes
        made = _tolist(counts)
        return original(counts) if made is NotImplemented else made

    FakeTensor.tolist = tolist  # type: ignore[method-assign, assignment]
    try:
        with Ungrouped() as groups:
            yield groups
    finally:
        FakeTensor.tolist = original  # type: ignore[method-assign]
