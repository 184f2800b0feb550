"""Low-bit weights: what a packed tensor holds, byte by byte, and what parts are called in a checkpoint.

Legend: O output features, C input features, P panels of 64 outputs, B blocks of 8 columns, G groups of columns.

A weight [O, C] is `packed` uint8 [P, B, bytes of a block], `scales` [P, G, 64], and `zeros` like them, or none. Its value is

    weight[o, c] = (code[o, c] - zero) * scale        with the zero and the scale of o's and c's group; no zeros: 0

A code is an integer of 4 bits (-8 to 7, stored plus 8), a two's complement integer of 8, or a float of 8 (e4m3, without its NaN). Groups are runs of `group` columns, a multiple of
8 that divides C; a group of C columns is a scale per output. What lies beyond the last output of the last panel is zero.

Order. A kernel that computes y = x w^T keeps one sum per output in each lane of its vectors, so it needs the same columns of many outputs side by
side: no sum over lanes, one scale per lane, one stream of memory per panel. A panel is read from its first to its last byte, block after block:

    int4        [4 sixteens][16 outputs][4 bytes]: a little-endian word of 32 bits per output, column 2 k + j in bits 16 j + 4 k to
                16 j + 4 k + 3, k of 0..3, j of 0..1: four shifts of a register give four vectors of pairs of columns, as a dot
                product of bfloat16 pairs takes them
    int8, fp8   [4 pairs of columns][4 sixteens][2 columns][16 outputs]: bytes

Rejected: the rows of the weight one after another (a sum over lanes per output and group, and a scale to broadcast: int4 then waits for
shuffles and not for memory), panels of 16 outputs (a dot product takes longer than its turn: four sums side by side hide that).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aweigh.proto.dtypes import DType

PANEL = 64
"""Outputs that lie side by side."""
BLOCK = 8
"""Columns that lie side by side."""
BITS = {"int4": 4, "int8": 8, "fp8": 8}
"""By the name of a kind."""
PACKED, SCALES, ZEROS = "packed", "scales", "zeros"
"""The parts of a weight, behind its name and a dot."""
_SCALES = frozenset([DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32])


@dataclass(frozen=True, slots=True, order=True)
class Packing:
    """How a weight is packed: its kind, the dtype of scales and zeros, columns of a group, and whether there are zeros."""

    kind: str
    scale: DType
    group: int
    zeros: bool = False


def panels(outputs: int) -> int:
    """How many there are for so many outputs."""
    return -(-outputs // PANEL)


def packed_shape(kind: str, outputs: int, columns: int) -> tuple[int, int, int]:
    """Of the packed tensor of a weight, whose columns are a multiple of BLOCK."""
    return panels(outputs), columns // BLOCK, PANEL * BLOCK * BITS[kind] // 8


def scales_shape(outputs: int, columns: int, group: int) -> tuple[int, int, int]:
    """Of its scales, and of its zeros."""
    return panels(outputs), columns // group, PANEL


def fits(columns: int, group: int) -> bool:
    """Whether columns fall into such groups."""
    return group > 0 and group % BLOCK == 0 and columns > 0 and columns % group == 0


def packings(tensors: Mapping[str, tuple[DType, tuple[int, ...]]]) -> dict[str, Packing]:
    """The weights of few bits among the tensors of a checkpoint, given by dtype and shape. Their kind stands in the name of the packed
    part, NAME.packed.KIND."""
    found = {}
    for key, (dtype, shape) in tensors.items():
        name, _, kind = key.rpartition(f".{PACKED}.")
        scales, zeros = tensors.get(f"{name}.{SCALES}"), tensors.get(f"{name}.{ZEROS}")
        if not name or kind not in BITS or scales is None or len(shape) != 3 or len(scales[1]) != 3:
            continue
        columns, groups = shape[1] * BLOCK, scales[1][1]
        group = columns // groups if groups else 0
        if dtype is not DType.UINT8 or scales[0] not in _SCALES or not fits(columns, group):
            continue
        if shape == packed_shape(kind, shape[0] * PANEL, columns) and scales[1] == (shape[0], groups, PANEL):
            found[name] = Packing(kind, scales[0], group, zeros == scales)
    return found
