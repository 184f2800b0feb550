"""Weights that are written to: what the first call does for good is part of the function, anything else is refused."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.export import ExportedProgram

from aweigh.compiler.capture.first_call import first_call
from aweigh.proto.errors import UnsupportedModel


class Halved(nn.Module):
    """The flag is a module's own: export puts it back after a trace."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 4), requires_grad=False)
        self.halved = False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.halved:
            self.weight.div_(2)
            self.halved = True
        return x @ self.weight


class Always(Halved):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.weight.div_(2)
        return x @ self.weight


class Otherwise(Halved):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = not self.halved
        y = super().forward(x)
        return y + 1 if first else y


class Viewed(Halved):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        turned = self.weight.t()
        return super().forward(x) @ turned


def captured(module: nn.Module) -> ExportedProgram:
    model = nn.Sequential(module)

    def trace() -> ExportedProgram:
        with torch.no_grad():
            return torch.export.export(model, (torch.ones(2, 4),), strict=False)

    return first_call(model, trace)


def test_what_the_first_call_does_to_weights_is_a_value() -> None:
    module = Halved()
    program = captured(module)
    assert not module.halved, "nobody has called it"
    targets = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    assert targets == ["aten.div.Tensor", "aten.matmul.default"]
    x, weight = torch.randn(2, 4), module.weight.clone()
    assert torch.equal(program.module()(torch.ones(2, 4)), torch.ones(2, 4) @ (weight / 2))
    assert torch.equal(module.weight, weight)
    assert torch.equal(module(x), x @ (weight / 2)) and torch.equal(module(x), x @ (weight / 2))


@pytest.mark.parametrize("module", [Always, Otherwise, Viewed])
def test_other_writes_are_refused(module: Any) -> None:
    with pytest.raises(UnsupportedModel, match="writes to its weights"):
        captured(module())
