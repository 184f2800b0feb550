"""Tensors between torch and the wire. Legend: N elements.

The wire's bytes are little-endian and in C order; so is the host. Large tensors travel as transfers (`transfers.py`).
"""

import math
from typing import Any

import torch
from torch import Tensor

from aweigh.proto.convert import dtype_from
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest, ProgramInvalid
from aweigh.proto.v1 import program_pb2 as pb

MAX_RANK = 12


def spec_of(message: pb.Tensor) -> tuple[DType, tuple[int, ...], int]:
    """Dtype, shape and number of bytes that a message declares. Raises InvalidRequest."""
    try:
        dtype = dtype_from(message.dtype)
    except ProgramInvalid as error:
        raise InvalidRequest(str(error)) from None
    shape = tuple(message.shape)
    if len(shape) > MAX_RANK or any(not 0 <= dim < 1 << 62 for dim in shape):
        raise InvalidRequest(f"a tensor has no valid shape: {list(shape)[:MAX_RANK]}")
    return dtype, shape, math.prod(shape) * dtype.size


def from_bytes(dtype: DType, shape: tuple[int, ...], data: bytes | bytearray) -> Tensor:
    """A tensor of its own memory. Raises InvalidRequest where shape and bytes do not agree."""
    if math.prod(shape) * dtype.size != len(data):
        raise InvalidRequest(f"a tensor of shape {list(shape)} and {dtype.torch_name} cannot have {len(data)} bytes")
    if not data:
        return torch.empty(shape, dtype=getattr(torch, dtype.torch_name))
    flat_N = torch.frombuffer(bytearray(data), dtype=torch.uint8)
    if dtype is DType.BOOL:
        return (flat_N != 0).view(shape)
    return flat_N.view(getattr(torch, dtype.torch_name)).view(shape)


def from_message(message: pb.Tensor) -> Tensor:
    """A tensor whose data is in the message. Raises InvalidRequest."""
    dtype, shape, size = spec_of(message)
    if size != len(message.data):
        raise InvalidRequest(
            f"a tensor of shape {list(shape)} and {dtype.torch_name} cannot have {len(message.data)} bytes"
        )
    return from_bytes(dtype, shape, message.data)


_DTYPES = {getattr(torch, dtype.torch_name): dtype for dtype in DType}


def header_of(tensor: Tensor) -> pb.Tensor:
    """Dtype and shape without data."""
    return pb.Tensor(dtype=int(_DTYPES[tensor.dtype]), shape=tensor.shape)  # type: ignore[arg-type]


def bytes_of(tensor: Tensor) -> bytes:
    """The bytes of a tensor on any device, in C order."""
    host: Any = tensor.detach().to("cpu").contiguous()
    host = host.as_strided((host.numel(),), (1,))  # one element is contiguous with any stride
    data: bytes = host.view(torch.uint8).numpy().tobytes() if host.numel() else b""
    return data
