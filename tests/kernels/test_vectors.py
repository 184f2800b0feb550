"""Float32 vectors of native code: the same sums both ways, and the exponential against torch's in float64."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels import mlir
from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import LANES
from aweigh.kernels.cpu.native import compiled, module_of
from aweigh.kernels.cpu.vectors import (
    exponential,
    hyperbolic_tangent,
    largest_lane,
    normal_tail,
    sum_of_lanes,
    sums_of_lanes,
)


def apply(body: Callable[[list[Any]], list[Any]], vectors_VL: Tensor) -> Tensor:
    """Runs `body` over the rows of a tensor as vectors; one row of the result per vector that it returns."""

    def task(table: Any, thread: Any, threads: Any) -> None:
        float32 = mlir.ir.F32Type.get()
        kind = b.vector_type(LANES, float32)
        source, target = b.pointer_field(table, 1), b.pointer_field(table, 2)
        rows = [b.integer(i * LANES) for i in range(len(vectors_VL))]
        results = body([b.load(b.offset(source, row, float32), kind, 4) for row in rows])
        for i, result in enumerate(results):
            b.store(result, b.offset(target, b.integer(i * LANES), float32), 4)

    out = torch.full((LANES, LANES), float("nan"))
    compiled(lambda: task).run((1, vectors_VL.data_ptr(), out.data_ptr()))
    return out


def spread(value: Any) -> Any:
    return mlir.vector.broadcast(b.vector_type(LANES, mlir.ir.F32Type.get()), value)


def test_sixteen_sums_at_once_are_the_sixteen_sums() -> None:
    vectors = torch.randn(LANES, LANES, generator=torch.Generator().manual_seed(0)) * 10 ** torch.arange(-8.0, 8.0)
    together = apply(lambda rows: [sums_of_lanes(rows)], vectors)[0]
    one_by_one = apply(lambda rows: [spread(sum_of_lanes(row)) for row in rows], vectors)[:, 0]
    assert torch.equal(together, one_by_one)
    torch.testing.assert_close(together.double(), vectors.double().sum(1), rtol=1e-5, atol=1.0)


@pytest.mark.parametrize("place", [0, 7, 15])
def test_the_largest_lane(place: int) -> None:
    vectors = torch.full((2, LANES), -3.0)
    vectors[0, place] = 2.5
    vectors[1, place] = float("nan")
    found = apply(lambda rows: [spread(largest_lane(row)) for row in rows], vectors)
    assert found[0, 0] == 2.5 and found[1, 0].isnan()


def test_the_exponential() -> None:
    x = -torch.logspace(-9, 1.93, 12 * LANES, dtype=torch.float64).float().view(12, LANES)
    found = apply(lambda rows: [exponential(row) for row in rows], x)[:12].double()
    assert ((found - x.double().exp()).abs() <= 2 * 2**-23 * x.double().exp()).all()


def test_the_exponential_at_its_ends() -> None:
    x = torch.full((1, LANES), 0.0)
    x[0, 1:5] = torch.tensor([float("-inf"), -1e30, -88.0, float("nan")])
    found = apply(lambda rows: [exponential(row) for row in rows], x)[0]
    assert found[0] == 1.0 and found[1] == found[2] == found[3] == 0.0 and found[4].isnan() and found[5] == 1.0


def test_the_hyperbolic_tangent() -> None:
    half = torch.cat(
        [torch.logspace(-9, 1.5, 6 * LANES, dtype=torch.float64), torch.linspace(0.5, 0.75, 2 * LANES).double()]
    )
    x = torch.cat([half, -half]).float().view(16, LANES)
    found = apply(lambda rows: [hyperbolic_tangent(row) for row in rows], x).double()
    assert ((found - x.double().tanh()).abs() <= 2 * 2**-23 * x.double().tanh().abs()).all()
    ends = torch.zeros(1, LANES)
    ends[0, 1:5] = torch.tensor([float("inf"), float("-inf"), float("nan"), -0.0])
    found = apply(lambda rows: [hyperbolic_tangent(row) for row in rows], ends)[0]
    assert found[:3].tolist() == [0.0, 1.0, -1.0] and found[3].isnan() and found[4].signbit()


def test_the_tail_of_a_normal_distribution() -> None:
    x = torch.cat([torch.linspace(0, 13, 15 * LANES), torch.logspace(-9, -1, LANES)]).view(16, LANES)
    found = apply(lambda rows: [normal_tail(row) for row in rows], x).double()
    exact = torch.special.erfc(x.double() / 2**0.5) / 2
    assert ((found - exact).abs() <= 4 * 2**-23 * exact).all()
    ends = torch.zeros(1, LANES)
    ends[0, 1:4] = torch.tensor([float("inf"), float("nan"), 20.0])
    found = apply(lambda rows: [normal_tail(row) for row in rows], ends)[0]
    assert found[:2].tolist() == [0.5, 0.0] and found[2].isnan() and found[3] == 0.0


def test_a_sum_of_lanes_is_a_tree() -> None:
    with mlir.ir.Context(), mlir.ir.Location.unknown():

        def task(*_: object) -> None:
            sum_of_lanes(b.zeros(b.vector_type(LANES, mlir.ir.F32Type.get())))

        lines = str(module_of(task)).splitlines()
    sums = [line.rsplit(":", 1)[1].strip() for line in lines if "arith.addf" in line]
    assert sums == ["vector<8xf32>", "vector<4xf32>", "vector<2xf32>", "vector<1xf32>"]
