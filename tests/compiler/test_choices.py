"""Rows that the data choose are traced as all rows and a mask: same values, no shape that depends on data."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.export import Dim

from aweigh.compiler.capture.choices import AllRows

EXPERTS, PLACES, WIDTH = 4, 2, 8


class Experts(torch.nn.Module):
    """A loop over the experts that somebody chose."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(EXPERTS, WIDTH, WIDTH))

    def forward(self, x_NC: torch.Tensor, weights_NA: torch.Tensor, chosen_NA: torch.Tensor) -> torch.Tensor:
        out = torch.zeros_like(x_NC)
        mask = torch.nn.functional.one_hot(chosen_NA, num_classes=EXPERTS + 1).permute(2, 1, 0)
        for expert in (mask.sum((-1, -2)) > 0).nonzero():
            expert = expert[0]
            place, row = torch.where(mask[expert])
            y = torch.relu(x_NC[row] @ self.weight[expert]) * weights_NA[row, place, None]
            out.index_add_(0, row, y)
        return out


class Adapters(torch.nn.Module):
    """Rows of each kind go through a layer of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(torch.nn.Linear(WIDTH, WIDTH) for _ in range(3))

    def forward(self, x_NC: torch.Tensor, kind_N: torch.Tensor) -> torch.Tensor:
        out = torch.zeros_like(x_NC)
        for number, layer in enumerate(self.layers):
            mine = kind_N == number
            out[mine] = layer(x_NC[mine])
        return out


def exported(module: torch.nn.Module, *inputs: torch.Tensor) -> tuple[Callable[..., Any], AllRows]:
    shapes = tuple({0: Dim.DYNAMIC} for _ in inputs)
    with torch.no_grad(), AllRows() as choices:
        program = torch.export.export(module, inputs, dynamic_shapes=shapes, strict=False)
    return program.module(), choices


def inputs(rows: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    scores = torch.randn(rows, EXPERTS)
    weights, chosen = scores.softmax(-1).topk(PLACES)
    return torch.randn(rows, WIDTH), weights, chosen


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_experts_in_a_loop(rows: int) -> None:
    torch.manual_seed(0)
    module = Experts()
    made, choices = exported(module, *inputs(37))
    assert choices.settled()
    given = inputs(rows)
    torch.testing.assert_close(made(*given), module(*given))


def test_an_expert_that_nobody_chose_adds_nothing() -> None:
    torch.manual_seed(0)
    module = Experts()
    made, _ = exported(module, *inputs(37))
    x, weights, _ = inputs(3)
    chosen = torch.tensor([[0, 1], [1, 0], [0, 1]])
    torch.testing.assert_close(made(x, weights, chosen), module(x, weights, chosen))


def test_rows_of_a_kind() -> None:
    torch.manual_seed(0)
    module = Adapters()
    made, choices = exported(module, torch.randn(37, WIDTH), torch.arange(37) % 3)
    assert choices.settled()
    x, kind = torch.randn(6, WIDTH), torch.tensor([2, 0, 0, 1, 2, 2])
    torch.testing.assert_close(made(x, kind), module(x, kind))


def test_rows_that_are_read_and_never_written_back_are_not_settled() -> None:
    class Reads(torch.nn.Module):
        def forward(self, x: torch.Tensor, kind: torch.Tensor) -> torch.Tensor:
            return x[kind == 1] * 2

    _, choices = exported(Reads(), torch.randn(37, WIDTH), torch.arange(37) % 3)
    assert not choices.settled()


def test_nothing_chosen_is_not_settled() -> None:
    _, choices = exported(torch.nn.Linear(WIDTH, WIDTH), torch.randn(37, WIDTH))
    assert not choices.settled()
