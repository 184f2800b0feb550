"""Draws of tokens. Legend: R rows, V vocabulary."""

from torch import Tensor

from aweigh.kernels.base import Drawn


def best(logits_RV: Tensor) -> tuple[Tensor, Tensor]:
    """See `Kernels.best`."""
    tokens_R1 = logits_RV.argmax(dim=-1, keepdim=True)
    return tokens_R1.squeeze(1), logits_RV.gather(1, tokens_R1).squeeze(1)


def draw(logits_RV: Tensor, temperature_R: Tensor, top_k_R: Tensor, top_p_R: Tensor, uniform_R: Tensor) -> Drawn | None:
    """See `Kernels.draw`. Always None: what this would compute on a CPU is the chain that its callers have."""
    return None
