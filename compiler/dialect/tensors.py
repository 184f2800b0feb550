"""Types of tensors in IR: what `!torch.vtensor<[1,?,64],f32>` says, without torch."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from aweigh.kernels import mlir
from aweigh.proto.dtypes import DType

# Element types as torch-mlir writes them (extras/fx_importer.py, TORCH_DTYPE_TO_MLIR_TYPE_ASM).
DTYPES = {
    "i1": DType.BOOL,
    "si8": DType.INT8,
    "ui8": DType.UINT8,
    "si16": DType.INT16,
    "si32": DType.INT32,
    "si64": DType.INT64,
    "f16": DType.FLOAT16,
    "bf16": DType.BFLOAT16,
    "f32": DType.FLOAT32,
    "f64": DType.FLOAT64,
    "f8E4M3FN": DType.FLOAT8_E4M3FN,
    "f8E5M2": DType.FLOAT8_E5M2,
    "complex<f32>": DType.COMPLEX64,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}

# torch's numbering of dtypes, as it stands in arguments of ops (c10/core/ScalarType.h).
SCALAR_TYPES = {
    0: DType.UINT8,
    1: DType.INT8,
    2: DType.INT16,
    3: DType.INT32,
    4: DType.INT64,
    5: DType.FLOAT16,
    6: DType.FLOAT32,
    7: DType.FLOAT64,
    9: DType.COMPLEX64,
    11: DType.BOOL,
    15: DType.BFLOAT16,
    23: DType.FLOAT8_E5M2,
    24: DType.FLOAT8_E4M3FN,
}
SCALAR_NUMBERS = {dtype: number for number, dtype in SCALAR_TYPES.items()}


@dataclass(frozen=True, slots=True)
class TensorShape:
    """dims: None where a dimension is not static."""

    dims: tuple[int | None, ...]
    dtype: DType


def read(value: Any) -> TensorShape | None:
    """The type of an `ir.Value`; None for what is no tensor of known rank and dtype."""
    return parse(str(value.type))


@lru_cache(maxsize=4096)
def parse(text: str) -> TensorShape | None:
    if not text.startswith("!torch.vtensor<["):
        return None
    inner, _, dtype = text.removeprefix("!torch.vtensor<[").removesuffix(">").partition("],")
    if dtype not in DTYPES:
        return None
    dims = tuple(None if dim == "?" else int(dim) for dim in inner.split(",") if dim)
    return TensorShape(dims, DTYPES[dtype])


def write(shape: TensorShape) -> Any:
    """The `ir.Type` in the current context."""
    return mlir.ir.Type.parse(_text(shape))


@cache
def _text(shape: TensorShape) -> str:
    dims = ",".join("?" if dim is None else str(dim) for dim in shape.dims)
    return f"!torch.vtensor<[{dims}],{NAMES[shape.dtype]}>"
