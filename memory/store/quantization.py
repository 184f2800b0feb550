"""Which weights of a checkpoint are stored in few bits, and how."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.low_bit import BITS, PACKED, SCALES, ZEROS, Packing, fits

AS_IS = "as-is"
"""The kind of what another tool has quantised."""
_SCALES = {DType.BFLOAT16: DType.BFLOAT16, DType.FLOAT32: DType.BFLOAT16, DType.FLOAT16: DType.FLOAT16}
_GROUPS = {"int4": (64, 32), "int8": (0,), "fp8": (0,)}
"""Columns, by kind: the first that a weight's columns fall into. 0: all of them."""


@dataclass(frozen=True, slots=True)
class Quantization:
    """What a user asked for. `group`: columns; 0: one scale per output; None: as the kind has it. `head`: the last product, too."""

    kind: str
    group: int | None = None
    head: bool = False

    def packings(self, tensors: Mapping[str, TensorEntry], products: Collection[str]) -> dict[str, Packing]:
        """By name, of those tensors that only products read, and whose columns fall into groups.

        Raises InvalidRequest: there is none.
        """
        if self.kind not in BITS:
            raise InvalidRequest(f"weights can be stored as {', '.join(BITS)}, not as {self.kind!r}")
        found = {name: packing for name in products if name in tensors and (packing := self._packing(tensors[name]))}
        if not found:
            raise InvalidRequest(
                "there is no weight that could be stored in fewer bits: their columns must be a multiple of the group, which is one of 8"
            )
        return found

    def _packing(self, entry: TensorEntry) -> Packing | None:
        scale = None if entry.dtype is None else _SCALES.get(entry.dtype)
        if scale is None or len(entry.shape) != 2 or not entry.length:
            return None
        columns = entry.shape[1]
        wanted = _GROUPS[self.kind] if self.group is None else (self.group,)
        group = next((some or columns for some in wanted if fits(columns, some or columns)), None)
        return None if group is None else Packing(self.kind, scale, group)


def parts(name: str, packing: Packing) -> tuple[str, ...]:
    """What a weight's parts are called, in the order of use."""
    zeros = (f"{name}.{ZEROS}",) if packing.zeros else ()
    return f"{name}.{PACKED}.{packing.kind}", f"{name}.{SCALES}", *zeros
