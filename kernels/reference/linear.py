"""Projections. Legend: C input features, O output features, N rows, `...` any leading dimensions.

A row must come out the same bit for bit whoever shares the call, so torch's routine was examined: N rows of 1, 2, 3, 4, 5, 8,
12, 15, 16, 17, 24, 32, 48, 64, 100, 128, 512 with O x C from 64 x 64 to 32000 x 1024 and 896 x 4864, on products that cancel (w and x
repeat, x with the opposite sign, columns shuffled), so that a row's result is nothing but its rounding errors. Torch
2.13.0+cpu, AVX-512 with BF16, 1 thread; row counts that agree bit for bit:

    float32   {1}  {2, 3}  {4 and more}     at every shape, with and without bias, weight transposed or not
    bfloat16  {1}  {2 and more}             at C > 1024 and at 64 x 64; at the other shapes {1 and more}
    float16   {1 and more}                  at every shape

Two threads divide float32 rows between them: then 5, 6, 7, 9, 10 and 11 rows agree with nobody. The native master (`cpu/`) keeps
the promise at any number of threads; this one is the oracle, and what is left where nothing can be compiled.

(On plain random data bfloat16 hides most of this: the differences are smaller than its last bit.) A row's place in the batch
never mattered. So few rows are repeated up to the first count that agrees with all larger ones; `least_rows` finds it by a
probe of the machine at hand. One row repeated costs 4 us in bfloat16, and in float32 makes a matrix-vector product a
matrix product, up to 2.5 times slower: the price of sameness until a kernel of ours does it.

On a GPU the routine is the vendor's, was not examined, and is called as it is.

Attention has its own way to the same end (`tile.py`), elementwise functions theirs (`activation.py`). Norms were the same at
every row count tried.
"""

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.weight import Matrix, Weight, optional_tensor_of, tensor_of

_PROBES = ((64, 64), (100, 72), (896, 128), (1536, 256), (4864, 64))
_COUNTS = (1, 2, 3, 4, 5, 8, 16, 33)


@cache
def least_rows(dtype: torch.dtype) -> int:
    """Returns the least row count whose rows equal those of all larger counts, by a probe (20 ms, once per dtype)."""
    agreeing = max(_COUNTS[:-1])
    generator = torch.Generator().manual_seed(0)
    cases = []
    for features, outputs in _PROBES:
        order = torch.randperm(features, generator=generator)
        weight = torch.randn(outputs, features // 2, generator=generator).repeat(1, 2)[:, order].to(dtype)
        half = torch.randn(_COUNTS[-1], features // 2, generator=generator)
        x = torch.cat((half, -half), 1)[:, order].to(dtype)
        cases.append((x, weight, functional.linear(x, weight)))
    for count in reversed(_COUNTS[:-1]):
        if not all(torch.equal(functional.linear(x[:count], weight), y[:count]) for x, weight, y in cases):
            break
        agreeing = count
    return agreeing


def _repeated(x_NC: Tensor) -> Tensor | None:
    """Returns x with its last row repeated up to `least_rows`, or None if it has as many."""
    rows = x_NC.shape[0]
    missing = 0 if x_NC.device.type != "cpu" else least_rows(x_NC.dtype) - rows
    if missing <= 0 or rows == 0:
        return None
    if rows == 1:
        return x_NC.expand(missing + 1, -1)
    return torch.cat((x_NC, x_NC[-1:].expand(missing, -1)))


def linear(x: Tensor, weight_OC: Matrix, bias_O: Weight | None = None) -> Tensor:
    """See `Kernels.linear`."""
    return merged_linear(x, (weight_OC,), (bias_O,))[0]


def merged_linear(
    x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None] | None = None
) -> tuple[Tensor, ...]:
    """See `Kernels.merged_linear`."""
    if biases is None:
        biases = (None,) * len(weights)
    pairs = [(tensor_of(w), optional_tensor_of(b)) for w, b in zip(weights, biases, strict=True)]
    x_NC = x if x.dim() == 2 else x.reshape(-1, x.shape[-1])
    more = _repeated(x_NC)
    if more is None:
        return tuple([functional.linear(x, weight, bias) for weight, bias in pairs])
    outs = [functional.linear(more, weight, bias)[: x_NC.shape[0]] for weight, bias in pairs]
    return tuple(outs if x.dim() == 2 else [out.view(*x.shape[:-1], -1) for out in outs])
