"""Packed projections and convolutions against torch's own operators, in every geometry and at values that are no numbers."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from aweigh.kernels.cpu import packed
from aweigh.kernels.reference.activation import ACTIVATIONS

DTYPES = [dtype for dtype in (torch.float32, torch.bfloat16) if packed.packs(dtype)]
ROUNDING = {torch.float32: 2e-6, torch.bfloat16: 2e-2}
ODD = torch.tensor([float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e30, -1e30, 88.0, -88.0, 1e-40])

pytestmark = pytest.mark.skipif(not DTYPES, reason="torch carries no oneDNN here")


@pytest.fixture(autouse=True)
def _at_rest() -> Any:
    with torch.inference_mode():
        yield


def tensor(*shape: int, dtype: torch.dtype = torch.float32, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def assert_close(found: Tensor, expected: Tensor) -> None:
    assert found.shape == expected.shape and found.dtype == expected.dtype
    rounding = ROUNDING[found.dtype]
    torch.testing.assert_close(found, expected, atol=rounding * 10, rtol=rounding * 10)


def test_float32_is_packed_and_what_onednn_does_not_multiply_is_not() -> None:
    assert packed.packs(torch.float32)
    assert not any(map(packed.packs, (torch.float64, torch.float16, torch.int64)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5,), (1, 5), (7, 5), (2, 3, 5), (2, 1, 3, 5), (0, 5), (2, 0, 5)])
@pytest.mark.parametrize("biased", [False, True])
def test_projections_of_any_rank(dtype: torch.dtype, shape: tuple[int, ...], biased: bool) -> None:
    x, weight_OC = tensor(*shape, dtype=dtype), tensor(3, 5, dtype=dtype, seed=1)
    bias_O = tensor(3, dtype=dtype, seed=2) if biased else None
    expected = F.linear(x, weight_OC, bias_O)
    assert_close(packed.linear(x, packed.pack_linear(weight_OC, bias_O)), expected)
    (both, again) = packed.merged_linear(x, packed.pack_linears([weight_OC, weight_OC], [bias_O, None]))
    assert_close(both, expected)
    assert_close(again, F.linear(x, weight_OC))


def test_projections_of_views() -> None:
    x = tensor(6, 4, 5).transpose(0, 2)[:, 1:, ::2]
    weight_OC = tensor(3, 7, seed=1)[:, 2:5]
    held = packed.pack_linear(weight_OC)
    assert_close(packed.linear(x, held), F.linear(x, weight_OC))


def test_a_packed_weight_is_a_copy() -> None:
    weight_OC = tensor(4, 5)
    held, expected = packed.pack_linear(weight_OC), F.linear(tensor(2, 5), weight_OC)
    weight_OC.zero_()
    assert_close(packed.linear(tensor(2, 5), held), expected)


@pytest.mark.parametrize("name", [*packed.FUSED, packed.RELU])
def test_activations_keep_what_is_no_number(name: str) -> None:
    x_NC = torch.cat((ODD, tensor(54) * 4)).view(16, 4)
    held, exact = packed.pack_linear(torch.eye(4)), ACTIVATIONS[name]
    rows = x_NC[torch.isfinite(x_NC).all(dim=1)]
    assert_close(packed.linear(rows, held, activation=name), exact(rows))
    spread_NC = torch.diag(ODD)  # NaN and infinities spoil their row of a product: one of them in each
    product = packed.linear(spread_NC, packed.pack_linear(torch.eye(len(ODD))))
    found = packed.linear(spread_NC, packed.pack_linear(torch.eye(len(ODD))), activation=name)
    torch.testing.assert_close(found, exact(product), equal_nan=True, atol=1e-6, rtol=1e-5)


GEOMETRIES = [
    packed.Geometry(),
    packed.Geometry(stride=(2, 2), padding=(1, 1)),
    packed.Geometry(stride=(1, 3), padding=(2, 0)),
    packed.Geometry(dilation=(2, 1), padding=(2, 1)),
    packed.Geometry(groups=2, padding=(1, 1)),
    packed.Geometry(groups=4, padding=(1, 1), stride=(2, 1)),
]


def convolved(x_NCHW: Tensor, weight_OCHW: Tensor, bias_O: Tensor | None, shape: packed.Geometry) -> Tensor:
    return F.conv2d(x_NCHW, weight_OCHW, bias_O, shape.stride, shape.padding, shape.dilation, shape.groups)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", GEOMETRIES, ids=str)
@pytest.mark.parametrize("biased", [False, True])
def test_convolutions_of_every_geometry(dtype: torch.dtype, shape: packed.Geometry, biased: bool) -> None:
    x_NCHW = tensor(2, 4, 9, 11, dtype=dtype)
    weight_OCHW = tensor(8, 4 // shape.groups, 3, 3, dtype=dtype, seed=1)
    bias_O = tensor(8, dtype=dtype, seed=2) if biased else None
    expected = convolved(x_NCHW, weight_OCHW, bias_O, shape)
    held = packed.pack_convolution(weight_OCHW, bias_O, geometry=shape)
    for x in (x_NCHW, x_NCHW.contiguous(memory_format=torch.channels_last), x_NCHW.flip(3).flip(3)):
        found = packed.convolution(x, held)
        assert_close(found, expected)
        assert found.is_contiguous(memory_format=torch.channels_last)
    assert_close(packed.convolution(x_NCHW[0], held), expected[0])
    for activation in ("gelu", "silu", packed.RELU):
        assert_close(packed.convolution(x_NCHW, held, activation=activation), ACTIVATIONS[activation](expected))
    other = tensor(*expected.shape, dtype=dtype, seed=3)
    kept = other.clone()
    assert_close(packed.convolution_add(x_NCHW, held, other), expected + other)
    assert_close(packed.convolution_add(x_NCHW[1], held, other[1], activation=packed.RELU), F.relu(expected + other)[1])
    assert torch.equal(other, kept), "what is added is only read"
    for activation in ("", packed.RELU):
        fresh = packed.convolution(x_NCHW, held)
        found = packed.convolution_into(x_NCHW, held, fresh, activation=activation)
        assert_close(found, F.relu(2 * expected) if activation else 2 * expected)
        assert found.data_ptr() == fresh.data_ptr(), "what may be overwritten is"
    assert_close(packed.convolution_into(x_NCHW[1], held, other[1].clone()), (expected + other)[1])


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize("affine", [False, True])
def test_a_batch_norm_goes_into_the_weights(groups: int, biased: bool, affine: bool) -> None:
    x_NCHW, weight_OCHW = tensor(2, 4, 6, 6), tensor(8, 4 // groups, 3, 3, seed=1)
    bias_O = tensor(8, seed=2) if biased else None
    scale_O, shift_O = (tensor(8, seed=3), tensor(8, seed=4)) if affine else (None, None)
    mean_O, variance_O = tensor(8, seed=5), tensor(8, seed=6).abs() + 1e-3
    shape = packed.Geometry(groups=groups)
    expected = F.batch_norm(
        convolved(x_NCHW, weight_OCHW, bias_O, shape), mean_O, variance_O, scale_O, shift_O, eps=1e-3
    )
    norm = (scale_O, shift_O, mean_O, variance_O)
    held = packed.pack_convolution(weight_OCHW, bias_O, norm, geometry=shape, epsilon=1e-3)
    assert_close(packed.convolution(x_NCHW, held), expected)


def test_no_picture_at_all() -> None:
    held = packed.pack_convolution(tensor(8, 4, 3, 3), geometry=packed.Geometry())
    assert packed.convolution(torch.zeros(0, 4, 9, 9), held).shape == (0, 8, 7, 7)
