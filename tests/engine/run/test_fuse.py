"""Whole modules with packed products and what follows them fused, against the module itself in plain torch."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.engine.run.modules import model, run
from torch import Tensor, nn
from torch.export import Dim
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from aweigh.kernels.cpu import packed

pytestmark = pytest.mark.skipif(not packed.packs(torch.float32), reason="torch carries no oneDNN here")


_LAYOUT = {
    "contiguous",
    "reshape",
    "view",
    "transpose",
    "permute",
    "unsqueeze",
    "expand",
    "detach",
    "clone",
    "select",
    "slice",
}


class Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the operators that run and compute."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = str(function).split(".")[1]
        if name not in _LAYOUT:
            self.counts[name] += 1
        return function(*args, **(kwargs or {}))


def drawn(module: nn.Module) -> nn.Module:
    """The module with weights, and statistics of batch norms, that are its own."""
    generator = torch.Generator().manual_seed(0)
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if tensor.is_floating_point():
            values = torch.randn(tensor.shape, generator=generator) * 0.3
            tensor.data.copy_(values.abs() + 0.1 if name.endswith("running_var") else values)
    return module.eval()


def ran(module: nn.Module, x: Tensor, directory: Path, *more: Tensor, **export: Any) -> Counter[str]:
    """Compares every output for every input given; returns what ran for the first one."""
    loaded = model(module, (x,), directory, **export)
    for given in (x, *more):
        with torch.inference_mode():
            expected = module(given)
        expected = expected if isinstance(expected, tuple) else (expected,)
        found = run(loaded, given)
        rounding = 1e-5 if given.dtype is torch.float32 else 3e-2
        for one, other in zip(found, expected, strict=True):
            assert one.dtype == other.dtype
            torch.testing.assert_close(one, other, atol=rounding, rtol=rounding * 10)
    operators = Operators()
    with operators:
        run(loaded, x)
    return operators.counts


PICTURES = torch.randn(2, 4, 10, 12, generator=torch.Generator().manual_seed(1))
ROWS = torch.randn(3, 5, 8, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("groups", [1, 4])
@pytest.mark.parametrize("bias", [False, True])
def test_a_convolution_takes_norm_and_activation_along(
    stride: int, dilation: int, groups: int, bias: bool, tmp_path: Path
) -> None:
    convolution = nn.Conv2d(4, 8, 3, stride, padding=1, dilation=dilation, groups=groups, bias=bias)
    module = drawn(nn.Sequential(convolution, nn.BatchNorm2d(8), nn.ReLU()))
    counts = ran(module, PICTURES, tmp_path)
    assert counts == {"_convolution_pointwise": 1, "relu_": 1}, counts


@pytest.mark.parametrize("norm", [nn.BatchNorm2d(8, affine=False), nn.BatchNorm2d(8, eps=0.5), nn.Identity()])
@pytest.mark.parametrize("activation", [nn.SiLU(), nn.Sigmoid(), nn.Tanh(), nn.GELU(), nn.GELU("tanh")])
def test_activations_that_onednn_has(norm: nn.Module, activation: nn.Module, tmp_path: Path) -> None:
    module = drawn(nn.Sequential(nn.Conv2d(4, 8, (1, 3), padding=(0, 1)), norm, activation))
    assert ran(module, PICTURES, tmp_path) == {"_convolution_pointwise": 1}


def test_an_activation_that_it_has_not(tmp_path: Path) -> None:
    counts = ran(
        drawn(nn.Sequential(nn.Conv2d(4, 8, 3), nn.Hardswish(), nn.Conv2d(8, 4, 1), nn.ELU())), PICTURES, tmp_path
    )
    assert counts["_convolution_pointwise"] == 2


class Residual(nn.Module):
    """The join of two branches; `straight`: one of them is the input itself."""

    def __init__(self, straight: bool, swapped: bool) -> None:
        super().__init__()
        self.first, self.norm1 = nn.Conv2d(4, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8)
        self.second, self.norm2 = nn.Conv2d(8, 4, 1, bias=False), nn.BatchNorm2d(4)
        self.shortcut = nn.Identity() if straight else nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
        self.swapped = swapped

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.second(F.relu(self.norm1(self.first(x)))))
        return F.relu(self.shortcut(x) + y if self.swapped else y + self.shortcut(x))


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("swapped", [False, True])
def test_residual_joins(straight: bool, swapped: bool, tmp_path: Path) -> None:
    counts = ran(drawn(nn.Sequential(Residual(straight, swapped), Residual(straight, swapped))), PICTURES, tmp_path)
    into = 1 if straight else 2  # of two joins: what the module is given is nobody's to overwrite
    assert counts.pop("add_", 0) == 2 - into
    assert counts == {
        "_convolution_pointwise": (4 if straight else 6) - into,
        "_convolution_pointwise_": into,
        "relu_": 4,
    }


class Joins(nn.Module):
    """Sums of convolutions whose other operand lives on, or is what the convolution reads."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = (nn.Conv2d(4, 4, 3, padding=1) for _ in range(2))

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        a = self.one(x)
        own = a + self.two(a)
        b = self.one(own)
        viewed = b.permute(0, 2, 3, 1)
        c = b + self.two(x)
        given = x + self.two(own)
        d = self.one(c)
        e = d + self.two(c)
        return own, viewed * 2, F.relu(c), given, e + self.one(d), self.two(e)


def test_what_lives_on_is_not_overwritten(tmp_path: Path) -> None:
    x = PICTURES.clone()
    counts = ran(drawn(Joins()), x, tmp_path)
    assert torch.equal(x, PICTURES)
    assert counts["add_"], "some were added behind their convolution"


class Twice(nn.Module):
    """Values that two read: nothing may be done to them on the way to either."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.norm = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.linear = nn.Linear(12, 12)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        plain = self.convolution(x)
        normed = self.norm(plain)
        summed = normed + plain
        product = self.linear(summed)
        doubled = product + product
        return plain, F.relu(normed), F.relu(summed), F.gelu(product), doubled, product + summed


def test_values_that_are_read_twice(tmp_path: Path) -> None:
    counts = ran(drawn(Twice()), PICTURES, tmp_path)
    assert counts["_convolution_pointwise"] == 1
    assert counts["_linear_pointwise"] == 1


class Layer(nn.Module):
    """A transformer's layer, and its attention by hand."""

    def __init__(self, width: int = 8, heads: int = 2) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value = (nn.Linear(width, width, bias=at != 1) for at in range(3))
        self.out, self.up, self.down = nn.Linear(width, width), nn.Linear(width, 24), nn.Linear(24, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        y = self.norm1(x)
        parts = (
            one(y).view(batch, length, self.heads, -1).transpose(1, 2) for one in (self.query, self.key, self.value)
        )
        mixed: Tensor = F.scaled_dot_product_attention(*parts)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        more: Tensor = self.down(F.gelu(self.up(self.norm2(x))))
        return x + more


def test_a_transformer_of_any_size(tmp_path: Path) -> None:
    sizes = {"dynamic_shapes": ({0: Dim.AUTO, 1: Dim.AUTO},)}
    module = drawn(nn.Sequential(Layer(), Layer()))
    counts = ran(module, ROWS, tmp_path, ROWS[:2, :3], ROWS[:2].repeat(4, 2, 1), **sizes)
    assert counts["_linear_pointwise"] == 12
    assert not {"linear", "addmm", "gelu"} & counts.keys()


def test_bfloat16(tmp_path: Path) -> None:
    if not packed.packs(torch.bfloat16):
        pytest.skip("this processor does not multiply bfloat16")
    counts = ran(drawn(Layer()).bfloat16(), ROWS.bfloat16(), tmp_path)
    assert counts["_linear_pointwise"] == 6


def test_a_norm_in_bfloat16_stays_behind_its_convolution(tmp_path: Path) -> None:
    if not packed.packs(torch.bfloat16):
        pytest.skip("this processor does not multiply bfloat16")
    module = drawn(nn.Sequential(nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8))).bfloat16()
    counts = ran(module, PICTURES.bfloat16(), tmp_path)
    assert counts["_convolution_pointwise"] == 1
    assert len(counts) > 1, "its weights would be rounded once more"


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16])
def test_other_dtypes_are_not_packed(dtype: torch.dtype, tmp_path: Path) -> None:
    module = drawn(nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Linear(12, 3))).to(
        dtype
    )
    counts = ran(module, PICTURES.to(dtype), tmp_path)
    assert not {"_convolution_pointwise", "_linear_pointwise"} & counts.keys()


class Computed(nn.Module):
    """Products whose second factor comes with the call, sums that broadcast, or have a factor."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(8, 8))
        self.linear = nn.Linear(8, 8)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        factor = self.weight * x[0, 0]
        return (
            F.linear(x, factor),
            self.linear(x) + x[:1],
            torch.add(self.linear(x + 1), x, alpha=2),
            self.linear(x + 2) + 1,
            self.linear(x + 3) + self.weight[0],
            F.conv2d(x[None, :, :, :], x[:2, None, :3, :3].repeat(1, 3, 1, 1)),
        )


def test_what_is_no_packed_product_is_left_alone(tmp_path: Path) -> None:
    counts = ran(drawn(Computed()), ROWS, tmp_path)
    assert counts["_linear_pointwise"] == 4
    assert counts["add"] >= 4


def test_nan_and_infinities_pass(tmp_path: Path) -> None:
    x = PICTURES.clone()
    x[0, 0, 0, 0], x[1, 2, 3, 4], x[1, 0, 9, 9] = float("nan"), float("inf"), -float("inf")
    module = drawn(nn.Sequential(nn.Conv2d(4, 8, 3), nn.BatchNorm2d(8), nn.ReLU()))
    (found,) = run(model(module, (x,), tmp_path), x)
    with torch.inference_mode():
        torch.testing.assert_close(found, module(x), equal_nan=True, atol=1e-5, rtol=1e-4)


def test_a_scaled_query_is_scaled_in_attention(tmp_path: Path) -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.query = nn.Linear(8, 8)

        def forward(self, x: Tensor) -> Tensor:
            heads = (self.query(x) * 0.3).view(3, 5, 2, 4).transpose(1, 2)
            keys = x.view(3, 5, 2, 4).transpose(1, 2)
            found: Tensor = F.scaled_dot_product_attention(heads, keys, keys, scale=1.0) + heads.sum() * 0
            return found

    class Alone(Scaled):
        def forward(self, x: Tensor) -> Tensor:
            heads = (self.query(x) * 0.3).view(3, 5, 2, 4).transpose(1, 2)
            keys = x.view(3, 5, 2, 4).transpose(1, 2)
            return F.scaled_dot_product_attention(heads, keys, keys)

    assert ran(drawn(Scaled()), ROWS, tmp_path)["mul"] > 0, "somebody else reads the product"
    (tmp_path / "alone").mkdir()
    assert ran(drawn(Alone()), ROWS, tmp_path / "alone")["mul"] == 0
