"""Refuses a convolution along tokens while the model is traced, before minutes go into tracing the recurrence behind it.

`locality.py` would refuse the finished graph for the same reason; recurrent layers unroll into thousands of operators.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from aweigh.compiler.capture.locality import is_symbolic
from aweigh.proto.errors import UnsupportedModel


@contextmanager
def convolutions_refused() -> Iterator[None]:
    """Inside, `torch.nn.functional.conv1d` along tokens raises UnsupportedModel."""
    original = torch.nn.functional.conv1d

    def conv1d(input: torch.Tensor, weight: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        if is_symbolic(input.shape[-1]) and weight.shape[-1] != 1:
            raise UnsupportedModel("A convolution mixes tokens of the batch, which paged state cannot follow.")
        return original(input, weight, *args, **kwargs)

    torch.nn.functional.conv1d = conv1d
    try:
        yield
    finally:
        torch.nn.functional.conv1d = original
