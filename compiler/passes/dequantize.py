"""Weights that a checkpoint holds in few bits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import Plain, Repeated, attributes, build
from aweigh.compiler.passes.replace import before
from aweigh.kernels import mlir
from aweigh.proto.dtypes import DType
from aweigh.proto.low_bit import PACKED, SCALES, ZEROS, Packing, packed_shape, scales_shape


@dataclass(frozen=True, slots=True)
class Dequantize:
    """`aweigh.weight` -> `aweigh.dequantize` of the weights that it is stored as. `packings`: by the name of the parameter; no other weight is touched.

    It comes after the passes that look for weights, and before layers are compared: layers whose weights are packed in one way are one loop.
    """

    packings: Mapping[str, Packing] = field(default_factory=dict)
    name: str = "dequantize"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if entry.name == "aweigh.weight" and (packing := self.packings.get(attributes(entry)["name"])):
                    _replace(entry, packing)


def _replace(weight: Any, packing: Packing) -> None:
    name, value = attributes(weight)["name"], weight.results[0]
    shape = tensors.read(value)
    assert shape is not None and len(shape.dims) == 2, "a weight of few bits is a matrix"
    outputs, columns = (dim or 0 for dim in shape.dims)
    parts = {PACKED: (packed_shape(packing.kind, outputs, columns), DType.UINT8)}
    for part in (SCALES, ZEROS) if packing.zeros else (SCALES,):
        parts[part] = (scales_shape(outputs, columns, packing.group), packing.scale)
    with before(weight):
        made = {
            part: build("weight", {}, {"name": f"{name}.{part}"}, [_type(*kind)])[0] for part, kind in parts.items()
        }
        said: dict[str, Plain | Repeated | None] = {
            "kind": packing.kind,
            "outputs": outputs,
            "dtype": shape.dtype.torch_name,
        }
        result = build("dequantize", made, said, [value.type])[0]
    value.replace_all_uses_with(result)
    weight.erase()


def _type(shape: tuple[int, ...], dtype: DType) -> Any:
    return mlir.ir.Type.parse(f"!torch.vtensor<[{','.join(map(str, shape))}],{tensors.NAMES[dtype]}>")
