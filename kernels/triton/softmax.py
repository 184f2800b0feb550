"""The running softmax that every attention kernel here takes keys into. Legend: ROWS rows of a program, TILE keys, E value head size."""

import triton.language as tl

from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import kernel

LOG2E = tl.constexpr(1.4426950408889634)


@kernel()
def tanh(x: tl.tensor) -> tl.tensor:
    """Hyperbolic tangent without a device library; a series where 1 - exp(-2|x|) would cancel."""
    e = tl.exp2(tl.abs(x) * -2.885390081777927)
    far = (1.0 - e) / (1.0 + e)
    y = x * x
    near = x * (1.0 + y * (-1.0 / 3.0 + y * (2.0 / 15.0 - y * (17.0 / 315.0))))
    return tl.where(tl.abs(x) < 0.1, near, tl.where(x < 0, -far, far))


@kernel()
def taken_in(s: tl.tensor, values: tl.tensor, top: tl.tensor, total: tl.tensor, acc: tl.tensor) -> tl.tensor:
    """Takes a tile of scores [ROWS, TILE] and values [TILE, E] into a running softmax (https://arxiv.org/abs/1805.02867): the greatest score,
    the sum of weights and the weighted values so far. A score of -inf weighs nothing."""
    new_top = tl.maximum(top, tl.max(s, 1))
    safe_top = tl.where(new_top == float("-inf"), 0.0, new_top)
    shrink = tl.exp2((top - safe_top) * LOG2E)
    weight = tl.exp2((s - safe_top[:, None]) * LOG2E)
    total = total * shrink + tl.sum(weight, 1)
    acc = acc * shrink[:, None]
    acc += product(narrow(weight, values.dtype), values)
    return new_top, total, acc


@kernel()
def merged(
    top: tl.tensor, total: tl.tensor, acc: tl.tensor, other_top: tl.tensor, other_total: tl.tensor, other_acc: tl.tensor
) -> tl.tensor:
    """Adds a softmax over later keys to one over earlier ones. One that saw no key changes no bit."""
    new_top = tl.maximum(top, other_top)
    safe_top = tl.where(new_top == float("-inf"), 0.0, new_top)
    shrink = tl.exp2((top - safe_top) * LOG2E)
    other_shrink = tl.exp2((other_top - safe_top) * LOG2E)
    total = total * shrink + other_total * other_shrink
    acc = acc * shrink[:, None] + other_acc * other_shrink[:, None]
    return new_top, total, acc
