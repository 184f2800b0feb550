"""The gated feed-forward block. Legend: C hidden, I intermediate."""

from collections.abc import Callable, Sequence

from torch import Tensor

from aweigh.kernels.reference.activation import activation as activate
from aweigh.kernels.reference.linear import merged_linear
from aweigh.kernels.weight import Matrix, Weight

Products = Callable[[Tensor, Sequence[Matrix], Sequence[Weight | None]], tuple[Tensor, ...]]


def gated(gate: Tensor, up: Tensor, name: str) -> Tensor:
    """activation(gate) * up."""
    return activate(gate, name).mul_(up)


def gated_mlp(
    x: Tensor,
    gate_IC: Matrix,
    up_IC: Matrix,
    down_CI: Matrix,
    *,
    activation: str,
    gate_bias_I: Weight | None = None,
    up_bias_I: Weight | None = None,
    down_bias_C: Weight | None = None,
    products: Products = merged_linear,
    between: Callable[[Tensor, Tensor, str], Tensor] = gated,
) -> Tensor:
    """See `Kernels.gated_mlp`. `products` and `between` are how a master does its linears, and what lies between them."""
    gate, up = products(x, (gate_IC, up_IC), (gate_bias_I, up_bias_I))
    return products(between(gate, up, activation), (down_CI,), (down_bias_C,))[0]
