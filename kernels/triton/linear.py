"""Projections: of weights of few bits by the kernels in `low_bit.py`, of others by the vendor's library.

Legend: C input features, O output features, N rows, `...` any leading dimensions.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from aweigh.kernels.reference.linear import linear as linear_of_any
from aweigh.kernels.triton.addresses import TYPES, place_of
from aweigh.kernels.triton.jit import LAUNCH
from aweigh.kernels.triton.low_bit import KINDS, PANEL, low_bit_kernel, low_bit_merge_kernel
from aweigh.kernels.triton.rows import rows_of
from aweigh.kernels.triton.tuned import sizes_for
from aweigh.kernels.weight import LowBit, Matrix, Weight, tensor_of

STEP = 64
FEW_ROWS, MANY_ROWS = 16, 64
PROGRAMS = 264
"""About two for each of a large card's 132 multiprocessors."""
LEAST_STEPS = 4
MERGED = 256


def step_of(group: int, most: int = STEP) -> int:
    """Columns that a program takes at a time: a group, or a part of it that is none of the next one's."""
    return min(most, max(16, 1 << (group - 1).bit_length()))


def spans_of(outputs: int, steps: int, programs: int) -> int:
    """Into how many spans so many steps of columns are cut, so that one tile of rows has so many programs."""
    return max(1, min(-(-programs // -(-outputs // PANEL)), steps // LEAST_STEPS))


def tile_of(rows: int, x: Tensor, many: int) -> int:
    """Rows of a program. Float32 sums would not keep to a program's registers with many; AMD's instruction for many counts columns otherwise."""
    return FEW_ROWS if rows <= FEW_ROWS or x.element_size() > 2 or torch.version.hip else many


def linear(x: Tensor, weight_OC: Matrix, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    if not (isinstance(weight_OC, LowBit) and has_kernel(x, weight_OC, bias_O)):
        return linear_of_any(x, weight_OC, bias_O)
    x_NC = rows_of(x)
    rows, columns, outputs, group = x_NC.shape[0], weight_OC.columns, weight_OC.outputs, weight_OC.group
    out_NO = x.new_empty(rows, outputs)
    if out_NO.numel() == 0:
        return out_NO.view(*x.shape[:-1], outputs)
    packed, scales, zeros, bias = (
        place_of(part, x_NC) for part in (weight_OC.packed, weight_OC.scales, weight_OC.zeros, bias_O)
    )
    sizes = sizes_for(
        "low_bit", f"{weight_OC.kind} {x.itemsize}", x.device, STEP=STEP, ROWS=MANY_ROWS, PROGRAMS=PROGRAMS
    )
    step, programs = step_of(group, sizes["STEP"]), sizes["PROGRAMS"]
    steps = columns // group * -(-group // step)
    spans = spans_of(outputs, steps, programs)
    tile = tile_of(rows, x, sizes["ROWS"])
    grid = (-(-outputs // PANEL), -(-rows // tile))
    split = spans > 1 and grid[0] * grid[1] < programs
    parts = x.new_empty(spans, rows, outputs, dtype=torch.float32) if split else out_NO
    biased = {"BIAS_TYPE": bias.type, "HAS_BIAS": bias_O is not None}
    low_bit_kernel[(*grid, spans if split else 1)](
        out_NO,
        parts,
        x_NC,
        packed.addresses_A,
        packed.entry,
        scales.addresses_A,
        scales.entry,
        zeros.addresses_A,
        zeros.entry,
        bias.addresses_A,
        bias.entry,
        rows,
        outputs,
        columns,
        -(-steps // spans),
        spans,
        x_NC.stride(0),
        GROUP=group,
        STEP=step,
        ROWS=tile,
        KIND=KINDS[weight_OC.kind],
        SCALE_TYPE=scales.type,
        HAS_ZEROS=weight_OC.zeros is not None,
        SPLIT=split,
        ALIGNED=tensor_of(weight_OC.packed).data_ptr() % 16 == 0,
        num_warps=sizes["num_warps"],
        **biased,
        **LAUNCH,
    )
    if split:
        low_bit_merge_kernel[(-(-outputs // MERGED), rows)](
            out_NO, parts, bias.addresses_A, bias.entry, rows, outputs, spans, BLOCK=MERGED, **biased, **LAUNCH
        )
    return out_NO if x.dim() == 2 else out_NO.view(*x.shape[:-1], outputs)


def merged_linear(
    x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`."""
    given = biases or (None,) * len(weights)
    return tuple([linear(x, weight, bias) for weight, bias in zip(weights, given, strict=True)])


def has_kernel(x: Tensor, weight_OC: LowBit, bias_O: Weight | None) -> bool:
    """Whether the kernel may be given these operands as they lie; the reference computes others, or says what is wrong."""
    parts = [tensor_of(part) for part in (weight_OC.packed, weight_OC.scales, weight_OC.zeros) if part is not None]
    if x.dtype not in TYPES or x.dtype != weight_OC.dtype or x.shape[-1] != weight_OC.columns or not weight_OC.columns:
        return False
    if weight_OC.scale_dtype not in TYPES or parts[-1].dtype != weight_OC.scale_dtype:
        return False
    if weight_OC.kind == "int4" and parts[0].data_ptr() % 4:
        return False
    bias = x.new_empty(weight_OC.outputs) if bias_O is None else tensor_of(bias_O)
    return (
        bias.dtype == x.dtype and bias.shape == (weight_OC.outputs,) and all(p.is_contiguous() for p in (*parts, bias))
    )
