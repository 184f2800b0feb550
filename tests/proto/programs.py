"""Programs for tests: a small one by hand, and a hypothesis strategy for arbitrary ones that the verifier accepts."""

from hypothesis import strategies as st

from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression, Operator, Symbol, combine
from aweigh.proto.program import (
    Attribute,
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    KeyValueState,
    Op,
    Program,
    RecurrentState,
    Slot,
    State,
    Table,
    TensorType,
)

T = Symbol(0)
HIDDEN = TensorType(DType.FLOAT32, (1, T, 8))


def small(layers: int = 3) -> Program:
    """`layers` linears with a bias on every second one, rolled into one block."""
    layer = (
        Op("weight", (), (TensorType(DType.FLOAT32, (8, 8)),), (("slot", Table(tuple(range(layers)))),)),
        Op("linear", (1, 2, None), (HIDDEN,)),
        Op("activation", (3,), (HIDDEN,), (("name", Table(("silu", "gelu"))),)),
    )
    body = Function(
        name="body",
        symbols=("T",),
        inputs=(FunctionInput("embeddings", HIDDEN),),
        blocks=(Block(ops=layer, repeat=layers, initial=(0,), yields=(4,), collects=(3,)),),
        outputs=(FunctionOutput("hidden", 5), FunctionOutput("hidden_states", 6, optional=True)),
    )
    return Program(slots=(Slot(DType.FLOAT32, (8, 8)),) * layers, states=(), functions=(body,))


def expressions() -> st.SearchStrategy[Expression]:
    leaves: st.SearchStrategy[Expression] = st.integers(-100, 1000) | st.just(Symbol(0))
    return st.recursive(leaves, lambda child: st.builds(combine, st.sampled_from(Operator), child, child), max_leaves=6)


def attributes() -> st.SearchStrategy[Attribute]:
    leaf: st.SearchStrategy[Attribute] = (
        st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(max_size=8)
        | st.sampled_from(DType)
        | expressions()
    )
    items = st.lists(leaf, max_size=3).map(tuple)
    return leaf | items | st.lists(leaf, min_size=1, max_size=3).map(lambda values: Table(tuple(values)))


def types() -> st.SearchStrategy[TensorType]:
    return st.builds(TensorType, st.sampled_from(DType), st.lists(expressions(), max_size=3).map(tuple))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Any structure with known op kinds; values are in scope, attributes arbitrary (of core ATen ops, which take any)."""
    inputs = tuple(FunctionInput(f"input{i}", draw(types())) for i in range(draw(st.integers(1, 3))))
    count = len(inputs)
    ops: list[Op] = []
    for _ in range(draw(st.integers(0, 4))):
        values = st.integers(0, count - 1)
        operand = values | st.none() | st.lists(values, max_size=3).map(tuple)
        names = sorted(draw(st.sets(st.sampled_from(["dim", "size", "alpha"]), max_size=2)))
        op = Op(
            kind=draw(st.sampled_from(["aten.add.Tensor", "aten.cat.default", "aten.view.default"])),
            operands=tuple(draw(st.lists(operand, max_size=3))),
            results=tuple(draw(st.lists(types(), min_size=1, max_size=2))),
            attributes=tuple((name, draw(attributes())) for name in names),
        )
        ops.append(op)
        count += len(op.results)
    value = draw(st.integers(0, count - 1))
    block = Block(ops=tuple(ops), repeat=draw(st.integers(1, 4)), collects=(value,))
    states: list[State] = draw(
        st.lists(
            st.builds(KeyValueState, st.integers(1, 8), st.integers(1, 64), st.integers(1, 64), st.sampled_from(DType))
            | st.builds(RecurrentState, st.sampled_from(DType), st.lists(st.integers(0, 8), max_size=3).map(tuple)),
            max_size=2,
        )
    )
    slots = draw(
        st.lists(
            st.builds(Slot, st.sampled_from(DType), st.lists(st.integers(0, 64), max_size=3).map(tuple)), max_size=3
        )
    )
    function = Function("body", ("T",), inputs, (block,), (FunctionOutput("hidden", count),))
    return Program(tuple(slots), tuple(states), (function,))
