"""The noun of this package: one tensor of a checkpoint, as its header describes it."""

from dataclasses import dataclass

from aweigh.proto.dtypes import DType


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """Dtype and shape; the bytes are nobody's business here."""

    dtype: DType
    shape: tuple[int, ...]
