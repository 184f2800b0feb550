"""Running sums of integers along the tokens of a batch become running sums within each sequence.

Modelling code that skips padding counts the other tokens (`cumsum(ids != padding)`). Over a batch of many sequences that sum runs on; what a
sequence had before it is the sum at its first token, and is taken away. Of integers this is exact. While tokens are proved apart
(`locality.py`) the sum is one opaque operator, afterwards it is spelled out.
"""

from typing import Any

import torch
from torch.fx import Graph

from aweigh.compiler.capture.graph import insert, placeholder, replace
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_COUNT = torch.ops.aweigh.running_count.default


def fold_running_counts(graph: Graph) -> None:
    """Changes `graph` in place: a sum along tokens becomes opaque. It reads the input `starts` [1, T]."""
    for node in graph.find_nodes(op="call_function", target=_aten.cumsum.default):
        source: Any = node.args[0]
        along: Any = node.args[1]
        value, made = source.meta["val"], node.meta["val"]
        if value.dim() == 2 and along % 2 == 1 and is_symbolic(value.shape[1]) and made.dtype == torch.int64:
            replace(node, insert(graph, node, _COUNT, source, placeholder(graph, "starts")))


def spell_out_running_counts(graph: Graph) -> None:
    """Changes `graph` in place: the opaque sums become sums over the batch, less what was before each sequence."""
    for node in graph.find_nodes(op="call_function", target=_COUNT):
        x_1T, starts_1T = node.args
        total = insert(graph, node, _aten.cumsum.default, x_1T, 1)
        before = insert(graph, node, _aten.sub.Tensor, total, x_1T)
        first = insert(graph, node, _aten.select.int, starts_1T, 0, 0)
        taken = insert(graph, node, _aten.index_select.default, before, 1, first)
        replace(node, insert(graph, node, _aten.sub.Tensor, total, taken))
