"""Factors of queries that move into attention: modules and text encoders give what they gave, with an op less per layer."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aweigh.compiler.capture.exported import exported_bytes
from aweigh.compiler.module_compilation import compiled
from aweigh.proto.convert import program_from_message
from aweigh.proto.v1 import compiler_pb2 as pb


class Scaled(nn.Module):
    """Whisper's way: the query is scaled, attention is told 1. `scale` None: attention scales once more."""

    def __init__(self, scale: float | None, *, masked: bool) -> None:
        super().__init__()
        self.q, self.k = nn.Linear(16, 16), nn.Linear(16, 16)
        self.scale, self.masked = scale, masked

    def forward(self, x: Tensor) -> Tensor:
        q = (self.q(x) * 0.3 / 1.7).view(2, 5, 2, 8).transpose(1, 2)
        k = self.k(x).view(2, 5, 2, 8).transpose(1, 2)
        mask = (torch.arange(5) < 3).view(1, 1, 1, 5) if self.masked else None
        return F.scaled_dot_product_attention(q, k, k, mask, scale=self.scale)


@pytest.mark.parametrize("scale", [1.0, None])
@pytest.mark.parametrize("masked", [False, True])
def test_the_factor_is_part_of_the_scale(scale: float | None, masked: bool) -> None:
    torch.manual_seed(0)
    module, x = Scaled(scale, masked=masked).eval(), torch.randn(2, 5, 16)
    program = torch.export.export(module, (x,), strict=False)
    answer = compiled(pb.CompileRequest(graph=exported_bytes(program)))
    (function,) = program_from_message(answer.program).functions
    ops = [op for block in function.blocks for op in block.ops]
    assert not [op.kind for op in ops if "mul" in op.kind or "div" in op.kind]
    (attends,) = (dict(op.attributes) for op in ops if "scaled_dot_product" in op.kind)
    assert attends["scale"] == pytest.approx((scale or 1 / math.sqrt(8)) * 0.3 / 1.7)
