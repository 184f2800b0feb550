"""Evaluates weight expressions over a checkpoint's tensors with torch: the oracle of manifests."""

from collections.abc import Mapping

import torch

from aweigh.proto.program import (
    Cast,
    Chunk,
    Concatenate,
    Content,
    FileBytes,
    Permute,
    Stack,
    Tensor,
    View,
    WeightExpression,
)


def evaluate(expression: WeightExpression, tensors: Mapping[str, torch.Tensor]) -> torch.Tensor:
    match expression:
        case str(key):
            return tensors[key]
        case View(source, shape):
            return evaluate(source, tensors).reshape(shape)
        case Permute(source, order):
            return evaluate(source, tensors).permute(order)
        case Stack(sources, dimension):
            return torch.stack([evaluate(source, tensors) for source in sources], dimension)
        case Concatenate(sources, dimension):
            return torch.cat([evaluate(source, tensors) for source in sources], dimension)
        case Chunk(source, dimension, start, length):
            return evaluate(source, tensors).narrow(dimension, start, length)
        case Cast(source, dtype):
            return evaluate(source, tensors).to(getattr(torch, dtype.torch_name))
        case Tensor(dtype, shape, data):
            return torch.frombuffer(bytearray(data), dtype=getattr(torch, dtype.torch_name)).reshape(shape)
        case Content() | FileBytes():
            raise AssertionError("manifests of checkpoints name no other bytes")
