"""What an op keeps of a sequence, by the types of its operands. Legend as in `aweigh.proto.ops`."""

from collections.abc import Mapping
from typing import Any

from aweigh.compiler.emit.names import HEADS, VALUE_SIZE
from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression
from aweigh.proto.program import KeyValueState, MemoryState, RecurrentState, State, TensorType


def state_of(name: str, types: Mapping[str, TensorType], marks: Mapping[str, Any]) -> State:
    """The state of the op `name`, one of `STATEFUL`; `types` are those of its operands by name, `marks` what passes noted of it."""
    match name:
        case "attend":
            key, value = types["key"], types["value"]
            return KeyValueState(_size(key.dims[1]), _size(key.dims[3]), _size(value.dims[3]), key.dtype)
        case "select":
            key = types["key"]
            return KeyValueState(1, _size(key.dims[2]), 0, key.dtype)
        case "cross_attend":
            query = types["query"]
            return MemoryState(marks[HEADS], _size(query.dims[3]), marks[VALUE_SIZE], query.dtype)
        case "causal_conv":
            x, weight = types["x"], types["weight"]
            return RecurrentState(x.dtype, (_size(x.dims[1]), _size(weight.dims[2]) - 1))
        case "scan":
            key, value = types["key"], types["value"]
            return RecurrentState(DType.FLOAT32, (_size(value.dims[2]), _size(key.dims[3]), _size(value.dims[3])))
        case "log_scan":
            key, value = types["key"], types["value"]
            return RecurrentState(DType.FLOAT32, (_size(value.dims[2]), _size(key.dims[3]), _size(value.dims[3]) + 1))
    raise AssertionError(f"{name} keeps no state")


def _size(dim: Expression) -> int:
    assert isinstance(dim, int), "a state has one size"
    return dim
