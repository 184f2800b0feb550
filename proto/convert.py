"""Programs between dataclasses and protobuf. Weight expressions: `convert_manifest.py`.

Messages that come in are untrusted: what has no meaning as a dataclass raises ProgramInvalid here; what has a meaning but
breaks a rule is found by `verify.py`. Nesting is bounded by protobuf's own parser (100 levels).
"""

from collections.abc import Iterable

from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Expression, Operation, Operator, Symbol
from aweigh.proto.program import (
    Attribute,
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    KeyValueState,
    MemoryState,
    Op,
    Operand,
    Program,
    RecurrentState,
    Slot,
    State,
    Table,
    TensorType,
)
from aweigh.proto.v1 import program_pb2 as pb


def program_to_message(program: Program) -> pb.Program:
    return pb.Program(
        opset=program.opset,
        slots=[pb.Slot(dtype=_d(slot.dtype), shape=slot.shape) for slot in program.slots],
        states=[_state_to_message(state) for state in program.states],
        functions=[_function_to_message(function) for function in program.functions],
    )


def program_from_message(message: pb.Program) -> Program:
    """Raises ProgramInvalid where a required choice is missing or an enum value is unknown."""
    return Program(
        opset=message.opset,
        slots=tuple(Slot(dtype_from(slot.dtype), tuple(slot.shape)) for slot in message.slots),
        states=tuple(_state_from_message(state) for state in message.states),
        functions=tuple(_function_from_message(function) for function in message.functions),
    )


def dtype_from(value: int) -> DType:
    """Raises ProgramInvalid for values that are no DType."""
    try:
        return DType(value)
    except ValueError:
        raise ProgramInvalid(f"dtype {value} is unknown: compile with the same version as the engine") from None


def _d(dtype: DType) -> pb.DType:
    return pb.DType.ValueType(int(dtype)) if hasattr(pb.DType, "ValueType") else int(dtype)  # type: ignore[return-value]


def _state_to_message(state: State) -> pb.State:
    if isinstance(state, KeyValueState):
        return pb.State(
            key_value=pb.KeyValueState(
                heads=state.heads, key_size=state.key_size, value_size=state.value_size, dtype=_d(state.dtype)
            )
        )
    if isinstance(state, MemoryState):
        return pb.State(
            memory=pb.MemoryState(
                heads=state.heads, key_size=state.key_size, value_size=state.value_size, dtype=_d(state.dtype)
            )
        )
    return pb.State(recurrent=pb.RecurrentState(dtype=_d(state.dtype), shape=state.shape))


def _state_from_message(message: pb.State) -> State:
    match message.WhichOneof("kind"):
        case "key_value":
            spec = message.key_value
            return KeyValueState(spec.heads, spec.key_size, spec.value_size, dtype_from(spec.dtype))
        case "recurrent":
            return RecurrentState(dtype_from(message.recurrent.dtype), tuple(message.recurrent.shape))
        case "memory":
            held = message.memory
            return MemoryState(held.heads, held.key_size, held.value_size, dtype_from(held.dtype))
        case _:
            raise ProgramInvalid("a state of the Program has no kind")


def _function_to_message(function: Function) -> pb.Function:
    return pb.Function(
        name=function.name,
        symbols=function.symbols,
        inputs=[pb.FunctionInput(name=entry.name, type=_type_to_message(entry.type)) for entry in function.inputs],
        blocks=[
            pb.Block(
                repeat=block.repeat,
                initial=block.initial,
                ops=[_op_to_message(op) for op in block.ops],
                yields=block.yields,
                collects=block.collects,
            )
            for block in function.blocks
        ],
        outputs=[
            pb.FunctionOutput(name=output.name, value=output.value, optional=output.optional)
            for output in function.outputs
        ],
    )


def _function_from_message(message: pb.Function) -> Function:
    return Function(
        name=message.name,
        symbols=tuple(message.symbols),
        inputs=tuple(FunctionInput(entry.name, _type_from_message(entry.type)) for entry in message.inputs),
        blocks=tuple(
            Block(
                ops=tuple(_op_from_message(op) for op in block.ops),
                repeat=block.repeat,
                initial=tuple(block.initial),
                yields=tuple(block.yields),
                collects=tuple(block.collects),
            )
            for block in message.blocks
        ),
        outputs=tuple(FunctionOutput(output.name, output.value, output.optional) for output in message.outputs),
    )


def _op_to_message(op: Op) -> pb.Op:
    return pb.Op(
        kind=op.kind,
        operands=[_operand_to_message(operand) for operand in op.operands],
        results=[_type_to_message(result) for result in op.results],
        attributes=[pb.NamedAttribute(name=name, value=_attribute_to_message(value)) for name, value in op.attributes],
    )


def _op_from_message(message: pb.Op) -> Op:
    return Op(
        kind=message.kind,
        operands=tuple(_operand_from_message(operand) for operand in message.operands),
        results=tuple(_type_from_message(result) for result in message.results),
        attributes=tuple((entry.name, _attribute_from_message(entry.value)) for entry in message.attributes),
    )


def _operand_to_message(operand: Operand) -> pb.Operand:
    if operand is None:
        return pb.Operand()
    if isinstance(operand, int):
        return pb.Operand(value=operand)
    return pb.Operand(list=pb.Operand.Values(values=operand))


def _operand_from_message(message: pb.Operand) -> Operand:
    match message.WhichOneof("operand"):
        case "value":
            return message.value
        case "list":
            return tuple(message.list.values)
        case _:
            return None


def _type_to_message(value: TensorType) -> pb.TensorType:
    return pb.TensorType(dtype=_d(value.dtype), dims=[_expression_to_message(dim) for dim in value.dims])


def _type_from_message(message: pb.TensorType) -> TensorType:
    return TensorType(dtype_from(message.dtype), tuple(_expression_from_message(dim) for dim in message.dims))


def _expression_to_message(value: Expression) -> pb.Expression:
    match value:
        case Symbol(index):
            return pb.Expression(symbol=index)
        case Operation(operator, left, right):
            return pb.Expression(
                operation=pb.Expression.Operation(
                    operator=int(operator),  # type: ignore[arg-type]
                    left=_expression_to_message(left),
                    right=_expression_to_message(right),
                )
            )
        case _:
            return pb.Expression(constant=value)


def _expression_from_message(message: pb.Expression) -> Expression:
    match message.WhichOneof("node"):
        case "constant":
            return message.constant
        case "symbol":
            return Symbol(message.symbol)
        case "operation":
            node = message.operation
            try:
                operator = Operator(node.operator)
            except ValueError:
                raise ProgramInvalid(f"operator {node.operator} of a dimension is unknown") from None
            return Operation(operator, _expression_from_message(node.left), _expression_from_message(node.right))
        case _:
            raise ProgramInvalid("a dimension of the Program is empty")


def _attribute_to_message(value: Attribute) -> pb.Attribute:
    match value:
        case bool():
            return pb.Attribute(boolean=value)
        case DType():
            return pb.Attribute(dtype=_d(value))
        case int():
            return pb.Attribute(integer=value)
        case float():
            return pb.Attribute(real=value)
        case str():
            return pb.Attribute(text=value)
        case Symbol() | Operation():
            return pb.Attribute(expression=_expression_to_message(value))
        case Table(items):
            return pb.Attribute(table=_list_to_message(items))
        case _:
            return pb.Attribute(list=_list_to_message(value))


def _list_to_message(items: Iterable[Attribute]) -> pb.Attribute.List:
    return pb.Attribute.List(items=[_attribute_to_message(item) for item in items])


def _attribute_from_message(message: pb.Attribute) -> Attribute:
    match message.WhichOneof("value"):
        case "boolean":
            return message.boolean
        case "integer":
            return message.integer
        case "real":
            return message.real
        case "text":
            return message.text
        case "dtype":
            return dtype_from(message.dtype)
        case "expression":
            return _expression_from_message(message.expression)
        case "list":
            return tuple(_attribute_from_message(item) for item in message.list.items)
        case "table":
            return Table(tuple(_attribute_from_message(item) for item in message.table.items))
        case _:
            raise ProgramInvalid("an attribute of the Program is empty")
