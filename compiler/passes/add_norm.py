"""Residual sums, folded into the norm that reads them."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attributes, operands
from aweigh.compiler.dialect.definition import KEEPERS
from aweigh.compiler.passes.pattern import Found, bind, equals, op
from aweigh.compiler.passes.replace import raised

_SUM = op("torch.aten.add.Tensor", bind("left"), bind("right"), equals(1))
_NORMS = {"aweigh.rms_norm": "add_rms_norm", "aweigh.layer_norm": "add_layer_norm"}


@dataclass(frozen=True, slots=True)
class AddNorm:
    """A norm of `left + right`, both of one type -> `aweigh.add_rms_norm` or `aweigh.add_layer_norm`, which gives the sum too.

    The operand that was there first is the residual. Addition commutes exactly, so the choice is one of names. Of several norms over one sum
    the first takes it. A single one among several layers (the model's last norm, where layers normalise before they add: OLMo 2) is left,
    or the last layer would look unlike the others.
    """

    name: str = "add_norm"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            ops = read.operations(read.body(function))
            norms = [entry for entry in ops if entry.name in _NORMS and _sum(entry) is not None]
            layers = sum(entry.name in KEEPERS for entry in ops)
            for norm in norms if len(norms) > 1 or layers < 2 else ():
                _fold(norm)


def _sum(norm: Any) -> Found | None:
    """The two operands of the sum that a norm reads, where all are of one type."""
    total = operands(norm)["x"]
    found = _SUM(total, {})
    shape = tensors.read(total)
    if found is None or shape is None or not shape.dtype.floating:
        return None
    return found if found["left"].type == found["right"].type == total.type else None


def _fold(norm: Any) -> None:
    found = _sum(norm)
    if found is None:
        return  # an earlier norm took the sum
    given = operands(norm)
    left, right, total = found["left"], found["right"], given["x"]
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
