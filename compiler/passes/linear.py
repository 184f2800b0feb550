"""Products with a weight matrix: every way in which torch says them becomes `aweigh.linear`."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.passes.pattern import Found, Pattern, anything, bind, equals, one_of, op, weight
from aweigh.compiler.passes.replace import raised

_TURNED = one_of(
    op("torch.aten.t", weight("weight")),
    op("torch.aten.transpose.int", weight("weight"), equals(0, -2), equals(1, -1)),
    op("torch.aten.transpose.int", weight("weight"), equals(1, -1), equals(0, -2)),
    op("torch.aten.permute", weight("weight"), equals([1, 0])),
)
_BIAS = one_of(equals(None), weight("bias"))
_FLAT = op("torch.aten.reshape", bind("x"), anything)

_PLAIN = op("torch.aten.linear", bind("x"), weight("weight"), _BIAS)
_TURNED_PRODUCT = op(("torch.aten.mm", "torch.aten.matmul"), bind("x"), _TURNED)


def _flat_product(x: Pattern, matrix: Pattern) -> Pattern:
    return one_of(
        op("torch.aten.addmm", weight("bias"), x, matrix, equals(1), equals(1)),
        op("torch.aten.mm", x, matrix),
    )


_FOLDED = (
    (op("torch.aten.reshape", _flat_product(_FLAT, _TURNED)), False),
    (op("torch.aten.reshape", _flat_product(_FLAT, weight("weight"))), True),
)
_UNFOLDED = ((_flat_product(bind("x"), _TURNED), False), (_flat_product(bind("x"), weight("weight")), True))


@dataclass(frozen=True, slots=True)
class Linear:
    """`aten.linear`, `mm` and `matmul` with a transposed weight, `addmm`, and products that are folded to two dimensions and back (the
    Conv1D of GPT-2, whose weight is [in, out]: `transposed`), over a weight and without or with a weight as bias."""

    name: str = "linear"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if read.kind(entry) in _ROOTS:
                    _raise(entry)


_ROOTS = frozenset(
    {"torch.aten.linear", "torch.aten.mm", "torch.aten.matmul", "torch.aten.addmm", "torch.aten.reshape"}
)


def _raise(root: Any) -> None:
    value = root.results[0]
    found, turned = _match(root, value)
    if found is None:
        return
    operands = {"x": found["x"], "weight": found["weight"], "bias": found.get("bias")}
    raised(root, "linear", operands, {"transposed": turned or None}, [value])


def _match(root: Any, value: Any) -> tuple[Found | None, bool]:
    """What was bound, and whether the weight is [in, out]."""
    if root.name == "torch.aten.reshape":
        found, turned = _first(_FOLDED, value)
        return (found, turned) if found is not None and _same_rows(found["x"], value) else (None, False)
    plain = _PLAIN(value, {}) or _TURNED_PRODUCT(value, {})
    if plain is not None or _folded_later(root):
        return plain, False
    return _first(_UNFOLDED, value)


def _first(forms: tuple[tuple[Pattern, bool], ...], value: Any) -> tuple[Found | None, bool]:
    for pattern, turned in forms:
        found = pattern(value, {})
        if found is not None:
            return found, turned
    return None, False


def _same_rows(x: Any, y: Any) -> bool:
    before, after = tensors.read(x), tensors.read(y)
    return before is not None and after is not None and before.dims[:-1] == after.dims[:-1]


def _folded_later(root: Any) -> bool:
    """Whether the product is only the middle of one that is folded and unfolded."""
    return all(
        user.name == "torch.aten.reshape" and any(pattern(user.results[0], {}) for pattern, _ in _FOLDED)
        for user in read.users(root.results[0])
    )
