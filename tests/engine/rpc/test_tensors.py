"""Tensors on the wire, as bytes."""

import pytest
import torch

from aweigh.engine.rpc.tensors import bytes_of


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12.0).view(3, 4).t(),
        torch.arange(4.0)[1::4],  # one element, which is contiguous whatever its stride
        torch.arange(8.0).view(1, 1, 8)[:, :, 3::5].bfloat16(),
        torch.empty(0, 3),
        torch.tensor(5),
    ],
)
def test_the_bytes_of_a_tensor_are_in_c_order(tensor: torch.Tensor) -> None:
    expected = torch.empty(tensor.numel(), dtype=tensor.dtype).copy_(tensor.reshape(-1))
    assert bytes_of(tensor) == (expected.view(torch.uint8).numpy().tobytes() if tensor.numel() else b"")
