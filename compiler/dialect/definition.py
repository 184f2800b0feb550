"""The `aweigh` dialect, written in IRDL through the Python bindings, so that MLIR itself verifies it.

The computing ops are taken from `aweigh.proto.ops.OPS`, the one table of names and signatures: operand ``bias?`` becomes an optional
operand, ``weights*`` a variadic one, and an attribute without ``?`` must be there. IRDL cannot say "may be there", so a second
verifier in Python rejects attributes that the table does not name. To these come the ops that only the compiler knows:

    aweigh.weight {name}                  a parameter or buffer by its name in the module (in a Program: a slot)
    aweigh.constant {value}               an !torch.int or !torch.float that differs per iteration of a repeat
    aweigh.repeat(initial...) {count, collects} ({ body })   `count` iterations; the body's arguments are loop-carried
    aweigh.yield(values..., collected...)  ends the body; the last `collects` operands are gathered from every iteration
    aweigh.call(arguments...) {callee}    a function of the same module

and one attribute, #aweigh.table<[a, b, ...]>: iteration i reads item i % length.

All ops but `attend` are free of effects, so that canonicalisation and common subexpressions work on them. Rejected: a dialect in C++
(a toolchain in every install), and unregistered ops (nothing would be verified).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aweigh.kernels import mlir
from aweigh.proto.ops import OPS, Signature

NAMESPACE = "aweigh"
EFFECTFUL = frozenset({"attend", "yield"})
TENSOR = "!torch.vtensor"


@dataclass(frozen=True, slots=True)
class Shape:
    """What an op looks like: names of operands and results with their variadicity, and of attributes."""

    operands: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    required: frozenset[str]
    allowed: frozenset[str]
    regions: int = 0
    tensors: bool = True

    @property
    def segments(self) -> bool:
        """Whether the op carries `operandSegmentSizes`."""
        return any(kind != "single" for _, kind in self.operands)


@cache
def shapes() -> dict[str, Shape]:
    """Every op of the dialect by its name without the namespace."""
    table = {name: _from_signature(signature) for name, signature in OPS.items()}
    nothing: frozenset[str] = frozenset()
    name, value, callee = frozenset({"name"}), frozenset({"value"}), frozenset({"callee"})
    repeat = frozenset({"count", "collects"})
    table["weight"] = Shape((), (("weight", "single"),), name, name)
    table["constant"] = Shape((), (("value", "single"),), value, value, tensors=False)
    table["repeat"] = Shape(
        (("initial", "variadic"),), (("results", "variadic"),), repeat, repeat, regions=1, tensors=False
    )
    table["yield"] = Shape((("values", "variadic"),), (), nothing, nothing, tensors=False)
    table["call"] = Shape((("arguments", "variadic"),), (("results", "variadic"),), callee, callee, tensors=False)
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
    def entry(name: str) -> tuple[str, str]:
        kind = "variadic" if "*" in name else "optional" if "?" in name else "single"
        return name.rstrip("?*"), kind

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
    def constraint() -> Any:
        return irdl.base(base_name=TENSOR) if shape.tensors else irdl.any()

    def variadicity(kind: str) -> Any:
        return getattr(irdl.Variadicity, kind)

    if shape.operands:
        kinds = [variadicity(kind) for _, kind in shape.operands]
        irdl.operands_([constraint() for _ in shape.operands], [name for name, _ in shape.operands], kinds)
    if shape.required:
        irdl.attributes_([irdl.any() for _ in shape.required], sorted(shape.required))
    if shape.results:
        kinds = [variadicity(kind) for _, kind in shape.results]
        irdl.results_([constraint() for _ in shape.results], [name for name, _ in shape.results], kinds)
    if shape.regions:
        irdl.regions_([irdl.region([]) for _ in range(shape.regions)], ["body"])


def _verifier(name: str, shape: Shape) -> type:
    allowed = shape.allowed | {"operandSegmentSizes", "resultSegmentSizes"}

    def verify_invariants(op: Any) -> bool:
        strange = [key for key in op.attributes if key not in allowed]
        if strange:
            op.location.emit_error(f"{NAMESPACE}.{name} has no attribute {strange[0]!r}")
        return not strange

    return type(f"Verify_{name}", (), {"verify_invariants": staticmethod(verify_invariants)})
