"""Weights of few bits in a Program: products take their parts, others the matrix, and parts that do not fit are refused."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from aweigh.engine.run.model import Bound
from aweigh.engine.run.structure import Structure
from aweigh.kernels import load as load_kernels
from aweigh.kernels.base import Kernels
from aweigh.memory.addresses import AddressTable
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Symbol
from aweigh.proto.low_bit import packed_shape, scales_shape
from aweigh.proto.program import Block, Function, FunctionInput, FunctionOutput, Op, Program, Slot, TensorType

OUTPUTS, COLUMNS, GROUP = 100, 64, 32
F32 = DType.FLOAT32
X, Y = TensorType(F32, (1, Symbol(0), COLUMNS)), TensorType(F32, (1, Symbol(0), OUTPUTS))
MATRIX = TensorType(F32, (OUTPUTS, COLUMNS))
PACKED = Slot(DType.UINT8, packed_shape("int4", OUTPUTS, COLUMNS))
SCALES = Slot(DType.BFLOAT16, scales_shape(OUTPUTS, COLUMNS, GROUP))
SAID = (("dtype", "float32"), ("kind", "int4"), ("outputs", OUTPUTS))


def program(slots: tuple[Slot, ...] = (PACKED, SCALES, SCALES), said: Any = SAID) -> Program:
    weights = [Op("weight", (), (TensorType(s.dtype, s.shape),), (("slot", n),)) for n, s in enumerate(slots)]
    parts = tuple(range(1, 1 + len(slots)))
    matrix = 1 + len(slots)
    ops = (
        *weights,
        Op("dequantize", parts, (MATRIX,), said),
        Op("linear", (0, matrix), (Y,)),
        Op("aten.t.default", (matrix,), (TensorType(F32, (COLUMNS, OUTPUTS)),)),
    )
    block = Block(ops, yields=(matrix + 1, matrix + 2))
    outputs = (FunctionOutput("y", matrix + 3), FunctionOutput("t", matrix + 4, True))
    return Program(slots, (), (Function("f", ("T",), (FunctionInput("x", X),), (block,), outputs),))


def structure(made: Program, kernels: Kernels) -> Structure:
    return Structure(made, b"f", kernels, torch.device("cpu"))


@pytest.mark.parametrize("name", ["reference", "cpu"])
def test_products_take_the_parts_and_others_the_matrix(name: str) -> None:
    kernels = load_kernels(name)
    made = structure(program(), kernels)
    generator = torch.Generator().manual_seed(0)
    packed = torch.randint(0, 256, PACKED.shape, dtype=torch.uint8, generator=generator)
    scales, zeros = (torch.rand(SCALES.shape, generator=generator).bfloat16() for _ in range(2))
    table = AddressTable(3, torch.device("cpu"))
    table.place_all([packed, scales, zeros])
    weights: Any = SimpleNamespace(paging=None, tensor=table.tensor, addresses=table)
    x = torch.randn(1, 5, COLUMNS, generator=generator)
    wanted = kernels.dequantize(packed, scales, zeros, kind="int4", outputs=OUTPUTS, dtype=torch.float32)
    alone = made.plan("f")
    assert len(alone.steps) == 1, "nothing is restored for the product"
    assert alone.reads == (0, 1, 2) and alone.touches == ((0, 1, 2),)
    found = Bound(alone, made, weights).run([x])["y"]
    assert torch.allclose(found, x @ wanted.T, rtol=1e-5, atol=1e-4)
    both = Bound(made.plan("f", ["t"]), made, weights).run([x])
    assert torch.equal(both["t"], wanted.T) and torch.equal(both["y"], found)


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ((PACKED, Slot(DType.BFLOAT16, (2, 3, 64))), SAID),
        ((PACKED, Slot(DType.BFLOAT16, (1, 2, 64))), SAID),
        ((PACKED, Slot(DType.INT8, SCALES.shape)), SAID),
        ((PACKED, SCALES, Slot(F32, SCALES.shape)), SAID),
        ((Slot(DType.INT8, PACKED.shape), SCALES), SAID),
        ((Slot(DType.UINT8, packed_shape("int8", OUTPUTS, COLUMNS)), SCALES), SAID),
        ((PACKED, SCALES), (("dtype", "int8"), ("kind", "int4"), ("outputs", OUTPUTS))),
        ((PACKED, SCALES), (("dtype", "float32"), ("kind", "int3"), ("outputs", OUTPUTS))),
        ((PACKED, SCALES), (("dtype", "float32"), ("kind", "int4"), ("outputs", 200))),
    ],
)
def test_parts_that_do_not_fit_are_refused(slots: tuple[Slot, ...], said: Any) -> None:
    """Native code reads as many bytes as shapes promise."""
    with pytest.raises(ProgramInvalid, match="dequantize has operands that do not fit"):
        structure(program(slots, said), load_kernels("reference"))
