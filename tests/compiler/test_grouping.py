"""Rows that are sorted by expert stay where they are, with the same values."""

from typing import Any

import pytest
import torch
from torch.export import Dim

from aweigh.compiler.capture.grouping import Ungrouped, ungrouped

EXPERTS, PLACES, WIDTH = 4, 2, 8


class Sorted(torch.nn.Module):
    """Pairs of token and expert, sorted by expert, one product for each group."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(EXPERTS, WIDTH, WIDTH))

    def forward(self, x_NC: torch.Tensor, weights_NA: torch.Tensor, chosen_NA: torch.Tensor) -> torch.Tensor:
        ones_NE = torch.zeros(x_NC.shape[0], EXPERTS).scatter(1, chosen_NA, 1)
        counts = ones_NE.long().sum(0).tolist()
        _, order = chosen_NA.flatten().sort(0)
        tokens = order.div(PLACES, rounding_mode="trunc")
        parts = x_NC[tokens].split(counts, dim=0)  # type: ignore[no-untyped-call]
        made = torch.cat([torch.nn.functional.linear(parts[i], self.weight[i]) for i in range(EXPERTS)], dim=0)
        made = torch.relu(made) * weights_NA.flatten()[order][:, None]
        return torch.zeros_like(x_NC).index_add(0, tokens, made)


def exported(module: torch.nn.Module, *inputs: torch.Tensor) -> tuple[Any, Ungrouped]:
    shapes = tuple({0: Dim.DYNAMIC} for _ in inputs)
    with torch.no_grad(), ungrouped() as groups:
        program = torch.export.export(module, inputs, dynamic_shapes=shapes, strict=False)
    return program.module(), groups


def inputs(rows: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    weights, chosen = torch.randn(rows, EXPERTS).softmax(-1).topk(PLACES)
    return torch.randn(rows, WIDTH), weights, chosen


@pytest.mark.parametrize("rows", [2, 3, 9])
def test_groups_of_rows(rows: int) -> None:
    torch.manual_seed(0)
    module = Sorted()
    made, groups = exported(module, *inputs(37))
    assert groups.used
    given = inputs(rows)
    torch.testing.assert_close(made(*given), module(*given))


def test_counts_of_something_else_are_left_alone() -> None:
    class Other(Sorted):
        def forward(self, x_NC: torch.Tensor, weights_NA: torch.Tensor, chosen_NA: torch.Tensor) -> torch.Tensor:
            return super().forward(x_NC, weights_NA, chosen_NA) + len((chosen_NA > 1).sum(0).tolist())

    torch.manual_seed(0)
    made, groups = exported(Other(), *inputs(37))
    assert groups.used
    assert made(*inputs(5)).shape == (5, WIDTH)


def test_nothing_sorted_is_not_used() -> None:
    _, groups = exported(torch.nn.Linear(WIDTH, WIDTH), torch.randn(37, WIDTH))
    assert not groups.used
