"""Element types of the wire, their widths, and their names in torch and in safetensors."""

import enum


class DType(enum.IntEnum):
    """Values equal those of the protobuf enum `aweigh.v1.DType`."""

    BOOL = 1
    INT8 = 2
    UINT8 = 3
    INT16 = 4
    INT32 = 5
    INT64 = 6
    FLOAT16 = 7
    BFLOAT16 = 8
    FLOAT32 = 9
    FLOAT64 = 10
    FLOAT8_E4M3FN = 11
    FLOAT8_E5M2 = 12
    COMPLEX64 = 13

    @property
    def torch_name(self) -> str:
        """Name of the attribute of `torch`, for instance ``bfloat16``."""
        return self.name.lower()

    @property
    def size(self) -> int:
        """Bytes per element."""
        return _SIZES[self]

    @property
    def floating(self) -> bool:
        return self.name.startswith("FLOAT") or self is DType.BFLOAT16


_SIZES = {
    DType.BOOL: 1,
    DType.INT8: 1,
    DType.UINT8: 1,
    DType.INT16: 2,
    DType.INT32: 4,
    DType.INT64: 8,
    DType.FLOAT16: 2,
    DType.BFLOAT16: 2,
    DType.FLOAT32: 4,
    DType.FLOAT64: 8,
    DType.FLOAT8_E4M3FN: 1,
    DType.FLOAT8_E5M2: 1,
    DType.COMPLEX64: 8,
}

# https://github.com/huggingface/safetensors: names in a header.
SAFETENSORS_NAMES = {
    "BOOL": DType.BOOL,
    "I8": DType.INT8,
    "U8": DType.UINT8,
    "I16": DType.INT16,
    "I32": DType.INT32,
    "I64": DType.INT64,
    "F16": DType.FLOAT16,
    "BF16": DType.BFLOAT16,
    "F32": DType.FLOAT32,
    "F64": DType.FLOAT64,
    "F8_E4M3": DType.FLOAT8_E4M3FN,
    "F8_E5M2": DType.FLOAT8_E5M2,
    "C64": DType.COMPLEX64,
}
