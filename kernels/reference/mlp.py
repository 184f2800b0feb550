"""The gated feed-forward block. Legend: C hidden, I intermediate."""

from collections.abc import Callable

from torch import Tensor

from aweigh.kernels.reference.activation import activation as activate
from aweigh.kernels.reference.linear import linear
from aweigh.kernels.weight import Matrix, Weight


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
    project: Callable[[Tensor, Matrix, Weight | None], Tensor] = linear,
) -> Tensor:
    """See `Kernels.gated_mlp`. `project` is how a master does its linears."""
    gate = activate(project(x, gate_IC, gate_bias_I), activation)
    return project(gate.mul_(project(x, up_IC, up_bias_I)), down_CI, down_bias_C)
