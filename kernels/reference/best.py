"""The greatest of a row. Legend: R rows, V values."""

from torch import Tensor


def best(x_RV: Tensor) -> tuple[Tensor, Tensor]:
    """See `Kernels.best`."""
    place_R1 = x_RV.argmax(dim=-1, keepdim=True)
    return place_R1.squeeze(1), x_RV.gather(1, place_R1).squeeze(1)
