"""Weights that a checkpoint holds in few bits: which parameters they are, and which tensors their parts."""

from collections.abc import Iterable, Iterator
from typing import Any

from aweigh.compiler.manifest.expressions import parameter_of
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.low_bit import PACKED, SCALES, ZEROS, Packing
from aweigh.proto.v1 import compiler_pb2 as pb


def packings(model: Any, tensors: Iterable[pb.LowBitTensor]) -> dict[str, Packing]:
    """How parameters are packed, by name. Raises UnsupportedModel where a tensor is no parameter as it is."""
    return {
        name: Packing(tensor.kind, DType(tensor.scale), tensor.group, tensor.zeros)
        for name, tensor in _parameters(model, tensors)
    }


def parts(model: Any, tensors: Iterable[pb.LowBitTensor]) -> dict[str, str]:
    """The keys of parts, by the names that the pass `dequantize` gives them. Raises as `packings`."""
    found = {}
    for name, tensor in _parameters(model, tensors):
        found[f"{name}.{PACKED}"] = f"{tensor.key}.{PACKED}.{tensor.kind}"
        for part in (SCALES, ZEROS) if tensor.zeros else (SCALES,):
            found[f"{name}.{part}"] = f"{tensor.key}.{part}"
    return found


def _parameters(model: Any, tensors: Iterable[pb.LowBitTensor]) -> Iterator[tuple[str, pb.LowBitTensor]]:
    for tensor in tensors:
        name = parameter_of(model, tensor.key)
        if name is None:
            raise UnsupportedModel(
                f"the checkpoint holds {tensor.key!r} in few bits, which is no parameter of the model."
            )
        yield name, tensor
