"""Numbers of a call become tensors in the half of a graph that leaves: same values, same dtypes, and no Program per value."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.offload.conftest import Run
from tests.offload.test_modules import _calls, _report
from torch import fx

from aweigh.compiler.offload.module.partition import Tangled, partition

Function = Callable[[torch.Tensor, float, int], Any]

LIFTED: dict[str, Function] = {
    "a product": lambda x, sigma, step: x * sigma,
    "a number first": lambda x, sigma, step: 1 - x / (2 - sigma),
    "a power": lambda x, sigma, step: x.abs().add(0.1) ** sigma,
    "arithmetic of numbers": lambda x, sigma, step: x * (1 / (sigma**2 + 1) ** 0.5) + step * sigma - -step,
    "an int and a tensor": lambda x, sigma, step: x * step + step,
    "a sum without dimensions": lambda x, sigma, step: x.sum() * sigma,
    "a tensor of it": lambda x, sigma, step: (
        x + torch.tensor(sigma) + torch.tensor([step]) + torch.tensor([sigma, 2.0])[0]
    ),
    "filled with it": lambda x, sigma, step: (
        torch.full((x.shape[0],), step, dtype=torch.long) + torch.full_like(x, sigma).T
    ),
    "a number over a tensor": lambda x, sigma, step: sigma / (x.abs() + 0.5),
    "a tensor of it, written to": lambda x, sigma, step: torch.tensor(step + 1).add_(5) + x * (step + 1),
    "a row of a table": lambda x, sigma, step: x[step] + x[-step],
}


def halves(function: Function, x: torch.Tensor) -> tuple[fx.GraphModule, set[str]]:
    """The half that leaves of a call that differed from the one before it in both numbers."""
    graphs: list[fx.GraphModule] = []

    def keep(graph: fx.GraphModule, examples: list[Any]) -> Callable[..., Any]:
        graphs.append(graph)
        return graph.forward

    torch._dynamo.reset()
    captured = torch._dynamo.optimize(keep)(lambda x, sigma, step: function(x, sigma, step))
    for sigma, step in ((0.5, 2), (0.25, 3)):
        captured(x, sigma, step)
    parts = partition(graphs[-1])
    return parts.remote, parts.numbers


def told(remote: fx.GraphModule, numbers: set[str], x: torch.Tensor, sigma: float, step: int) -> Any:
    """What it gives, its arguments taken by dtype and name."""
    given: list[Any] = []
    for node in remote.graph.find_nodes(op="placeholder"):
        value = node.meta["example_value"]
        if node.name in numbers:
            given.append(torch.tensor(step))
        elif isinstance(value, torch.Tensor) and value.dtype is torch.float64 and not value.dim():
            given.append(torch.tensor(sigma, dtype=torch.float64))
        else:
            given.append(x if isinstance(value, torch.Tensor) else step)
    (found,) = remote.forward(*given)
    return found


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64])
@pytest.mark.parametrize("name", list(LIFTED))
def test_it_means_the_same_for_other_numbers(name: str, dtype: torch.dtype) -> None:
    function, x = LIFTED[name], (torch.randn(6, 6, generator=torch.Generator().manual_seed(1)) * 4).to(dtype)
    try:
        remote, numbers = halves(function, x)
    except Tangled:
        assert name == "a sum without dimensions" and dtype is torch.bfloat16
        return
    assert not any(isinstance(node.meta.get("example_value"), torch.SymFloat) for node in remote.graph.nodes)
    for sigma, step in ((0.75, 4), (1.5, 5)):
        wanted, found = function(x, sigma, step), told(remote, numbers, x, sigma, step)
        assert found.dtype == wanted.dtype and found.shape == wanted.shape
        torch.testing.assert_close(found, wanted)


def test_a_size_stays_a_size() -> None:
    _, numbers = halves(lambda x, sigma, step: torch.zeros(step) + x.sum() * sigma, torch.ones(3))
    assert not numbers


def test_a_number_that_an_operator_wants_as_such_is_refused() -> None:
    with pytest.raises(Tangled, match="where none but a fixed one may stand"):
        halves(lambda x, sigma, step: torch.nn.functional.leaky_relu(x, sigma), torch.ones(3))


def written(x: torch.Tensor, sigma: float, step: int) -> torch.Tensor:
    y = x * 2
    y[step].add_(1)
    return y


def test_a_row_that_is_written_to_stays_a_view() -> None:
    _, numbers = halves(written, torch.ones(6, 6))
    assert not numbers


@pytest.mark.slow
def test_arithmetic_that_python_refuses_is_pythons(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(8, 8)
    def forward(self, x, sigma):
        return self.inner(x) * (1 / (sigma - 0.75))
net, x = Net().eval().requires_grad_(False), torch.ones(2, 8)
for sigma in (0.25, 0.5, 0.75, 1.0):
    try:
        print(tuple(net(x, sigma).shape))
    except ZeroDivisionError as error:
        print(error)
"""
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code)
    assert done.stdout.splitlines() == ["(2, 8)", "(2, 8)", "float division by zero", "(2, 8)"], done.stderr
    assert _calls(summary, "module") == 3


@pytest.mark.slow
def test_a_denoising_loop_makes_two_programs(aweigh_run: Run, tmp_path: Path) -> None:
    code = """
import torch
from torch import nn
class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.time = nn.Linear(8, 8), nn.Embedding(20, 8)
    def forward(self, x, sigma, step):
        scaled = x / (sigma**2 + 1) ** 0.5
        return x - sigma * self.inner(scaled + self.time(torch.full((x.shape[0],), step)))
net, x = Denoiser().eval().requires_grad_(False), torch.ones(2, 8)
for step in reversed(range(20)):
    sigma = step / 20 + 0.01
    scaled = x / (sigma**2 + 1) ** 0.5
    wanted = x - sigma * (scaled + net.time.weight[step]).matmul(net.inner.weight.T).add(net.inner.bias)
    x = net(x, sigma, step)
    print(torch.allclose(x, wanted, atol=1e-4))
"""
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    done, summary = _report(aweigh_run, tmp_path / "report.json", "-c", code, FAKE_GRAPHS=str(graphs))
    assert done.returncode == 0, done.stderr
    assert _calls(summary, "module") == 20
    assert done.stdout.split() == ["True"] * 20
    assert len(list(graphs.iterdir())) == 2
