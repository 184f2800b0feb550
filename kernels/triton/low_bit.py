"""The kernels of products with weights of few bits: one program per panel of outputs, tile of rows and, where few rows meet many columns, span of columns.

Legend: N rows, C input features, O output features, P panels of 64 outputs, G groups of columns, GROUP columns of a group, STEP columns that a
program takes at a time, ROWS rows of a tile, SPANS parts of the columns.

Codes are read as they lie (`aweigh.proto.low_bit`), become floats without rounding (8 bits of an integer fit into bfloat16, and so does every e4m3), and
meet the activations in their dtype; a group's sum is then multiplied by its scales in float32. So a weight costs no multiplication of
its own, and nothing is rounded but what a zero that is no whole number makes.

Sameness. The panel is the M of the product and rows are its N: however many rows there are, M and the order of the columns are the same, and with them the
instruction, of which a column of its result does not depend on the others. Columns are cut into a number of spans that follows from the weight's shape; a
program walks one of them, or all, and their sums are added in their order either way. So a row's bits do not depend on who is beside it.

Whole numbers become floats as 2^23 + code, whose low bits are the code (one `or`, one subtraction, both at the full rate; a conversion has half of it).
An e4m3 is shifted into a float16, whose exponent counts 8 more: denormals come out right, which shifting into float32 leaves to flags.

Prior art: Marlin (Frantar et al. 2024), from which the order of the words of 4 bits differs in that no lane needs another's; CUTLASS swaps the operands of mixed products alike.
Rejected: float8 types of the compiler, which not every target has.
"""

import triton.language as tl

from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import kernel

PANEL = 64
KINDS = {"int4": 0, "int8": 1, "fp8": 2}
_RUN_TIME = ("packed_entry", "scales_entry", "zeros_entry", "bias_entry", "rows", "span_steps", "spans")


@kernel()
def whole(code: tl.tensor, less: tl.constexpr) -> tl.tensor:
    """A code without a sign, less a whole number, as float32."""
    return (code.to(tl.int32) | 0x4B000000).to(tl.float32, bitcast=True) - (8388608.0 + less)


@kernel()
def codes_of(
    packed: tl.tensor,
    panel: tl.tensor,
    columns: tl.tensor,
    first: tl.tensor,
    end: tl.tensor,
    KIND: tl.constexpr,
    STEP: tl.constexpr,
) -> tl.tensor:
    """The codes of columns first .. first + STEP - 1 of a panel, [STEP, 64] float32. Those from `end` on are any."""
    o = tl.arange(0, 64)
    blocks = columns // 8
    if KIND == 0:
        b = tl.arange(0, STEP // 8)
        c = tl.arange(0, 8)
        places = ((panel * blocks + first // 8 + b) * 64)[:, None] + o[None, :]
        words = tl.load(packed.to(tl.pointer_type(tl.int32)) + places, mask=(first + b * 8 < end)[:, None], other=0)
        nibbles = (words[:, None, :] >> (16 * (c % 2) + 4 * (c // 2))[None, :, None]) & 15
        return whole(tl.reshape(nibbles, [STEP, 64]), 8.0)
    k = first + tl.arange(0, STEP)
    c = k % 8
    places = ((panel * blocks + k // 8) * 512 + (c // 2) * 128 + (c % 2) * 16)[:, None] + (o // 16 * 32 + o % 16)[
        None, :
    ]
    data = tl.load(packed + places, mask=(k < end)[:, None], other=0).to(tl.int32)
    if KIND == 1:
        return whole(data ^ 128, 128.0)
    half = (((data & 0x80) << 8) | ((data & 0x7F) << 7)).to(tl.uint16).to(tl.float16, bitcast=True)
    return half.to(tl.float32) * 256.0


@kernel(run_time=_RUN_TIME)
def low_bit_kernel(
    out: tl.tensor,
    parts: tl.tensor,
    x: tl.tensor,
    packed_addresses: tl.tensor,
    packed_entry: tl.tensor,
    scales_addresses: tl.tensor,
    scales_entry: tl.tensor,
    zeros_addresses: tl.tensor,
    zeros_entry: tl.tensor,
    bias_addresses: tl.tensor,
    bias_entry: tl.tensor,
    rows: tl.tensor,
    outputs: tl.tensor,
    columns: tl.tensor,
    span_steps: tl.tensor,
    spans: tl.tensor,
    x_n: tl.tensor,
    GROUP: tl.constexpr,
    STEP: tl.constexpr,
    ROWS: tl.constexpr,
    KIND: tl.constexpr,
    SCALE_TYPE: tl.constexpr,
    BIAS_TYPE: tl.constexpr,
    HAS_ZEROS: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    SPLIT: tl.constexpr,
    ALIGNED: tl.constexpr,
) -> tl.tensor:
    panel = tl.program_id(0).to(tl.int64)
    o = tl.arange(0, 64)
    n = tl.program_id(1).to(tl.int64) * ROWS + tl.arange(0, ROWS)
    i = tl.arange(0, STEP)
    packed = tl.load(packed_addresses + packed_entry).to(tl.pointer_type(tl.uint8))
    scales = tl.load(scales_addresses + scales_entry).to(tl.pointer_type(SCALE_TYPE))
    if HAS_ZEROS:
        zeros = tl.load(zeros_addresses + zeros_entry).to(tl.pointer_type(SCALE_TYPE))
    if ALIGNED:
        packed = tl.multiple_of(packed, 16)
    per_group: tl.constexpr = (GROUP + STEP - 1) // STEP
    groups = columns // GROUP
    steps = groups * per_group
    first_span = 0
    last_span = spans
    if SPLIT:
        first_span = tl.program_id(2)
        last_span = first_span + 1
    total = tl.zeros([64, ROWS], tl.float32)
    for span in range(first_span, last_span):
        acc = tl.zeros([64, ROWS], tl.float32)
        for step in range(span * span_steps, tl.minimum((span + 1) * span_steps, steps)):
            group = step // per_group
            first = group * GROUP + step % per_group * STEP
            end = (group + 1) * GROUP
            k = first + i
            w = codes_of(packed, panel, columns, first, end, KIND, STEP)
            at = (panel * groups + group) * 64 + o
            if HAS_ZEROS:
                w = w - tl.load(zeros + at).to(tl.float32)[None, :]
            x_ptr = x + n[None, :] * x_n + k[:, None]
            rows_KN = tl.load(x_ptr, mask=(n < rows)[None, :] & (k < end)[:, None], other=0.0)
            near = product(tl.trans(narrow(w, x.dtype.element_ty)), rows_KN)
            acc += near * tl.load(scales + at).to(tl.float32)[:, None]
        total += acc
    o = panel * 64 + o
    ok = (o < outputs)[:, None] & (n < rows)[None, :]
    if SPLIT:
        place = (tl.program_id(2).to(tl.int64) * rows + n)[None, :] * outputs + o[:, None]
        tl.store(parts + place, total, mask=ok)
    else:
        if HAS_BIAS:
            bias = tl.load(bias_addresses + bias_entry).to(tl.pointer_type(BIAS_TYPE))
            total = total + tl.load(bias + o, mask=o < outputs, other=0.0).to(tl.float32)[:, None]
        tl.store(out + n[None, :] * outputs + o[:, None], narrow(total, out.dtype.element_ty), mask=ok)


@kernel(run_time=["bias_entry", "rows", "spans"])
def low_bit_merge_kernel(
    out: tl.tensor,
    parts: tl.tensor,
    bias_addresses: tl.tensor,
    bias_entry: tl.tensor,
    rows: tl.tensor,
    outputs: tl.tensor,
    spans: tl.tensor,
    BLOCK: tl.constexpr,
    BIAS_TYPE: tl.constexpr,
    HAS_BIAS: tl.constexpr,
) -> tl.tensor:
    """Adds the sums of spans in their order, [spans, N, O] float32 to [N, O]."""
    row = tl.program_id(1).to(tl.int64)
    o = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros([BLOCK], tl.float32)
    for span in range(spans):
        total += tl.load(parts + (span * rows + row) * outputs + o, mask=o < outputs, other=0.0)
    if HAS_BIAS:
        bias = tl.load(bias_addresses + bias_entry).to(tl.pointer_type(BIAS_TYPE))
        total = total + tl.load(bias + o, mask=o < outputs, other=0.0).to(tl.float32)
    tl.store(out + row * outputs + o, narrow(total, out.dtype.element_ty), mask=o < outputs)
