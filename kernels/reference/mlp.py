"""The gated feed-forward block. Legend: C hidden, I intermediate."""

from torch import Tensor

from aweigh.kernels.reference.activation import activation as activate
from aweigh.kernels.reference.linear import linear
from aweigh.kernels.weight import Weight


def gated_mlp(
    x: Tensor,
    gate_IC: Weight,
    up_IC: Weight,
    down_CI: Weight,
    *,
    activation: str,
    gate_bias_I: Weight | None = None,
    up_bias_I: Weight | None = None,
    down_bias_C: Weight | None = None,
) -> Tensor:
    """See `Kernels.gated_mlp`."""
    gate = activate(linear(x, gate_IC, gate_bias_I), activation)
    return linear(gate.mul_(linear(x, up_IC, up_bias_I)), down_CI, down_bias_C)
