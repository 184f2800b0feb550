"""Rounding and products that mean the same on a device and in Triton's interpreter.

The interpreter keeps bfloat16 as bare 16-bit integers: it multiplies and adds the integers, and it casts float32 to
bfloat16 by cutting bits off. So kernels compute in float32 only, and these two functions stand where the type matters. On a
device they are a cast and a dot; in the interpreter they round to nearest even, and widen the operands of a dot, which changes
nothing, since a product of two bfloat16 is exact in float32.
"""

import triton
import triton.language as tl

from aweigh.kernels.triton.jit import kernel

INTERPRETED = tl.constexpr(bool(triton.knobs.runtime.interpret))


@kernel()
def narrow(x: tl.tensor, to: tl.constexpr) -> tl.tensor:
    """Returns x in the type `to`, rounded to nearest even."""
    if INTERPRETED and to == tl.bfloat16 and x.dtype == tl.float32:
        bits = x.to(tl.uint32, bitcast=True)
        rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        is_nan = (bits & 0x7FFFFFFF) > 0x7F800000
        return tl.where(is_nan, bits, rounded).to(tl.float32, bitcast=True).to(tl.bfloat16)
    return x.to(to)


@kernel()
def product(a: tl.tensor, b: tl.tensor) -> tl.tensor:
    """Returns the matrix product, accumulated in float32; float32 operands are not rounded to TF32."""
    if INTERPRETED:
        return tl.dot(a.to(tl.float32), b.to(tl.float32), input_precision="ieee")
    return tl.dot(a, b, input_precision="ieee")
