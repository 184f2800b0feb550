"""The canonical encoding of a Program, and the fingerprint that is its hash.

Protobuf's own serialisation is not canonical across languages and versions, so the fingerprint is defined over this encoding:
a preorder walk in which every node writes a tag byte and its fields. Integers are zigzag LEB128; texts and sequences are led by
their length; reals are eight bytes IEEE 754, little-endian, with one NaN. Names of symbols and weights are left out: two models of
one structure have one fingerprint. Names of functions, inputs, outputs and attributes are part of the structure.

The receiver of a Program recomputes its fingerprint, so nobody can claim compiled code that belongs to another Program.
"""

import math
import struct

from blake3 import blake3

from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression, Operation, Symbol
from aweigh.proto.program import (
    Attribute,
    Block,
    Function,
    KeyValueState,
    MemoryState,
    Op,
    Operand,
    Program,
    State,
    Table,
    TensorType,
)

VERSION = 1


def fingerprint(program: Program) -> bytes:
    """BLAKE3 of the canonical encoding, 32 bytes."""
    return blake3(encode(program)).digest()


def encode(program: Program) -> bytes:
    """The canonical encoding, version 1."""
    out = _Writer()
    out.raw(b"aweigh.program")
    out.integer(VERSION)
    out.integer(program.opset)
    out.integer(len(program.slots))
    for slot in program.slots:
        out.integer(slot.dtype)
        out.integers(slot.shape)
    out.integer(len(program.states))
    for state in program.states:
        _state(out, state)
    out.integer(len(program.functions))
    for function in program.functions:
        _function(out, function)
    return bytes(out.buffer)


class _Writer:
    def __init__(self) -> None:
        self.buffer = bytearray()

    def raw(self, data: bytes) -> None:
        self.buffer += data

    def tag(self, letter: str) -> None:
        self.buffer += letter.encode("ascii")

    def integer(self, value: int) -> None:
        number = value << 1 if value >= 0 else (-value << 1) - 1
        while number >= 0x80:
            self.buffer.append(number & 0x7F | 0x80)
            number >>= 7
        self.buffer.append(number)

    def integers(self, values: tuple[int, ...]) -> None:
        self.integer(len(values))
        for value in values:
            self.integer(value)

    def text(self, value: str) -> None:
        data = value.encode()
        self.integer(len(data))
        self.raw(data)

    def real(self, value: float) -> None:
        self.raw(struct.pack("<d", math.nan if math.isnan(value) else value))


def _state(out: _Writer, state: State) -> None:
    if isinstance(state, KeyValueState):
        out.tag("K")
        out.integers((state.heads, state.key_size, state.value_size, state.dtype))
    elif isinstance(state, MemoryState):
        out.tag("M")
        out.integers((state.heads, state.key_size, state.value_size, state.dtype))
    else:
        out.tag("R")
        out.integer(state.dtype)
        out.integers(state.shape)


def _function(out: _Writer, function: Function) -> None:
    out.text(function.name)
    out.integer(len(function.symbols))
    out.integer(len(function.inputs))
    for entry in function.inputs:
        out.text(entry.name)
        _type(out, entry.type)
    out.integer(len(function.blocks))
    for block in function.blocks:
        _block(out, block)
    out.integer(len(function.outputs))
    for output in function.outputs:
        out.text(output.name)
        out.integers((output.value, int(output.optional)))


def _block(out: _Writer, block: Block) -> None:
    out.integer(block.repeat)
    out.integers(block.initial)
    out.integer(len(block.ops))
    for op in block.ops:
        _op(out, op)
    out.integers(block.yields)
    out.integers(block.collects)


def _op(out: _Writer, op: Op) -> None:
    out.text(op.kind)
    out.integer(len(op.operands))
    for operand in op.operands:
        _operand(out, operand)
    out.integer(len(op.results))
    for result in op.results:
        _type(out, result)
    out.integer(len(op.attributes))
    for name, attribute in op.attributes:
        out.text(name)
        _attribute(out, attribute)


def _operand(out: _Writer, operand: Operand) -> None:
    match operand:
        case None:
            out.tag("n")
        case int():
            out.tag("v")
            out.integer(operand)
        case _:
            out.tag("l")
            out.integers(operand)


def _type(out: _Writer, value: TensorType) -> None:
    out.integer(value.dtype)
    out.integer(len(value.dims))
    for dim in value.dims:
        _expression(out, dim)


def _expression(out: _Writer, value: Expression) -> None:
    match value:
        case Symbol(index):
            out.tag("s")
            out.integer(index)
        case Operation(operator, left, right):
            out.tag("o")
            out.integer(operator)
            _expression(out, left)
            _expression(out, right)
        case _:
            out.tag("i")
            out.integer(value)


def _attribute(out: _Writer, value: Attribute) -> None:
    match value:
        case bool():
            out.tag("b")
            out.integer(int(value))
        case DType():
            out.tag("d")
            out.integer(value)
        case int() | Symbol() | Operation():
            _expression(out, value)
        case float():
            out.tag("f")
            out.real(value)
        case str():
            out.tag("t")
            out.text(value)
        case Table(items):
            out.tag("T")
            out.integer(len(items))
            for item in items:
                _attribute(out, item)
        case _:
            out.tag("L")
            out.integer(len(value))
            for item in value:
                _attribute(out, item)
