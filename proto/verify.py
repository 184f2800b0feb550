"""The structural verifier of Programs: every id, slot, state, attribute and size is checked before first use.

What it proves: each operand is a value that exists at that point; every op is in the closed set, has the operands and attributes
that its signature demands and no others; slots and states are in range for every iteration; loop-carried types agree; sizes stay
under caps. What it does not prove, declared shapes against computed ones, the engine proves by running the Program on meta tensors.
"""

import math
from collections.abc import Iterator, Sequence

from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Expression, Operation, Symbol
from aweigh.proto.ops import CORE_ATEN, OPS, PAGED, STATEFUL, Signature
from aweigh.proto.program import (
    OPSET,
    Attribute,
    Block,
    Function,
    KeyValueState,
    Op,
    Program,
    RecurrentState,
    Table,
    TensorType,
)

MAX_SLOTS = 200_000
MAX_STATES = 4_096
MAX_FUNCTIONS = 64
MAX_OPS = 200_000
MAX_REPEAT = 4_096
MAX_RANK = 12
MAX_SLOT_BYTES = 1 << 40
MAX_DIMENSION = 1 << 40
MAX_HEADS = 1 << 12
MAX_HEAD_SIZE = 1 << 14
MAX_EXPRESSION_NODES = 200


def verify(program: Program) -> None:
    """Raises ProgramInvalid with one sentence that names the place."""
    _require(
        program.opset == OPSET, f"opset {program.opset} is not {OPSET}: compile with the engine's version of aweigh"
    )
    _require(len(program.slots) <= MAX_SLOTS, f"{len(program.slots)} weight slots are more than {MAX_SLOTS}")
    _require(len(program.states) <= MAX_STATES, f"{len(program.states)} states are more than {MAX_STATES}")
    _require(
        0 < len(program.functions) <= MAX_FUNCTIONS, f"{len(program.functions)} functions: 1 to {MAX_FUNCTIONS} may be"
    )
    for index, slot in enumerate(program.slots):
        _require(
            len(slot.shape) <= MAX_RANK and all(0 <= d <= MAX_DIMENSION for d in slot.shape),
            f"slot {index} has no valid shape",
        )
        size = slot.dtype.size
        for dim in slot.shape:
            size *= dim
        _require(size <= MAX_SLOT_BYTES, f"slot {index} is larger than {MAX_SLOT_BYTES} bytes")
    for index, state in enumerate(program.states):
        _verify_state(index, state)
    names = [function.name for function in program.functions]
    _require(len(set(names)) == len(names), "two functions have one name")
    for function in program.functions:
        value_types(program, function)


def value_types(program: Program, function: Function) -> list[TensorType]:
    """The type of every value of `function`, by id. Raises ProgramInvalid as `verify` does."""
    where = f"function {function.name!r}"
    _require(sum(len(block.ops) for block in function.blocks) <= MAX_OPS, f"{where} has more than {MAX_OPS} ops")
    types: list[TensorType] = []
    visible: list[bool] = []
    for entry in function.inputs:
        _verify_type(entry.type, function, f"input {entry.name!r} of {where}")
        types.append(entry.type)
    visible = [True] * len(types)
    for number, block in enumerate(function.blocks):
        _verify_block(program, function, block, f"block {number} of {where}", types, visible)
    for output in function.outputs:
        _require(_known(visible, output.value), f"output {output.name!r} of {where} names a value that does not exist")
    for kind, entries in (
        ("inputs", [e.name for e in function.inputs]),
        ("outputs", [e.name for e in function.outputs]),
    ):
        _require(len(set(entries)) == len(entries), f"two {kind} of {where} have one name")
    return types


def _verify_block(
    program: Program, function: Function, block: Block, where: str, types: list[TensorType], visible: list[bool]
) -> None:
    _require(1 <= block.repeat <= MAX_REPEAT, f"{where} repeats {block.repeat} times: 1 to {MAX_REPEAT} may be")
    _require(
        len(block.yields) >= len(block.initial),
        f"{where} yields {len(block.yields)} values for {len(block.initial)} arguments",
    )
    _require(all(_known(visible, value) for value in block.initial), f"{where} begins with a value that does not exist")
    first = len(types)
    types.extend([types[value] for value in block.initial])
    visible.extend([True] * len(block.initial))
    for index, op in enumerate(block.ops):
        _verify_op(program, function, op, f"op {index} ({op.kind}) in {where}", visible)
        types.extend(op.results)
        visible.extend([True] * len(op.results))
    for value in (*block.yields, *block.collects):
        _require(_known(visible, value), f"{where} ends with a value that does not exist")
    for value, argument in zip(block.yields, block.initial, strict=False):
        _require(types[value] == types[argument], f"{where} yields another type than it begins with")
    results = [types[value] for value in block.yields]
    results += [TensorType(types[value].dtype, (block.repeat, *types[value].dims)) for value in block.collects]
    visible[first:] = [False] * (len(types) - first)
    types.extend(results)
    visible.extend([True] * len(results))


def _verify_op(program: Program, function: Function, op: Op, where: str, visible: Sequence[bool]) -> None:
    for operand in op.operands:
        for value in () if operand is None else (operand,) if isinstance(operand, int) else operand:
            _require(_known(visible, value), f"{where} reads value {value}, which does not exist there")
    for result in op.results:
        _verify_type(result, function, where)
    names = [name for name, _ in op.attributes]
    _require(names == sorted(set(names)), f"{where} has attributes that are not sorted or not unique")
    for name, attribute in op.attributes:
        _require(attribute != Table(()), f"{where} has an empty table {name!r}")
        for leaf in _leaves(attribute):
            if isinstance(leaf, Symbol | Operation):
                _verify_expression(leaf, function, f"{name!r} of {where}")
    signature = OPS.get(op.kind)
    if signature is None:
        _require(op.kind in CORE_ATEN, f"{where} is no op of this opset")
        return
    _verify_signature(op, signature, where)
    _verify_index(op, "slot", len(program.slots), where)
    _verify_index(op, "state", len(program.states), where)
    if op.kind == "weight":
        for item in _items(dict(op.attributes)["slot"]):
            slot = program.slots[item]  # type: ignore[index]
            _require(
                op.results[0] == TensorType(slot.dtype, slot.shape), f"{where} declares another type than slot {item}"
            )
    if op.kind in STATEFUL:
        wanted = KeyValueState if op.kind in PAGED else RecurrentState
        for item in _items(dict(op.attributes)["state"]):
            state = program.states[item]  # type: ignore[index]
            _require(isinstance(state, wanted), f"{where} uses state {item}, which is no {wanted.__name__}")


def _verify_signature(op: Op, signature: Signature, where: str) -> None:
    required = sum(not name.endswith("?") for name in signature.operands)
    _require(required <= len(op.operands) <= len(signature.operands), f"{where} has {len(op.operands)} operands")
    for name, operand in zip(signature.operands, op.operands, strict=False):
        _require(operand is not None or name.endswith("?"), f"{where} lacks its operand {name!r}")
        _require(
            operand is None or isinstance(operand, tuple) == ("*" in name),
            f"{where}: operand {name!r} is of the wrong kind",
        )
    given = {name for name, _ in op.attributes}
    known = {name.rstrip("?") for name in signature.attributes}
    needed = {name for name in signature.attributes if not name.endswith("?")}
    _require(
        needed <= given <= known,
        f"{where} has attributes {sorted(given)}, its signature has {sorted(signature.attributes)}",
    )
    if not any("*" in name for name in signature.results):
        _require(len(op.results) == len(signature.results), f"{where} has {len(op.results)} results")


def _verify_index(op: Op, name: str, bound: int, where: str) -> None:
    for key, attribute in op.attributes:
        if key == name:
            for item in _items(attribute):
                good = isinstance(item, int) and not isinstance(item, bool) and 0 <= item < bound
                _require(good, f"{where} uses {name} {item!r} of {bound}")


def _verify_state(index: int, state: KeyValueState | RecurrentState) -> None:
    if isinstance(state, KeyValueState):
        good = (
            1 <= state.heads <= MAX_HEADS
            and 1 <= state.key_size <= MAX_HEAD_SIZE
            and 0 <= state.value_size <= MAX_HEAD_SIZE
        )
    else:
        good = len(state.shape) <= MAX_RANK and all(0 <= dim <= MAX_DIMENSION for dim in state.shape)
        good = good and math.prod(state.shape) * state.dtype.size <= MAX_SLOT_BYTES
    _require(good, f"state {index} has no valid shape")


def _verify_type(value: TensorType, function: Function, where: str) -> None:
    _require(len(value.dims) <= MAX_RANK, f"{where} has a tensor of {len(value.dims)} dims")
    for dim in value.dims:
        _verify_expression(dim, function, where)


def _verify_expression(expression: Expression, function: Function, where: str) -> None:
    nodes = 0
    stack: list[Expression] = [expression]
    while stack:
        node = stack.pop()
        nodes += 1
        _require(nodes <= MAX_EXPRESSION_NODES, f"{where} has a dimension of more than {MAX_EXPRESSION_NODES} terms")
        if isinstance(node, Operation):
            stack += (node.left, node.right)
        elif isinstance(node, Symbol):
            _require(0 <= node.index < len(function.symbols), f"{where} uses symbol {node.index}, which does not exist")
        else:
            _require(abs(node) <= MAX_DIMENSION, f"{where} has a dimension of {node}")


def _leaves(attribute: Attribute) -> Iterator[Attribute]:
    if isinstance(attribute, Table):
        for item in attribute.items:
            yield from _leaves(item)
    elif isinstance(attribute, tuple):
        for item in attribute:
            yield from _leaves(item)
    else:
        yield attribute


def _items(attribute: Attribute) -> tuple[Attribute, ...]:
    return attribute.items if isinstance(attribute, Table) else (attribute,)


def _known(visible: Sequence[bool], value: int) -> bool:
    return 0 <= value < len(visible) and visible[value]


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ProgramInvalid(sentence)
