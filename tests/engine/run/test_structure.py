"""What a structure refuses, what its plans leave out, and that equal work is done once."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tests.engine.llama import Shape, Writer, program

from aweigh.engine.run.structure import Structure
from aweigh.kernels import load as load_kernels
from aweigh.kernels.weight import tensor_of
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest, ProgramInvalid
from aweigh.proto.expression import Operation, Operator, Symbol
from aweigh.proto.flat import flatten
from aweigh.proto.program import (
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    KeyValueState,
    Op,
    Program,
    Slot,
    Table,
    TensorType,
)

T = Symbol(0)
F32 = DType.FLOAT32
KERNELS = load_kernels("reference")
UNPAGED: Any = SimpleNamespace(paging=None)  # weights of a function that reads none


def structure(made: Program) -> Structure:
    return Structure(made, b"f", KERNELS, torch.device("cpu"))


def rows(size: int = 4) -> TensorType:
    return TensorType(F32, (1, T, size))


def one(
    *ops: Op, value: int, inputs: tuple[FunctionInput, ...] = (FunctionInput("x", rows()),), **rest: Any
) -> Program:
    """A Program of one function "f"."""
    first = len(inputs) + sum(len(op.results) for op in ops)
    block = Block(ops, yields=(value,))
    function = Function("f", ("T",), inputs, (block,), (FunctionOutput("y", first),))
    return Program(rest.get("slots", ()), (), (function,))


def test_layers_become_few_steps() -> None:
    made = program(Shape(layers=5))
    flat = flatten(made, made.function("body"))
    plan = structure(made).plan("body")
    assert len(plan.steps) < 12 * 5 + 15
    assert len(plan.steps) < len(flat.instructions), "views that meet their opposite are gone"
    assert set(plan.reads) == set(range(1, len(made.slots) - 1))


def test_what_repeats_without_change_runs_once() -> None:
    w = Writer(("x", rows()))
    argument = w.block((0,))
    same = w.op("aten.cos.default", (0,), rows())
    total = w.op("aten.add.Tensor", (argument, same), rows())
    block, first = w.end(6, (0,), (total,))
    function = Function("f", ("T",), w.inputs, (block,), (FunctionOutput("y", first),))
    made = Program((), (), (function,))
    kinds = [instruction.kind for instruction in flatten(made, function).instructions]
    assert kinds.count("aten.cos.default") == 1 and kinds.count("aten.add.Tensor") == 6


def test_attributes_that_are_equal_numbers_stay_apart() -> None:
    full = [
        Op("aten.full.default", (), (TensorType(dtype, (2,)),), (("fill_value", value), ("size", (2,))))
        for dtype, value in ((DType.INT64, 1), (F32, 1.0), (DType.BOOL, True))
    ]
    made = one(*full, value=1)
    assert len(flatten(made, made.functions[0]).instructions) == 3
    structure(made)


def test_tables_differ_by_iteration() -> None:
    w = Writer(("x", rows()))
    argument = w.block((0,))
    scaled = w.op("aten.mul.Scalar", (argument,), rows(), other=Table((2.0, 3.0)))
    block, first = w.end(4, (0,), (scaled,), (scaled,))
    function = Function("f", ("T",), w.inputs, (block,), (FunctionOutput("y", first), FunctionOutput("all", first + 1, True)))  # fmt: skip
    made = structure(Program((), (), (function,)))
    plan = made.plan("f", ["all"])
    from aweigh.engine.run.model import Bound

    found = Bound(plan, made, UNPAGED).run([torch.ones(1, 3, 4)])
    assert bool((found["y"] == 36.0).all())
    assert found["all"][:, 0, 0, 0].tolist() == [2.0, 6.0, 12.0, 36.0]
    with pytest.raises(InvalidRequest):
        made.plan("f", ["nothing"])


@pytest.mark.parametrize("count", [Operation(Operator.MULTIPLY, T, 2), Operation(Operator.FLOOR_DIVIDE, T, 2)])
def test_attention_over_other_rows_than_the_step_s_tokens_is_refused(count: Operation) -> None:
    heads = FunctionInput("heads", TensorType(F32, (1, 1, count, 4)))
    op = Op("attend", (1, 1, 1), (TensorType(F32, (1, count, 1, 4)),), (("scale", 1.0), ("state", 0)))
    inputs = (FunctionInput("x", rows()), heads)
    made = one(op, value=2, inputs=inputs)
    made = dataclasses.replace(made, states=(KeyValueState(1, 4, 4, F32),))
    with pytest.raises(ProgramInvalid, match="one row per token"):
        structure(made)


@pytest.mark.parametrize(
    ("op", "why"),
    [
        (Op("aten.cos.default", (0,), (rows(5),)), "declares"),
        (Op("aten.cos.default", (0,), (TensorType(DType.BFLOAT16, (1, T, 4)),)), "declares"),
        (Op("aten.cos.default", (0,), (TensorType(F32, (1, 3, 4)),)), "declares"),
        (Op("aten.cos.default", (), (rows(),)), "operand"),
        (Op("aten.cos.default", (0,), (rows(),), (("dim", 1),)), "schema"),
        (Op("aten.add.Tensor", (0,), (rows(),)), "operand"),
        (Op("aten.sum.dim_IntList", (0,), (rows(),), (("dim", (7,)),)), "fit"),
        (Op("aten.split.Tensor", (0,), (rows(2),), (("dim", 2), ("split_size", 2))), "results"),
        (Op("aten.reshape.default", (0,), (rows(),), (("shape", (1, Operation(Operator.FLOOR_DIVIDE, T, 0), 4)),)), "zero"),
        (Op("linear", (0, 0), (rows(),)), "fit"),
        (Op("activation", (0,), (rows(),), (("name", "nothing"),)), "activation"),
        (Op("aten.one_hot.default", (0,), (rows(),)), "fit"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(op: Op, why: str) -> None:
    with pytest.raises(ProgramInvalid, match=why):
        structure(one(op, value=1))


def test_sizes_are_bounded() -> None:
    huge = Op("aten.zeros.default", (), (TensorType(F32, (1 << 30, T)),), (("size", (1 << 30, T)),))
    with pytest.raises(ProgramInvalid, match="bytes"):
        structure(one(huge, value=1))
    long = Op("aten.cos.default", (1,), (rows(),))
    block = Block((long,), 4096, (0,), (2,))
    blocks = []
    value = 0
    for _ in range(120):
        blocks.append(dataclasses.replace(block, initial=(value,), ops=(dataclasses.replace(long, operands=(value + 1,)),), yields=(value + 2,)))  # fmt: skip
        value += 3
    function = Function("f", ("T",), (FunctionInput("x", rows()),), tuple(blocks), (FunctionOutput("y", value),))
    with pytest.raises(ProgramInvalid, match="ops"):
        structure(Program((), (), (function,)))


def test_a_symbol_that_no_input_shows_is_refused() -> None:
    double = Operation(Operator.MULTIPLY, T, 2)
    entry = FunctionInput("x", TensorType(F32, (1, double, 4)))
    op = Op("aten.cos.default", (0,), (TensorType(F32, (1, double, 4)),))
    with pytest.raises(ProgramInvalid, match="symbol"):
        structure(one(op, value=1, inputs=(entry,)))


@pytest.mark.parametrize("name", ["body", "head", "embed"])
def test_functions_are_held_to_their_names(name: str) -> None:
    made = program(Shape())
    (function,) = (entry for entry in made.functions if entry.name == name)
    renamed = FunctionInput("other", function.inputs[0].type)
    wrong = dataclasses.replace(function, inputs=(renamed, *function.inputs[1:]))
    functions = tuple(wrong if entry is function else entry for entry in made.functions)
    with pytest.raises(ProgramInvalid, match=name):
        structure(dataclasses.replace(made, functions=functions))


def test_fresh_memory_is_zero() -> None:
    from aweigh.engine.run.model import Bound

    op = Op("aten.empty.memory_format", (), (TensorType(F32, (T, 1000)),), (("size", (T, 1000)),))
    made = structure(one(op, value=1, slots=(Slot(F32, (1,)),)))
    found = Bound(made.plan("f"), made, UNPAGED).run([torch.ones(1, 300, 4)])
    assert not found["y"].any()


def test_a_shape_that_follows_from_values_is_refused() -> None:
    mask = Op("aten.gt.Scalar", (0,), (TensorType(DType.BOOL, (1, T, 4)),), (("other", 0),))
    picked = Op("aten.index.Tensor", (0, (1,)), (TensorType(F32, (9,)),))
    with pytest.raises(ProgramInvalid, match="mask"):
        structure(one(mask, picked, value=2))


def test_billions_of_results_are_not_made() -> None:
    wide = TensorType(DType.BOOL, (1 << 30,))
    op = Op("aten.unbind.int", (0,), (TensorType(DType.BOOL, ()),))
    with pytest.raises(ProgramInvalid, match="more than the 1"):
        structure(one(op, value=1, inputs=(FunctionInput("x", rows()), FunctionInput("w", wide))[::-1]))


def test_a_long_way_to_few_instructions_is_refused() -> None:
    op = Op("aten.cos.default", (0,), (rows(),))
    block = Block((op,) * 600, repeat=4096, yields=(1,))
    function = Function("f", ("T",), (FunctionInput("x", rows()),), (block,), (FunctionOutput("y", 601),))
    with pytest.raises(ProgramInvalid, match="written out"):
        structure(Program((), (), (function,)))


ROWS = 6
I64 = DType.INT64
IDS = TensorType(I64, (1, T))


def lookup(*between: Op, last: str = "embedding") -> Any:
    """A function that looks its positions up in a table of six rows, after some ops; as a call."""
    from aweigh.engine.run.model import Bound

    count = 1 + sum(len(op.results) for op in between)
    out = TensorType(F32, (1, T, 4))
    ops = {
        "embedding": Op("embedding", (count - 1, count), (out,)),
        "aten.embedding.default": Op("aten.embedding.default", (count, count - 1), (out,)),
        "aten.index.Tensor": Op("aten.index.Tensor", (count, (count - 1,)), (out,)),
    }
    weight = Op("weight", (), (TensorType(F32, (ROWS, 4)),), (("slot", 0),))
    made = one(
        *between,
        weight,
        ops[last],
        value=count + 1,
        inputs=(FunctionInput("positions", IDS),),
        slots=(Slot(F32, (ROWS, 4)),),
    )
    table = torch.arange(ROWS * 4, dtype=torch.float32).view(ROWS, 4)

    class Weights:
        addresses = type("Addresses", (), {"addresses_A": None})
        paging = None

        def tensor(self, slot: int) -> torch.Tensor:
            return table

    bound = Bound(structure(made).plan("f"), structure(made), Weights())  # type: ignore[arg-type]
    steps = [step for step, _ in bound.plan.steps]
    return lambda *positions: bound.run([torch.tensor([positions], dtype=torch.int64)])["y"][0, :, 0].tolist(), len(
        steps
    )


@pytest.mark.parametrize("last", ["embedding", "aten.embedding.default", "aten.index.Tensor"])
@pytest.mark.parametrize("shift", [0, 2])
def test_a_position_beyond_a_table_is_refused_before_the_kernel_runs(
    last: str, shift: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As gpt2 (no shift) and OPT (2) look positions up. The kernels here would read what they are told to."""
    monkeypatch.setattr(KERNELS, "embedding", lambda ids, table: tensor_of(table)[ids.clamp(0, ROWS - 1)], raising=True)
    between = [Op("aten.add.Scalar", (0,), (IDS,), (("other", shift),))] if shift else []
    run, _ = lookup(*between, last=last)
    assert run(0, 5 - shift) == [4.0 * shift, 20.0]
    assert run() == []
    with pytest.raises(InvalidRequest, match=r"index 6 is outside a table of the model, which has 6 rows"):
        run(1, 6 - shift, 2)
    if last != "aten.index.Tensor":
        with pytest.raises(InvalidRequest, match="index -1"):
            run(-1 - shift)
    with pytest.raises(InvalidRequest, match="index -7"):
        run(-7 - shift)


def test_an_index_that_is_proved_is_not_looked_at() -> None:
    clamp = Op("aten.clamp.default", (0,), (IDS,), (("max", ROWS - 1), ("min", 0)))
    loose = Op("aten.clamp.default", (0,), (IDS,), (("max", ROWS), ("min", 0)))
    run, few = lookup(clamp)
    assert run(3, 100) == [12.0, 20.0]
    run, more = lookup(loose)
    assert more == few + 1
    with pytest.raises(InvalidRequest):
        run(3, 100)


def test_routers_and_vocabularies_cost_no_look() -> None:
    from aweigh.engine.run.bounds import Bounds

    scores = TensorType(F32, (1, T, 8))
    chosen = (TensorType(F32, (1, T, 2)), TensorType(I64, (1, T, 2)))
    topk = Op("aten.topk.default", (0,), chosen, (("dim", -1), ("k", 2)))
    same = Op("aten.gather.default", (0, 2), (TensorType(F32, (1, T, 2)),), (("dim", -1),))
    made = one(topk, same, value=3, inputs=(FunctionInput("x", scores),))
    flat = flatten(made, made.functions[0])
    assert not [guard for step in flat.instructions for guard in Bounds(flat).guards(step)]
    llama = program(Shape())
    for function in llama.functions:
        flat = flatten(llama, function)
        assert not [guard for step in flat.instructions for guard in Bounds(flat).guards(step)]


def call(made: Program) -> Any:
    from aweigh.engine.run.model import Bound

    built = structure(made)
    return Bound(built.plan("f"), built, UNPAGED)


def test_a_program_that_lies_about_some_sizes_is_caught_before_a_kernel_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to seven tokens a slice of seven is as long as what it is cut from: both samples of the check pass."""
    cut = Op("aten.slice.Tensor", (0,), (rows(),), (("dim", 1), ("end", 7), ("start", 0)))
    ran: list[int] = []

    def activation(x: torch.Tensor, name: str) -> torch.Tensor:
        ran.append(x.shape[1])
        return x

    monkeypatch.setattr(KERNELS, "activation", activation)
    made = one(cut, Op("activation", (1,), (rows(),), (("name", "silu"),)), value=2)
    bound = call(made)
    bound.run([torch.ones(1, 7, 4)])
    for _ in range(2):
        with pytest.raises(
            ProgramInvalid, match=r"aten\.slice\.Tensor in 'f' gives .*7, 4\], the Program declares .*8, 4\]"
        ):
            bound.run([torch.ones(1, 8, 4)])
    bound.run([torch.ones(1, 1, 4)])
    assert ran == [7, 1]


def test_a_size_is_proved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from aweigh.engine.run import check

    made = program(Shape(layers=40))
    proof = structure(made).proofs["body"]
    proved: list[str] = []
    prove = check._prove

    def counted(*given: Any) -> Any:
        proved.append(given[2].kind)
        return prove(*given)

    monkeypatch.setattr(check, "_prove", counted)
    for _ in range(3):
        proof.at((5,))
    assert 10 < len(proved) < 100, "forty equal layers are one"
    few = len(proved)
    proof.at((6,))
    assert len(proved) == 2 * few


def test_what_no_shape_function_foretells_is_compared_when_it_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    from aweigh.engine.run import check

    compute = check._compute

    def forgets(program: Program, instruction: Any, *rest: Any) -> Any:
        if instruction.kind == "aten.cos.default":
            raise NotImplementedError
        return compute(program, instruction, *rest)

    monkeypatch.setattr(check, "_compute", forgets)
    honest = Op("aten.cos.default", (0,), (rows(),))
    bound = call(one(honest, value=1))
    assert torch.equal(bound.run([torch.zeros(1, 3, 4)])["y"], torch.ones(1, 3, 4))
    for wrong in (rows(5), TensorType(DType.BFLOAT16, (1, T, 4)), TensorType(F32, (T, 4))):
        bound = call(one(dataclasses.replace(honest, results=(wrong,)), value=1))
        with pytest.raises(ProgramInvalid, match=r"aten\.cos\.default gives .* the Program declares"):
            bound.run([torch.zeros(1, 3, 4)])
