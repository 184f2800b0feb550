"""Normalising: small programs, each with one thing that has to go, run before and after."""

from collections.abc import Callable

import pytest
import torch
from torch.export import Dim, ExportedProgram

from aweigh.compiler.capture.normalise import normalise

Body = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def program(body: Body) -> ExportedProgram:
    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = torch.nn.Buffer(torch.arange(512, dtype=torch.float32).view(64, 8) / 100)
            self.scale = torch.nn.Buffer(torch.tensor(12), persistent=False)

        def forward(self, token_ids: torch.Tensor, positions: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
            return body(self.table[token_ids], self.scale)[:, rows].float()

    inputs = (torch.zeros(1, 37, dtype=torch.int64), torch.arange(37)[None], torch.arange(11))
    shapes = ({1: Dim.DYNAMIC}, {1: Dim.DYNAMIC}, {0: Dim.DYNAMIC})
    with torch.no_grad():
        return torch.export.export(Model(), inputs, dynamic_shapes=shapes, strict=False)


def run(exported: ExportedProgram) -> torch.Tensor:
    token_ids = torch.arange(20)[None]
    given = iter([token_ids, torch.arange(20)[None], torch.arange(20)])
    values = {**exported.state_dict, **exported.constants}
    arguments = [next(given) if s.target is None else values[s.target] for s in exported.graph_signature.input_specs]
    out: torch.Tensor = exported.graph_module(*arguments)[0]
    return out


BODIES: dict[str, Body] = {
    "a cast that ends the graph": lambda x, c: x * 2,
    "division in place": lambda x, c: (x + 1).div_(x.abs().sum(-1, keepdim=True) + 1),
    "a scatter in place": lambda x, c: torch.zeros_like(x).scatter_(-1, x.topk(2, -1).indices, 1.0) * x,
    "complex rotation": lambda x, c: torch.view_as_real(
        torch.view_as_complex(x.reshape(1, -1, 4, 2)) * torch.polar(torch.ones(4), torch.arange(4.0))
    ).flatten(2),
    "a literal that is converted": lambda x, c: x * c.to(torch.float32),
    "standard deviation": lambda x, c: x / (x.std(-1, keepdim=True, unbiased=False) + 1),
}


@pytest.mark.parametrize("name", BODIES)
def test_equal_before_and_after(name: str) -> None:
    wanted = run(program(BODIES[name]))
    after = normalise(program(BODIES[name]))
    torch.testing.assert_close(run(after), wanted)
    names = {node.name for node in after.graph.nodes}
    assert {spec.arg.name for spec in after.graph_signature.output_specs} <= names
    assert not any(node.meta["val"].is_complex() for node in after.graph.nodes if _is_tensor(node))


def _is_tensor(node: torch.fx.Node) -> bool:
    return isinstance(node.meta.get("val"), torch.Tensor)
