"""Making and reading ops of the `aweigh` dialect, by the names of their operands and attributes."""

from collections.abc import Mapping, Sequence
from typing import Any

from aweigh.compiler.dialect.definition import NAMESPACE, shapes
from aweigh.kernels import mlir

# What an attribute may be on the Python side; a Repeated one differs per iteration.
Plain = bool | int | float | str | list["Plain"] | tuple["Plain", ...]


LIST_OF_TENSORS = "!torch.list<vtensor>"


class Repeated(tuple[Any, ...]):
    """Items of #aweigh.table."""

    __slots__ = ()


def build(
    name: str,
    operands: Mapping[str, Any],
    attributes: Mapping[str, Plain | Repeated | None],
    results: Sequence[Any],
) -> list[Any]:
    """Creates `aweigh.<name>` at the current insertion point.

    `operands` maps names to an `ir.Value`, a sequence of them where the op takes a list (which is made here), or None where it is
    absent. Attributes that are None are left out. `results` are types. Returns the results, a list unpacked.
    """
    ir = mlir.ir
    shape = shapes()[name]
    known = {entry.name for entry in shape.operands}
    assert set(operands) <= known, f"aweigh.{name} has no operands {sorted(set(operands) - known)}"
    values: list[Any] = []
    sizes: list[int] = []
    for entry in shape.operands:
        given = operands.get(entry.name)
        if given is None or (entry.optional and entry.is_list and not given):
            sizes.append(0)
            continue
        values.append(pack(given) if isinstance(given, list | tuple) else given)
        sizes.append(1)
    named = {key: attribute(value) for key, value in attributes.items() if value is not None}
    if shape.segments:
        named["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get(sizes)
    lists = any(entry.is_list for entry in shape.results)
    types = [ir.Type.parse(LIST_OF_TENSORS)] if lists else list(results)
    op = ir.Operation.create(f"{NAMESPACE}.{name}", results=types, operands=values, attributes=named)
    return unpack(op.results[0], results) if lists else list(op.results)


def pack(values: Sequence[Any]) -> Any:
    """A list of tensors."""
    return mlir.ir.Operation.create(
        "torch.prim.ListConstruct", results=[mlir.ir.Type.parse(LIST_OF_TENSORS)], operands=list(values)
    ).result


def unpack(value: Any, types: Sequence[Any]) -> list[Any]:
    """The tensors of a list."""
    return list(mlir.ir.Operation.create("torch.prim.ListUnpack", results=list(types), operands=[value]).results)


def packed(value: Any) -> list[Any]:
    """The values that `pack` made into a list."""
    assert value.owner.name == "torch.prim.ListConstruct", "a list that is not made in sight"
    return list(value.owner.operands)


def operands(op: Any) -> dict[str, Any]:
    """The operands of an aweigh op by name: a value, the values of a list, or None (an empty list) where an optional one is absent."""
    shape = shapes()[op.name.removeprefix(f"{NAMESPACE}.")]
    values = list(op.operands)
    sizes = [int(size) for size in op.attributes["operandSegmentSizes"]] if shape.segments else [1] * len(values)
    answer: dict[str, Any] = {}
    for entry, size in zip(shape.operands, sizes, strict=True):
        given = values.pop(0) if size else None
        answer[entry.name] = (packed(given) if size else []) if entry.is_list else given
    return answer


def attributes(op: Any, *, marks: bool = False) -> dict[str, Any]:
    """The attributes of an op as Python values, without segment sizes; with `marks` also notes that passes leave ("aweigh.residual")."""
    names = [key for key in op.attributes if not key.endswith("SegmentSizes") and (marks or "." not in key)]
    return {key: plain(op.attributes[key]) for key in names}


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
