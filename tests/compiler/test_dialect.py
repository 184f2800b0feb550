"""The dialect is verified by MLIR itself, and what is built can be read back."""

import pytest

from aweigh.compiler.dialect import build as b
from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.definition import load, new_context, shapes
from aweigh.kernels import mlir
from aweigh.proto.dtypes import DType
from aweigh.proto.ops import OPS

WEIGHT = '%w = "aweigh.weight"() {name = "w"} : () -> !torch.vtensor<[4],f32>\n'
REFUSED = {
    "a missing attribute": '"aweigh.activation"(%w) : (!torch.vtensor<[4],f32>) -> !torch.vtensor<[4],f32>',
    "a missing operand": '"aweigh.activation"() {name = "silu"} : () -> !torch.vtensor<[4],f32>',
    "an operand too many": '"aweigh.activation"(%w, %w) {name = "silu"} : (!torch.vtensor<[4],f32>, !torch.vtensor<[4],f32>)'
    " -> !torch.vtensor<[4],f32>",
    "an unknown attribute": '"aweigh.activation"(%w) {name = "silu", speed = 9} : (!torch.vtensor<[4],f32>)'
    " -> !torch.vtensor<[4],f32>",
    "a result that is no tensor": '"aweigh.activation"(%w) {name = "silu"} : (!torch.vtensor<[4],f32>) -> !torch.int',
    "an unknown op": '"aweigh.fly"(%w) : (!torch.vtensor<[4],f32>) -> !torch.vtensor<[4],f32>',
    "segments that do not add up": '"aweigh.rms_norm"(%w) {epsilon = 1.0, operandSegmentSizes = array<i32: 1, 1>} : '
    "(!torch.vtensor<[4],f32>) -> !torch.vtensor<[4],f32>",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_the_verifier_rejects(text: str) -> None:
    with pytest.raises(mlir.ir.MLIRError):
        mlir.ir.Module.parse(f"{WEIGHT}%y = {text}", new_context())


def test_every_op_of_a_program_is_in_the_dialect() -> None:
    assert set(OPS) <= set(shapes())
    context = new_context()
    assert all(context.is_registered_operation(f"aweigh.{name}") for name in shapes())
    load(context)  # a second time does nothing


def test_built_ops_are_read_back() -> None:
    with new_context(), mlir.ir.Location.unknown():
        module = mlir.ir.Module.create()
        kind = tensors.write(tensors.TensorShape((1, None, 4), DType.BFLOAT16))
        with mlir.ir.InsertionPoint(module.body):
            (x,) = b.build("weight", {}, {"name": b.Repeated(("a", "b"))}, [kind])
            ys = b.build("merged_linear", {"x": x, "weights": [x, x]}, {}, [kind, kind])
            b.build("rms_norm", {"x": ys[0], "weight": None}, {"epsilon": 0.5, "offset": None}, [kind])
        assert module.operation.verify()
        weight, _, merged, unpacked, norm = (op.operation for op in module.body.operations)
        assert b.attributes(weight) == {"name": b.Repeated(("a", "b"))}
        assert b.operands(merged) == {"x": x, "weights": [x, x], "biases": []}
        assert b.operands(norm) == {"x": unpacked.results[0], "weight": None}
        assert b.attributes(norm) == {"epsilon": 0.5}
        assert tensors.read(x) == tensors.TensorShape((1, None, 4), DType.BFLOAT16)
        assert str(mlir.ir.Module.parse(str(module))) == str(module)


@pytest.mark.parametrize("value", [True, 7, -1, 0.25, "text", [1, [2.0, "x"], False], b.Repeated((1, 2))])
def test_attributes_round_trip(value: b.Plain) -> None:
    with new_context():
        found = b.plain(b.attribute(value))
        assert found == value and type(found) is type(value)


def test_constants_are_seen_through_lists() -> None:
    text = """func.func @f(%x: !torch.int) -> !torch.list<int> {
      %a = torch.constant.int 3
      %none = torch.constant.none
      %known = torch.prim.ListConstruct %a, %a : (!torch.int, !torch.int) -> !torch.list<int>
      %unknown = torch.prim.ListConstruct %a, %x : (!torch.int, !torch.int) -> !torch.list<int>
      return %known : !torch.list<int> }"""
    module = mlir.ir.Module.parse(text, new_context())
    ops = read.operations(read.body(read.functions(module)[0]))
    found = [read.constant(op.results[0]) for op in ops[:-1]]
    assert found == [3, None, [3, 3], read.UNKNOWN]
