"""Emission: Programs that the verifier takes, expressions for sizes, loops with tables, refusals by name."""

import dataclasses
import itertools
from typing import Any

import pytest
from tests.compiler.modules import MODELS, model_text, parse

from aweigh.compiler import pipeline
from aweigh.compiler.emit.program import Emitted, emit
from aweigh.compiler.emit.slots import table
from aweigh.kernels import mlir
from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_from_message, program_to_message
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Operation, Operator, Symbol
from aweigh.proto.ops import STATEFUL
from aweigh.proto.program import Block, KeyValueState, Op, Program, RecurrentState, Slot, Table, TensorType
from aweigh.proto.verify import verify

TOKENS = Symbol(0)


def compiled(text: str) -> Emitted:
    module = parse(text)
    pipeline.run(module, pipeline.passes())
    with module.context, mlir.ir.Location.unknown():
        return emit(module)


def loops(program: Program) -> list[Block]:
    return [block for block in program.function("body").blocks if block.repeat > 1]


def attribute(op: Op, name: str) -> Any:
    return dict(op.attributes)[name]


@pytest.mark.parametrize("name", MODELS)
def test_every_model_becomes_a_program_that_survives_the_wire(name: str) -> None:
    emitted = compiled(model_text(name))
    verify(emitted.program)
    assert program_from_message(program_to_message(emitted.program)) == emitted.program
    assert len(emitted.names) == len(emitted.program.slots) == len(set(emitted.names))
    kinds = [op.kind for function in emitted.program.functions for block in function.blocks for op in block.ops]
    keepers = [index for index, kind in enumerate(kinds) if kind in STATEFUL]
    assert keepers and "aten.softmax.int" not in kinds[: keepers[0]]


def test_what_a_layer_keeps_follows_from_its_operands() -> None:
    states = compiled(model_text("qwen3_next")).program.states
    conv, scan, *_, attend = states
    assert conv == RecurrentState(DType.FLOAT32, (128, 3))
    assert scan == RecurrentState(DType.FLOAT32, (4, 16, 16))
    assert isinstance(attend, KeyValueState)


def test_llama_is_one_loop() -> None:
    program = compiled(model_text("llama")).program
    (loop,) = loops(program)
    weights = [op for op in loop.ops if op.kind == "weight"]
    assert loop.repeat == 2 and all(isinstance(attribute(op, "slot"), Table) for op in weights)
    assert [op.kind for op in loop.ops if op.kind in ("merged_linear", "attend", "add_rms_norm", "gated_mlp")] == [
        "merged_linear",
        "attend",
        "add_rms_norm",
        "gated_mlp",
        "add_rms_norm",
    ]
    assert program.states == (KeyValueState(2, 16, 16, DType.FLOAT32),) * 2
    (attend,) = (op for op in loop.ops if op.kind == "attend")
    assert attribute(attend, "state") == Table((0, 1))
    assert attend.results == (TensorType(DType.FLOAT32, (1, TOKENS, 4, 16)),)


def test_a_layers_slots_are_neighbours() -> None:
    names = [name for name in compiled(model_text("llama")).names if ".layers." in name]
    layers = [int(name.split(".")[2]) for name in names]
    assert sum(a != b for a, b in itertools.pairwise(layers)) <= 4


def test_local_and_global_layers_are_one_body_of_two() -> None:
    (loop,) = loops(compiled(model_text("gemma3_text")).program)
    attends = [op for op in loop.ops if op.kind == "attend"]
    assert loop.repeat == 2 and len(attends) == 2
    assert [dict(op.attributes).get("window") for op in attends] == [8, None]
    assert [attribute(op, "state") for op in attends] == [Table((0, 2)), Table((1, 3))]


def test_names_are_no_part_of_the_fingerprint() -> None:
    text = model_text("llama")
    first, second = compiled(text), compiled(text.replace("self_attn", "attention"))
    assert first.names != second.names
    assert fingerprint(first.program) == fingerprint(second.program)
    other = compiled(text.replace("2.500000e-01", "5.000000e-01"))
    assert fingerprint(other.program) != fingerprint(first.program)


def test_tied_weights_share_a_slot() -> None:
    emitted = compiled(model_text("llama"))
    slots = [
        attribute(op, "slot")
        for name in ("embed", "head")
        for block in emitted.program.function(name).blocks
        for op in block.ops
        if op.kind == "weight"
    ]
    assert slots == [0, 0] and emitted.program.slots[0] == Slot(DType.FLOAT32, (256, 64))


MAIN = """func.func @main(%ids: !torch.vtensor<[1,?],si64>, %p: !torch.vtensor<[1,?],si64>, %rows: !torch.vtensor<[?],si64>)
    -> !torch.vtensor<[1,?,4],f32> {{
  %one = torch.constant.int 1
  %two = torch.constant.int 2
  %minus = torch.constant.int -1
  %w = "aweigh.weight"() {{name = "w"}} : () -> !torch.vtensor<[9,4],f32>
  %e = "aweigh.embedding"(%ids, %w) : (!torch.vtensor<[1,?],si64>, !torch.vtensor<[9,4],f32>) -> !torch.vtensor<[1,?,4],f32>
  {ops}
  %c = torch.aten.index_select %y, %one, %rows : !torch.vtensor<[1,?,4],f32>, !torch.int, !torch.vtensor<[?],si64> -> !torch.vtensor<[1,?,4],f32>
  return %c : !torch.vtensor<[1,?,4],f32>
}}"""


def test_sizes_are_expressions() -> None:
    ops = """%t = torch.aten.size.int %p, %one : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
      %n = torch.aten.mul.int %t, %two : !torch.int, !torch.int -> !torch.int
      %s = torch.prim.ListConstruct %n, %two : (!torch.int, !torch.int) -> !torch.list<int>
      %f = torch.aten.reshape %e, %s : !torch.vtensor<[1,?,4],f32>, !torch.list<int> -> !torch.vtensor<[?,2],f32>
      %g = torch.aten.tanh %f : !torch.vtensor<[?,2],f32> -> !torch.vtensor<[?,2],f32>
      %four = torch.constant.int 4
      %b = torch.prim.ListConstruct %one, %minus, %four : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
      %y = torch.aten.reshape %g, %b : !torch.vtensor<[?,2],f32>, !torch.list<int> -> !torch.vtensor<[1,?,4],f32>"""
    program = compiled(MAIN.format(ops=ops)).program
    twice = Operation(Operator.MULTIPLY, TOKENS, 2)
    found = [
        op for function in program.functions for block in function.blocks for op in block.ops if "reshape" in op.kind
    ]
    assert attribute(found[0], "shape") == (twice, 2) and found[0].results[0].dims == (twice, 2)
    assert attribute(found[1], "shape") == (1, -1, 4) and found[1].results[0].dims == (1, TOKENS, 4)


@pytest.mark.parametrize(
    ("ops", "sentence"),
    [
        (
            "%y = torch.aten.bernoulli %e, %none : !torch.vtensor<[1,?,4],f32>, !torch.none -> !torch.vtensor<[1,?,4],f32>",
            "aten.bernoulli.default",
        ),
        (
            '%y = torch.operator "torch.my.op"(%e) : (!torch.vtensor<[1,?,4],f32>) -> !torch.vtensor<[1,?,4],f32>',
            "torch.my.op",
        ),
    ],
)
def test_what_is_not_in_the_list_is_refused_by_name(ops: str, sentence: str) -> None:
    with pytest.raises(UnsupportedModel, match=sentence):
        compiled(MAIN.format(ops=f"%none = torch.constant.none\n  {ops}"))


def test_tables_have_the_shortest_period() -> None:
    assert table([1, 1, 1]) == 1
    assert table([1, 2, 1, 2]) == Table((1, 2))
    assert table([1, 2, 1]) == Table((1, 2, 1))
    assert dataclasses.is_dataclass(Table)


def test_tensors_made_of_nothing_mix_with_others() -> None:
    ops = """%t = torch.aten.size.int %p, %one : !torch.vtensor<[1,?],si64>, !torch.int -> !torch.int
      %none = torch.constant.none
      %float = torch.constant.int 6
      %four = torch.constant.int 4
      %s = torch.prim.ListConstruct %one, %t, %four : (!torch.int, !torch.int, !torch.int) -> !torch.list<int>
      %z = torch.aten.ones %s, %float, %none, %none, %none : !torch.list<int>, !torch.int, !torch.none, !torch.none, !torch.none -> !torch.vtensor<[1,?,4],f32>
      %y = torch.aten.mul.Tensor %z, %e : !torch.vtensor<[1,?,4],f32>, !torch.vtensor<[1,?,4],f32> -> !torch.vtensor<[1,?,4],f32>"""
    program = compiled(MAIN.format(ops=ops)).program
    found = {op.kind: op for function in program.functions for block in function.blocks for op in block.ops}
    assert attribute(found["aten.ones.default"], "size") == (1, TOKENS, 4)
    assert attribute(found["aten.ones.default"], "dtype") is DType.FLOAT32
    assert found["aten.mul.Tensor"].results == (TensorType(DType.FLOAT32, (1, TOKENS, 4)),)
