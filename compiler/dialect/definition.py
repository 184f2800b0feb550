"""The `aweigh` dialect, written in IRDL through the Python bindings, so that MLIR itself verifies it.

The computing ops are taken from `aweigh.proto.ops.OPS`, the one table of names and signatures: operand ``bias?`` becomes an optional
operand, ``weights*`` a list of tensors (`torch.prim.ListConstruct` makes it, as for aten.cat: IRDL's own variadic operands must all be of
one type), and an attribute without ``?`` must be there. IRDL cannot say "may be there", so a second verifier in Python rejects attributes
that the table does not name, and optional operands that do not add up. To these come the ops that only the compiler knows:

    aweigh.weight {name}        a parameter or buffer by its name in the module (in a Program: a slot)
    aweigh.constant {value}     an !torch.int or !torch.float that differs per iteration of a repeat
    aweigh.repeat(initial) {count} ({ body }) -> carried, collected
                                `count` iterations; the body's arguments are the loop-carried values, at first those in `initial`
    aweigh.yield(carried, collected)
                                ends the body: the arguments of the next iteration, and what is gathered from every one

and one attribute, #aweigh.table<[a, b, ...]>: iteration i reads item i % length.

All ops but those that keep state are free of effects, so that canonicalisation and common subexpressions work on them. Rejected: a dialect in C++
(a toolchain in every install), and unregistered ops (nothing would be verified).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aweigh.kernels import mlir
from aweigh.proto.ops import OPS, STATEFUL, Signature

NAMESPACE = "aweigh"
EFFECTFUL = STATEFUL | {"yield"}
KEEPERS = frozenset(f"{NAMESPACE}.{name}" for name in STATEFUL)
"""Names of the ops that read and write a state: what a layer has one or two of."""

TENSOR, LIST = "!torch.vtensor", "!torch.list"


@dataclass(frozen=True, slots=True)
class Entry:
    """An operand or a result."""

    name: str
    is_list: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What an op looks like. `attributes`: those that must be there; `allowed`: all that may."""

    operands: tuple[Entry, ...]
    results: tuple[Entry, ...]
    required: frozenset[str]
    allowed: frozenset[str]
    regions: int = 0
    tensors: bool = True

    @property
    def segments(self) -> bool:
        """Whether the op carries `operandSegmentSizes`."""
        return any(entry.optional for entry in self.operands)


@cache
def shapes() -> dict[str, Shape]:
    """Every op of the dialect by its name without the namespace."""
    table = {name: _from_signature(signature) for name, signature in OPS.items()}
    nothing: frozenset[str] = frozenset()
    name, value, count = frozenset({"name"}), frozenset({"value"}), frozenset({"count"})
    pair = (Entry("carried", is_list=True), Entry("collected", is_list=True))
    table["weight"] = Shape((), (Entry("weight"),), name, name)
    table["constant"] = Shape((), (Entry("value"),), value, value, tensors=False)
    table["repeat"] = Shape((Entry("initial", is_list=True),), pair, count, count, regions=1)
    table["yield"] = Shape(pair, (), nothing, nothing)
    return table


def new_context() -> Any:
    """A fresh `ir.Context` with the torch, func and aweigh dialects loaded."""
    context = mlir.ir.Context()
    load(context)
    return context


def load(context: Any) -> None:
    """Loads the dialects into `context`; does nothing where they are loaded already."""
    mlir.dialect("torch").register_dialect(context)
    with context, mlir.ir.Location.unknown():
        if context.is_dialect_loaded(NAMESPACE):
            return
        mlir.irdl.load_dialects(_definition())
        pure = mlir.dialect("ext").Pure
        for name, shape in shapes().items():
            if name not in EFFECTFUL:
                pure.attach(f"{NAMESPACE}.{name}")
            mlir.ir.DynamicOpTrait.attach(f"{NAMESPACE}.{name}", _verifier(name, shape))
        mlir.ir.IsTerminatorTrait.attach(f"{NAMESPACE}.yield")


def _from_signature(signature: Signature) -> Shape:
    def entry(name: str) -> Entry:
        return Entry(name.rstrip("?*"), "*" in name, "?" in name)

    return Shape(
        tuple(entry(name) for name in signature.operands),
        tuple(entry(name) for name in signature.results),
        frozenset(name for name in signature.attributes if not name.endswith("?")),
        frozenset(name.rstrip("?") for name in signature.attributes),
    )


def _definition() -> Any:
    """An irdl.dialect op with one irdl.operation per entry of `shapes`."""
    irdl, ir = mlir.irdl, mlir.ir
    module = ir.Module.create()
    with ir.InsertionPoint(module.body):
        dialect = irdl.dialect(NAMESPACE)
    with ir.InsertionPoint(dialect.body):
        table = irdl.attribute("table")
        with ir.InsertionPoint(table.body):
            irdl.parameters([irdl.base(base_name="#builtin.array")], ["items"])
        for name, shape in shapes().items():
            operation = irdl.operation_(name)
            with ir.InsertionPoint(operation.body):
                _operation(shape)
    return module


def _operation(shape: Shape) -> None:
    irdl = mlir.irdl

    # One constraint each: a constraint that two operands share would demand equal types.
    def constraint(entry: Entry) -> Any:
        if not shape.tensors:
            return irdl.any()
        return irdl.base(base_name=LIST if entry.is_list else TENSOR)

    def declare(emit: Any, entries: tuple[Entry, ...]) -> None:
        kinds = [irdl.Variadicity.optional if entry.optional else irdl.Variadicity.single for entry in entries]
        emit([constraint(entry) for entry in entries], [entry.name for entry in entries], kinds)

    if shape.operands:
        declare(irdl.operands_, shape.operands)
    if shape.required:
        irdl.attributes_([irdl.any() for _ in shape.required], sorted(shape.required))
    if shape.results:
        declare(irdl.results_, shape.results)
    if shape.regions:
        irdl.regions_([irdl.region([]) for _ in range(shape.regions)], ["body"])


def _verifier(name: str, shape: Shape) -> type:
    allowed = shape.allowed | {"operandSegmentSizes", "resultSegmentSizes"}

    def verify_invariants(op: Any) -> bool:
        strange = [key for key in op.attributes if key not in allowed and "." not in key]
        if strange:
            op.location.emit_error(f"{NAMESPACE}.{name} has no attribute {strange[0]!r}")
            return False
        if shape.segments and not _adds_up(op, shape):
            op.location.emit_error(f"{NAMESPACE}.{name} has operands that do not add up")
            return False
        return True

    return type(f"Verify_{name}", (), {"verify_invariants": staticmethod(verify_invariants)})


def _adds_up(op: Any, shape: Shape) -> bool:
    """Whether the segments say one operand or, where that may be, none for each entry, and as many as there are."""
    sizes = [int(size) for size in op.attributes["operandSegmentSizes"]]
    return sum(sizes) == len(op.operands) and all(
        size == 1 or (size == 0 and entry.optional) for size, entry in zip(sizes, shape.operands, strict=True)
    )
