"""What is added to scores by distance: rows may be scaled, and whatever is not made of distances is refused."""

from typing import Any

import pytest
import torch
from tests.compiler.test_locality import graph
from torch import Tensor

from aweigh.compiler.capture.attention import attention
from aweigh.compiler.capture.counter import counted_layers
from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.positions import use_positions
from aweigh.compiler.capture.relative import recover_relative
from aweigh.compiler.capture.simplify import eliminate_dead
from aweigh.proto.errors import UnsupportedModel


def attends(bias: Tensor, x: Tensor) -> Tensor:
    heads = x.view(1, -1, 2, 4).transpose(1, 2)
    with counted_layers():
        out, _ = attention(torch.nn.Module(), heads, heads, heads, None, 1.0, position_bias=bias)
    return out.reshape(1, -1, 8)


def spread(x: Tensor) -> Tensor:
    made: Tensor = torch.ops.aweigh.spread(x.view(1, -1, 2, 4).transpose(1, 2), x.shape[1])
    return made


def scale(x: Tensor) -> Tensor:
    return torch.log(torch.arange(x.shape[1]).float() + 2.0).view(1, 1, -1, 1)


MADE: dict[str, Any] = {
    "as it is": spread,
    "scaled by the position": lambda x: (spread(x).float() * scale(x)).to(torch.bfloat16),
    "scaled twice": lambda x: spread(x) * scale(x) * (scale(x) + 1.0),
}

OTHERWISE: dict[str, Any] = {
    "pairs that are products": lambda x: (x @ x.transpose(1, 2))[:, None],
    "scaled by the key": lambda x: spread(x) * scale(x).transpose(2, 3),
    "a sum": lambda x: spread(x) + 1.0,
}


@pytest.mark.parametrize("name", MADE)
def test_scores_by_distance_are_an_operand(name: str) -> None:
    made = graph(lambda x, p: attends(MADE[name](x), x))
    recover_relative(made)
    eliminate_dead(made)
    use_positions(made)
    eliminate_dead(made)
    check_locality(made)
    (attend,) = made.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)
    relative: Any = attend.args[8]
    assert list(relative.meta["val"].shape[1:2]) == [2] and relative.meta["val"].shape[3] == 4
    assert relative.meta["val"].dtype == (torch.bfloat16 if name == "scaled by the position" else torch.float32)


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_bias_stays_one_for_all_pairs(name: str) -> None:
    made = graph(lambda x, p: attends(OTHERWISE[name](x), x))
    recover_relative(made)
    (attend,) = made.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)
    assert attend.args[7] is not None and attend.args[8] is None


def test_sinks_per_key_are_refused() -> None:
    heads = torch.zeros(1, 2, 3, 4)
    with pytest.raises(UnsupportedModel, match="not of heads and tokens"):
        attention(torch.nn.Module(), heads, heads, heads, None, 1.0, sinks=torch.zeros(1, 2, 3, 2))
