"""Draws of tokens. Legend: R rows, V vocabulary."""

from torch import Tensor

from aweigh.kernels.base import Drawn


def draw(logits_RV: Tensor, temperature_R: Tensor, top_k_R: Tensor, top_p_R: Tensor, uniform_R: Tensor) -> Drawn | None:
    """See `Kernels.draw`. Always None: what this would compute on a CPU is the chain that its callers have."""
    return None
