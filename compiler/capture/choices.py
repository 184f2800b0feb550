"""Rows chosen by the data, as modelling code writes experts and adapters, become all rows and a mask: shapes no longer depend on data.

Legend: N rows (tokens), A choices a row, E experts.

    for expert in (chosen_NAE.sum(...) > 0).nonzero():            every expert, whether anybody chose it or not
        place, row = torch.where(chosen_AN)                      opaque: stands for "the rows that chose it"
        y = f(x[row]) * weight[row, place, None]                 all rows; those that did not choose it weigh nothing
        out.index_add_(0, row, y)                                out += y
    out[mask] = f(x[mask])                                       out = where(mask, f(x), out)

Costs E/A times the products of the choice, in modelling code that has no batched form. It is right as long as what happens between
reading and writing treats rows alike, which `locality.py` proves of the finished graph for tokens. Only what cannot be traced as it is
written comes here: see `capture.py`.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from aweigh.compiler.capture.locality import is_symbolic


class Place:
    """An expert's number, as an element of what `nonzero` returns."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __getitem__(self, index: int) -> "Place":
        return self

    def item(self) -> int:
        """The number."""
        return self.number


class Chosen:
    """The rows (`along` 1) or the places among a row's choices (`along` 0) at which `mask_AN` holds."""

    def __init__(self, mask_AN: torch.Tensor, along: int) -> None:
        self.mask_AN, self.along = mask_AN, along

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return NotImplemented

    def numel(self) -> int:
        """Never 0: nobody skips an expert."""
        return 1


def _is_mask(index: Any) -> bool:
    return isinstance(index, torch.Tensor) and index.dtype == torch.bool


def _where(condition: torch.Tensor, *others: Any) -> Any:
    if others or condition.dim() != 2 or not is_symbolic(condition.shape[1]) or is_symbolic(condition.shape[0]):
        return NotImplemented
    return Chosen(condition, 0), Chosen(condition, 1)


def _nonzero(condition: torch.Tensor, as_tuple: bool = False) -> Any:
    if as_tuple or condition.dim() != 1 or is_symbolic(condition.shape[0]):
        return NotImplemented
    return [Place(number) for number in range(condition.shape[0])]


class AllRows(TorchFunctionMode):
    """Inside, choices of rows by the data are written as all rows and a mask."""

    def __init__(self) -> None:
        super().__init__()
        self._read_through: dict[int, torch.Tensor] = {}
        self._written: set[int] = set()
        self._rules: dict[Any, Callable[..., Any]] = {
            torch.Tensor.__getitem__: self._read,
            torch.Tensor.__setitem__: self._write,
            torch.Tensor.index_add_: self._add,
            torch.where: _where,
            torch.nonzero: _nonzero,
            torch.Tensor.nonzero: _nonzero,
        }

    def settled(self) -> bool:
        """Whether rows were chosen, and whatever was read through a mask was also written through it."""
        return bool(self._written) and self._written >= self._read_through.keys()

    def unused(self) -> bool:
        """Whether no rows were chosen."""
        return not self._read_through and not self._written

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        rule = self._rules.get(func)
        made = NotImplemented if rule is None else rule(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {})) if made is NotImplemented else made

    def _through(self, mask: torch.Tensor) -> None:
        self._read_through[id(mask)] = mask  # held, so that the id stays its own

    def _read(self, source: torch.Tensor, index: Any) -> Any:
        if isinstance(index, Place):  # masks have a row for an expert that does not exist and that nobody chooses
            return source[min(index.number, int(source.shape[0]) - 1)]
        if isinstance(index, Chosen) and index.along == 1:
            self._through(index.mask_AN)
            return source
        if _is_mask(index) and index.dim() < source.dim():
            self._through(index)
            return source
        chosen = isinstance(index, tuple) and len(index) > 1 and all(isinstance(part, Chosen) for part in index[:2])
        if chosen and index[0].mask_AN is index[1].mask_AN and (index[0].along, index[1].along) == (1, 0):
            weight_N = (source * index[0].mask_AN.transpose(0, 1).to(source.dtype)).sum(1)
            return weight_N[(slice(None), *index[2:])]
        return NotImplemented

    def _write(self, target: torch.Tensor, index: Any, value: Any) -> Any:
        if not _is_mask(index) or not isinstance(value, torch.Tensor) or value.shape != target.shape:
            return NotImplemented
        mask = index.reshape(*index.shape, *[1] * (target.dim() - index.dim()))
        target.copy_(torch.where(mask, value, target))
        self._written.add(id(index))
        return None

    def _add(self, target: torch.Tensor, dim: int, index: Any, value: torch.Tensor) -> Any:
        if not isinstance(index, Chosen) or index.along != 1 or dim != 0:
            return NotImplemented
        self._written.add(id(index.mask_AN))
        return target.add_(value)
