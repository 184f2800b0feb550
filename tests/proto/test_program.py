"""Conversion, canonical encoding and verification of Programs."""

import dataclasses

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proto.programs import HIDDEN, programs, small

from aweigh.proto.canonical import encode, fingerprint
from aweigh.proto.convert import program_from_message, program_to_message
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Symbol
from aweigh.proto.program import Block, Function, FunctionOutput, Program, Slot, Table, TensorType
from aweigh.proto.v1 import program_pb2
from aweigh.proto.verify import value_types, verify


@given(programs())
@settings(max_examples=150)
def test_a_program_survives_the_wire(program: Program) -> None:
    data = program_to_message(program).SerializeToString()
    back = program_from_message(program_pb2.Program.FromString(data))
    assert back == program
    assert fingerprint(back) == fingerprint(program)
    verify(back)


def test_every_field_is_part_of_the_fingerprint() -> None:
    others = [encode(program) for program in BAD.values()]
    assert len({encode(small()), encode(small(2)), *others}) == len(others) + 2


def test_names_of_symbols_are_not_part_of_the_fingerprint() -> None:
    function = dataclasses.replace(small().functions[0], symbols=("tokens",))
    assert fingerprint(dataclasses.replace(small(), functions=(function,))) == fingerprint(small())


def test_the_encoding_is_pinned() -> None:
    """A change of the encoding changes every cache and every claim: then raise canonical.VERSION and this value together."""
    assert fingerprint(small()).hex().startswith(PINNED), fingerprint(small()).hex()


def test_the_verifier_gives_types() -> None:
    program = small()
    verify(program)
    types = value_types(program, program.functions[0])
    assert types[5] == HIDDEN
    assert types[6] == TensorType(DType.FLOAT32, (3, *HIDDEN.dims))


def _with_op(index: int, **changes: object) -> Program:
    program = small()
    function = program.functions[0]
    block = function.blocks[0]
    ops = list(block.ops)
    ops[index] = dataclasses.replace(ops[index], **changes)  # type: ignore[arg-type]
    return _with_block(dataclasses.replace(block, ops=tuple(ops)))


def _with_block(block: Block) -> Program:
    program = small()
    function = dataclasses.replace(program.functions[0], blocks=(block,))
    return dataclasses.replace(program, functions=(function,))


BLOCK = small().functions[0].blocks[0]
BAD = {
    "does not exist there": _with_op(1, operands=(4, 2, None)),
    "is no op of this opset": _with_op(1, kind="aten.system.default"),
    "uses slot 3 of 3": _with_op(0, attributes=(("slot", Table((0, 1, 3))),)),
    "uses slot -1 of 3": _with_op(0, attributes=(("slot", -1),)),
    "empty table": _with_op(0, attributes=(("slot", Table(())),)),
    "another type than slot": _with_op(0, results=(TensorType(DType.FLOAT32, (8, 9)),)),
    "operands": _with_op(1, operands=(1,)),
    "lacks its operand": _with_op(1, operands=(1, None)),
    "is of the wrong kind": _with_op(1, operands=(1, (2,))),
    "has attributes": _with_op(2, attributes=(("name", "silu"), ("zeal", 1))),
    "not sorted or not unique": _with_op(2, attributes=(("name", "silu"), ("name", "silu"))),
    "results": _with_op(2, results=(HIDDEN, HIDDEN)),
    "uses symbol 7": _with_op(2, results=(TensorType(DType.FLOAT32, (Symbol(7),)),)),
    "repeats 0 times": _with_block(dataclasses.replace(BLOCK, repeat=0)),
    "repeats 1000000 times": _with_block(dataclasses.replace(BLOCK, repeat=1_000_000)),
    "yields 0 values": _with_block(dataclasses.replace(BLOCK, yields=())),
    "yields another type": _with_block(dataclasses.replace(BLOCK, yields=(2,))),
    "ends with a value": _with_block(dataclasses.replace(BLOCK, collects=(99,))),
    "begins with a value": _with_block(dataclasses.replace(BLOCK, initial=(99,))),
    "larger than": dataclasses.replace(small(), slots=(Slot(DType.FLOAT32, (1 << 30, 1 << 30)),) * 3),
    "no valid shape": dataclasses.replace(small(), slots=(Slot(DType.FLOAT32, (-1,)),) * 3),
    "opset 9": dataclasses.replace(small(), opset=9),
    "one name": dataclasses.replace(small(), functions=small().functions * 2),
    "0 functions": dataclasses.replace(small(), functions=()),
}


@pytest.mark.parametrize("sentence", BAD)
def test_the_verifier_rejects(sentence: str) -> None:
    with pytest.raises(ProgramInvalid, match=sentence):
        verify(BAD[sentence])


def test_values_of_a_block_stay_in_it() -> None:
    leak = Function("body", ("T",), small().functions[0].inputs, (BLOCK,), (FunctionOutput("hidden", 3),))
    with pytest.raises(ProgramInvalid, match="does not exist"):
        verify(dataclasses.replace(small(), functions=(leak,)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_program_or_a_typed_error(data: bytes) -> None:
    try:
        message = program_pb2.Program.FromString(data)
    except DecodeError:
        return
    try:
        verify(program_from_message(message))
    except ProgramInvalid as error:
        assert str(error)


PINNED = "3233f613dc9a3978"
