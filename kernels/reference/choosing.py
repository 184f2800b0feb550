"""What a router does with its scores."""

import torch
from torch import Tensor


def softmax(x: Tensor) -> Tensor:
    """See `Kernels.softmax`."""
    return torch.softmax(x, -1)


def topk(x: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """See `Kernels.topk`."""
    values, places = torch.topk(x, count, -1)
    return values, places
