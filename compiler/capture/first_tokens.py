"""`hidden[:, 0]`, the first token of every row, in a batch whose rows lie one behind the other: the tokens at `rows`.

Done while the model is traced, so that all that follows sees one entry per sequence and not one for the whole batch. And since a graph
does not show `hidden[:1]`, where the batch is one row, some rows of a batch are refused here; whatever else rows do, `rows_apart.py` sees.

Legend: T tokens, R sequences.
"""

from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from aweigh.compiler.capture.locality import is_symbolic
from aweigh.proto.errors import UnsupportedModel


class FirstTokens(TorchFunctionMode):
    """Inside, of a tensor [1, T, ...] the first token of each sequence is read, [R, ...]."""

    def __init__(self, token_ids_1T: torch.Tensor, rows_R: torch.Tensor) -> None:
        super().__init__()
        self._tokens, self._rows_R = token_ids_1T.shape[1], rows_R

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.__getitem__:
            _refuse_some_rows(*args)
        if func is torch.Tensor.__getitem__ and self._reads_first(*args):
            x_1T, (_, _, *rest) = args
            first = func(x_1T, (slice(None), self._rows_R)).flatten(0, 1)
            return func(first, (slice(None), *rest)) if rest else first
        return func(*args, **(kwargs or {}))

    def _reads_first(self, x: torch.Tensor, index: Any) -> bool:
        pair = isinstance(index, tuple) and len(index) > 1 and index[0] == slice(None) and type(index[1]) is int
        return pair and index[1] == 0 and x.dim() > 1 and type(x.shape[0]) is int and self._is_batch(x)

    def _is_batch(self, x: torch.Tensor) -> bool:
        size: Any = x.shape[1]
        tokens: Any = self._tokens
        symbolic = isinstance(size, torch.SymInt) and isinstance(tokens, torch.SymInt)
        return x.shape[0] == 1 and symbolic and bool(size.node.expr == tokens.node.expr)


def _refuse_some_rows(x: torch.Tensor, index: Any) -> None:
    """Raises UnsupportedModel where rows of a batch are chosen by a range."""
    first = index[0] if isinstance(index, tuple) and index else index
    batch = x.dim() > 1 and not is_symbolic(x.shape[0]) and x.shape[0] == 1 and any(map(is_symbolic, x.shape[1:]))
    if batch and isinstance(first, slice) and (first.start, first.stop) not in ((None, None), (0, None)):
        raise UnsupportedModel("Some rows of a call are chosen, which callers cannot share a step with.")
