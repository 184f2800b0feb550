"""The proof that tokens stay apart: what is local passes, what mixes tokens is refused with the operator's name."""

from collections.abc import Callable

import pytest
import torch
from torch.export import Dim

from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.positions import use_positions
from aweigh.proto.errors import UnsupportedModel

Body = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def graph(body: Body) -> torch.fx.Graph:
    """The graph of `body(hidden [1, T, 8], positions [1, T])` with T symbolic."""

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = torch.nn.Buffer(torch.randn(64, 8))

        def forward(self, token_ids: torch.Tensor, positions: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
            return body(self.table[token_ids], positions)[:, rows]

    inputs = (torch.zeros(1, 37, dtype=torch.int64), torch.arange(37)[None], torch.arange(11))
    shapes = ({1: Dim.DYNAMIC}, {1: Dim.DYNAMIC}, {0: Dim.DYNAMIC})
    with torch.no_grad():
        program = torch.export.export(Model(), inputs, dynamic_shapes=shapes, strict=False)
    found: torch.fx.Graph = program.run_decompositions({}).graph
    return found


LOCAL: dict[str, Body] = {
    "pointwise": lambda x, p: torch.relu(x) * p[..., None].float(),
    "softmax over features": lambda x, p: x.softmax(-1),
    "heads and back": lambda x, p: x.view(1, -1, 2, 4).transpose(1, 2).transpose(1, 2).reshape(1, -1, 8),
    "flat tokens": lambda x, p: (x.view(-1, 8) @ torch.ones(8, 8)).view(1, -1, 8),
    "experts per token": lambda x, p: x.view(-1, 8).repeat_interleave(2, 0).view(-1, 2, 8).sum(1)[None],
    "every expert sees every token": lambda x, p: x[0].repeat(3, 1).view(3, -1, 8).sum(0)[None],
    "choice of features": lambda x, p: x.gather(-1, x.topk(4, -1).indices),
}

MIXED: dict[str, Body] = {
    "cumulative sum": lambda x, p: x.cumsum(1),
    "mean over tokens": lambda x, p: x - x.mean(1, keepdim=True),
    "shift": lambda x, p: torch.cat([x[:, 1:], x[:, :1]], 1),
    "convolution": lambda x, p: torch.conv1d(x.transpose(1, 2), torch.ones(8, 8, 3), padding=1).transpose(1, 2),
    "scores": lambda x, p: (x @ x.transpose(1, 2)).softmax(-1) @ x,
    "softmax over tokens": lambda x, p: x.softmax(1),
    "length as a number": lambda x, p: x * x.shape[1],
    "heads read as tokens": lambda x, p: x.transpose(1, 2).reshape(1, -1, 8),
    "flip": lambda x, p: x.flip(1),
}


@pytest.mark.parametrize("name", LOCAL)
def test_local(name: str) -> None:
    check_locality(graph(LOCAL[name]))


@pytest.mark.parametrize("name", MIXED)
def test_mixed(name: str) -> None:
    with pytest.raises(UnsupportedModel, match="mixes tokens of the batch"):
        check_locality(graph(MIXED[name]))


def test_a_place_in_the_batch_becomes_a_position() -> None:
    made = graph(lambda x, p: x * torch.arange(x.shape[1])[None, :, None])
    with pytest.raises(UnsupportedModel):
        check_locality(made)
    use_positions(made)
    check_locality(made)


def test_a_running_count_becomes_a_position() -> None:
    made = graph(lambda x, p: x * torch.ones(1, x.shape[1], dtype=torch.int64).cumsum(1)[..., None])
    use_positions(made)
    check_locality(made)
