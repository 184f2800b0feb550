"""Residual sums, folded into the norm that reads them."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attributes, operands
from aweigh.compiler.passes.pattern import bind, equals, op
from aweigh.compiler.passes.replace import raised

_SUM = op("torch.aten.add.Tensor", bind("left"), bind("right"), equals(1))
_NORMS = {"aweigh.rms_norm": "add_rms_norm", "aweigh.layer_norm": "add_layer_norm"}


@dataclass(frozen=True, slots=True)
class AddNorm:
    """A norm of `left + right`, both of one type -> `aweigh.add_rms_norm` or `aweigh.add_layer_norm`, which gives the sum too.

    The operand that was there first is the residual. Addition commutes exactly, so the choice is one of names. Of several norms over one sum
    the first takes it.
    """

    name: str = "add_norm"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if entry.name in _NORMS:
                    _fold(entry)


def _fold(norm: Any) -> None:
    given = operands(norm)
    found = _SUM(given["x"], {})
    if found is None:
        return
    left, right, total = found["left"], found["right"], given["x"]
    if (
        not (left.type == right.type == total.type)
        or (shape := tensors.read(total)) is None
        or not shape.dtype.floating
    ):
        return
    add = read.producer(total)
    residual, x = (left, right) if _earlier(left, right) else (right, left)
    rest = {name: value for name, value in given.items() if name != "x"}
    # At the place of the sum, since others may read it before the norm.
    raised(add, _NORMS[norm.name], {"x": x, "residual": residual, **rest}, attributes(norm), [norm.results[0], total])


def _earlier(left: Any, right: Any) -> bool:
    first, second = read.producer(left), read.producer(right)
    if first is None or second is None:
        return first is None
    return bool(first.block == second.block and first.is_before_in_block(second))
