"""The kernels of experts: products of rows with the weights of the experts that they chose, and the weighted sum of what came out.

Legend: T tokens in batch, A experts per token, C input features, O output features, STEP columns that a program takes at a time, ROWS rows of a tile;
a pair is a token with one of its experts, number t * A + a.

One program per 64 outputs and tile of rows of one expert. As in `low_bit.py` outputs are the M of the product and rows its N, so that a row's bits do not depend on
how many others chose its expert, and columns come in one order. A program learns from its line of `jobs` which rows are its own and where its expert lies.
"""

import triton.language as tl

from aweigh.kernels.triton.cast import narrow, product
from aweigh.kernels.triton.jit import kernel

OUTPUTS = 64
JOB = 6
"""Numbers of a job: cell of the weight's address, its offset there in elements, the same of the bias, first place in the list of pairs, places."""


@kernel()
def grouped_kernel(
    out: tl.tensor,
    x: tl.tensor,
    jobs: tl.tensor,
    pairs: tl.tensor,
    outputs: tl.tensor,
    columns: tl.tensor,
    x_n: tl.tensor,
    weight_o: tl.tensor,
    weight_c: tl.tensor,
    A: tl.constexpr,
    STEP: tl.constexpr,
    ROWS: tl.constexpr,
    TYPE: tl.constexpr,
    HAS_BIAS: tl.constexpr,
    ALIGNED: tl.constexpr,
) -> tl.tensor:
    """Pair p's row of x is p // A, and of the result p."""
    job = jobs + tl.program_id(1) * 6
    o = tl.program_id(0) * 64 + tl.arange(0, 64)
    r = tl.arange(0, ROWS)
    i = tl.arange(0, STEP)
    row_ok = r < tl.load(job + 5)
    pair = tl.load(pairs + tl.load(job + 4) + r, mask=row_ok, other=0)
    cell = tl.load(job).to(tl.pointer_type(tl.int64))
    weight = tl.load(cell).to(tl.pointer_type(TYPE)) + tl.load(job + 1)
    if ALIGNED:
        weight = tl.multiple_of(weight, 16)
    acc = tl.zeros([64, ROWS], tl.float32)
    for first in range(0, columns, STEP):
        k = first + i
        w_ptr = weight + o.to(tl.int64)[:, None] * weight_o + k.to(tl.int64)[None, :] * weight_c
        w = tl.load(w_ptr, mask=(o < outputs)[:, None] & (k < columns)[None, :], other=0.0)
        x_ptr = x + (pair // A)[None, :] * x_n + k[:, None]
        rows_KN = tl.load(x_ptr, mask=row_ok[None, :] & (k < columns)[:, None], other=0.0)
        acc += product(w, rows_KN)
    y = narrow(acc, out.dtype.element_ty)
    if HAS_BIAS:
        cell = tl.load(job + 2).to(tl.pointer_type(tl.int64))
        bias = tl.load(cell).to(tl.pointer_type(TYPE)) + tl.load(job + 3)
        more = tl.load(bias + o, mask=o < outputs, other=0.0).to(tl.float32)
        y = narrow(y.to(tl.float32) + more[:, None], out.dtype.element_ty)
    tl.store(out + pair[None, :] * outputs + o[:, None], y, mask=(o < outputs)[:, None] & row_ok[None, :])


@kernel(run_time=["experts"])
def weighted_sum_kernel(
    out: tl.tensor,
    y: tl.tensor,
    ids: tl.tensor,
    weights: tl.tensor,
    experts: tl.tensor,
    columns: tl.tensor,
    A: tl.constexpr,
    BLOCK: tl.constexpr,
    TYPE: tl.constexpr,
) -> tl.tensor:
    """The sum over a token's experts in their order, of terms in TYPE; those of experts that are none are left out."""
    token = tl.program_id(1).to(tl.int64)
    c = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    total = tl.zeros([BLOCK], tl.float32)
    for a in range(A):
        pair = token * A + a
        expert = tl.load(ids + pair)
        term = tl.load(y + pair * columns + c, mask=c < columns, other=0.0).to(tl.float32)
        weight = tl.load(weights + pair).to(tl.float32)
        total += tl.where((expert >= 0) & (expert < experts), narrow(term * weight, TYPE).to(tl.float32), 0.0)
    total = narrow(total, TYPE).to(tl.float32)
    tl.store(out + token * columns + c, narrow(total, out.dtype.element_ty), mask=c < columns)
