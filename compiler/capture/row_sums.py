"""Sums and means along the tokens of every row (pooling), in a batch whose rows lie one behind the other: sums within each sequence.

Done while the model is traced, as `first_tokens.py` does, so that what follows sees one entry per sequence. The sum is one opaque operator
while tokens are proved apart; afterwards it is spelled out, as an addition of every token to the entry of its sequence, in their order.

Legend: T tokens, R sequences.
"""

from typing import Any

import torch
from torch import Tensor
from torch.fx import Graph
from torch.overrides import TorchFunctionMode

from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_SUM = torch.ops.aweigh.row_sum.default
_SUMS = frozenset({torch.sum, torch.Tensor.sum})
_MEANS = frozenset({torch.mean, torch.Tensor.mean})


class RowSums(TorchFunctionMode):
    """Inside, a sum or a mean of a tensor [1, T, ...] along T is [R, ...]."""

    def __init__(self, positions_1T: Tensor, rows_R: Tensor) -> None:
        super().__init__()
        self._positions_1T, self._rows_R = positions_1T, rows_R

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func not in _SUMS | _MEANS or not _along_tokens(args, kwargs):
            return func(*args, **kwargs)
        x_1T: Tensor = args[0]
        total = self._sum(x_1T)
        if func in _MEANS:
            count_R = self._sum(torch.ones_like(self._positions_1T))
            total = total / count_R.view(-1, *[1] * (total.dim() - 1)).to(total.dtype)
        keep = kwargs.get("keepdim", args[2] if len(args) > 2 else False)
        return total.unsqueeze(1) if keep else total

    def _sum(self, x_1T: Tensor) -> Tensor:
        source = x_1T if x_1T.is_floating_point() else x_1T.to(torch.int64)
        total: Tensor = torch.ops.aweigh.row_sum(source, self._positions_1T, self._rows_R)
        return total


def _along_tokens(args: Any, kwargs: dict[str, Any]) -> bool:
    x = args[0] if args else None
    dims = kwargs.get("dim", args[1] if len(args) > 1 else None)
    if not isinstance(x, Tensor) or dims is None or kwargs.get("dtype") is not None or x.dim() < 2:
        return False
    listed = dims if isinstance(dims, list | tuple) else [dims]
    along = [dim % x.dim() for dim in listed] == [1]
    return along and not is_symbolic(x.shape[0]) and x.shape[0] == 1 and is_symbolic(x.shape[1])


def spell_out_row_sums(graph: Graph) -> None:
    """Changes `graph` in place. A token's sequence is how many began before it, itself counted, less one."""
    for node in graph.find_nodes(op="call_function", target=_SUM):
        x_1T, positions_1T, _ = node.args
        value = node.meta["val"]
        places_T = insert(graph, node, _aten.select.int, positions_1T, 0, 0)
        begins_T = insert(graph, node, _aten.eq.Scalar, places_T, 0)
        counted_T = insert(graph, node, _aten._to_copy.default, begins_T, dtype=torch.int64)
        sequence_T = insert(graph, node, _aten.sub.Scalar, insert(graph, node, _aten.cumsum.default, counted_T, 0), 1)
        source_T = insert(graph, node, _aten.select.int, x_1T, 0, 0)
        count = insert(graph, node, _aten.sym_size.int, node.args[2], 0)
        zero = insert(graph, node, _aten.full.default, [count, *value.shape[1:]], 0, dtype=value.dtype)
        replace(node, insert(graph, node, _aten.index_add.default, zero, 0, sequence_T, source_T))
