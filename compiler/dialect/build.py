"""Making and reading ops of the `aweigh` dialect, by the names of their operands and attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from aweigh.compiler.dialect.definition import NAMESPACE, shapes
from aweigh.kernels import mlir

# What an attribute may be on the Python side; a Repeated one differs per iteration.
Plain = bool | int | float | str | list["Plain"] | tuple["Plain", ...]


class Repeated(tuple[Any, ...]):
    """Items of #aweigh.table."""

    __slots__ = ()


def build(
    name: str,
    operands: Mapping[str, Any],
    attributes: Mapping[str, Plain | Repeated | None],
    results: Sequence[Any],
) -> Any:
    """Creates `aweigh.<name>` at the current insertion point.

    `operands` maps names to an `ir.Value`, a sequence of them where the op takes a list, or None where it is absent. Attributes that
    are None are left out. Returns the `ir.Operation`.
    """
    ir = mlir.ir
    shape = shapes()[name]
    known = {operand for operand, _ in shape.operands}
    assert set(operands) <= known, f"aweigh.{name} has no operands {sorted(set(operands) - known)}"
    values: list[Any] = []
    sizes: list[int] = []
    for operand, kind in shape.operands:
        given = operands.get(operand)
        entries = list(given or ()) if kind == "variadic" else [] if given is None else [given]
        values += entries
        sizes.append(len(entries))
    named = {key: attribute(value) for key, value in attributes.items() if value is not None}
    if shape.segments and len(shape.operands) > 1:
        named["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get(sizes)
    return ir.Operation.create(
        f"{NAMESPACE}.{name}", results=list(results), operands=values, attributes=named, regions=shape.regions
    )


def operands(op: Any) -> dict[str, Any]:
    """The operands of an aweigh op by name: a value, a list, or None where an optional one is absent."""
    shape = shapes()[op.name.removeprefix(f"{NAMESPACE}.")]
    values = list(op.operands)
    if shape.segments and len(shape.operands) > 1:
        sizes = [int(size) for size in op.attributes["operandSegmentSizes"]]
    elif shape.segments:
        sizes = [len(values)]
    else:
        sizes = [1] * len(shape.operands)
    answer: dict[str, Any] = {}
    start = 0
    for (operand, kind), size in zip(shape.operands, sizes, strict=True):
        part = values[start : start + size]
        start += size
        answer[operand] = part if kind == "variadic" else part[0] if part else None
    return answer


def attributes(op: Any) -> dict[str, Any]:
    """The attributes of an aweigh op as Python values, without segment sizes."""
    return {key: plain(op.attributes[key]) for key in op.attributes if not key.endswith("SegmentSizes")}


def attribute(value: Plain | Repeated) -> Any:
    """The `ir.Attribute` for a Python value. A bool is told from an int."""
    ir = mlir.ir
    if isinstance(value, bool):
        return ir.BoolAttr.get(value)
    if isinstance(value, int):
        return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
    if isinstance(value, float):
        return ir.FloatAttr.get_f64(value)
    if isinstance(value, str):
        return ir.StringAttr.get(value)
    items = ir.ArrayAttr.get([attribute(item) for item in value])
    if isinstance(value, Repeated):
        return ir.DynamicAttr.get(f"{NAMESPACE}.table", [items])
    return items


def plain(value: Any) -> Any:
    """The Python value of an `ir.Attribute`: the inverse of `attribute`."""
    ir = mlir.ir
    if isinstance(value, ir.BoolAttr | ir.FloatAttr | ir.StringAttr):
        return value.value
    if isinstance(value, ir.IntegerAttr):
        if str(value.type).startswith("si"):
            return value.value
        return bool(value.value) if str(value.type) == "i1" else value.value
    if isinstance(value, ir.ArrayAttr):
        return [plain(item) for item in value]
    if str(value).startswith(f"#{NAMESPACE}.table<"):
        return Repeated(plain(ir.ArrayAttr(ir.DynamicAttr(value).params[0])))
    raise AssertionError(f"no Python value for {value}")
