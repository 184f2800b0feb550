"""Numbers of compilation: of a Program written by hand, and of modules that were captured."""

import torch
from torch import nn

from aweigh.compiler.capture.exported import exported_bytes
from aweigh.compiler.module_compilation import compiled
from aweigh.compiler.statistics import Memory, Statistics, statistics
from aweigh.proto.convert import program_from_message
from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Symbol
from aweigh.proto.program import Block, Function, FunctionInput, FunctionOutput, Op, Program, Slot, TensorType
from aweigh.proto.v1 import compiler_pb2 as pb


def of_module(module: nn.Module, *inputs: torch.Tensor, **export: object) -> Statistics:
    program = torch.export.export(module.eval(), inputs, strict=False, **export)  # type: ignore[arg-type]
    answer = compiled(pb.CompileRequest(graph=exported_bytes(program)))
    return statistics(program_from_message(answer.program), answer.work)


def test_a_module_has_the_same_table_as_a_language_model() -> None:
    network = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8), nn.LayerNorm(8))
    batch = torch.export.Dim("batch", min=2)
    found = of_module(network, torch.zeros(4, 8), dynamic_shapes=({0: batch},))
    assert (found.imported, found.executed, found.raised, found.launches, found.loops) == (4, 4, 4, 4, ())
    assert dict(found.kinds) == {"linear": 2, "activation": 1, "layer_norm": 1}
    assert found.memory == (Memory("main", "128 * s0", "192 * s0", 0.6667),)
    assert {"import", "clean", "whole"} <= {name for name, _ in found.passes}
    assert all(seconds >= 0 for _, seconds in found.passes)
    lines = list(found.lines())
    assert "ops executed per step  4, 100 % of them raised, 4 launches" in lines
    assert "activations            main: 128 * s0 bytes at once, 192 * s0 without reuse" in lines


def test_views_are_no_launches_and_take_nothing() -> None:
    class Turn(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.transpose(0, 1).sin().transpose(0, 1).cos()

    found = of_module(Turn(), torch.zeros(4, 8))
    assert (found.executed, found.launches) == (4, 2)
    assert found.memory == (Memory("main", "256", "256", 1.0),)


def test_what_is_rolled_is_counted_per_round_and_equal_rounds_share_memory() -> None:
    row = TensorType(DType.FLOAT32, (1, Symbol(0), 8))
    weight = TensorType(DType.FLOAT32, (8, 8))
    layer = (
        Op("weight", (), (weight,), (("slot", 0),)),
        Op("linear", (1, 2), (row,)),
        Op("activation", (3,), (row,), (("name", "relu"),)),
    )
    block = Block(layer, repeat=6, initial=(0,), yields=(4,))
    function = Function("body", ("T",), (FunctionInput("hidden", row),), (block,), (FunctionOutput("hidden", 5),))
    found = statistics(Program((Slot(DType.FLOAT32, (8, 8)),), (), (function,)), pb.CompileWork())
    assert (found.stored, found.executed, found.raised, found.launches) == (2, 12, 12, 12)
    assert found.loops == ((6, 2, 2),)
    assert found.memory == (Memory("body", "64 * T", "384 * T", 0.1667),)
