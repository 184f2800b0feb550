"""Writes keys and values through native code, into a pool of their dtype; others are the reference's.

Legend: T tokens in batch, K KV heads, D key head size, E value head size.
"""

from functools import cache

import torch
from torch import Tensor

from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.operands import ELEMENTS, Element
from aweigh.kernels.cpu.writing import Writing
from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.reference.write import write_kv as write_of_any_dtype

_ALONE = 1 << 15
"""Elements below which one thread is faster than waking others."""
SLOTS = 4
"""Where a table has the address of the slots."""


@cache
def writing(element: Element) -> Native:
    """Returns the compiled write; compiles at the first call of the process."""
    return compiled(lambda: Writing(element).build, f"writing {element}")


def prepare(dtype: torch.dtype) -> None:
    """Compiles writes of a dtype, where there is a kernel for it."""
    if dtype in ELEMENTS:
        writing(ELEMENTS[dtype])


def write_kv(key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer, ragged: Ragged) -> None:
    """See `Kernels.write_kv`."""
    native = writing_for(key_TKD, value_TKE, layer)
    slot_T = ragged.slot_mapping_T
    if native is None or slot_T.shape != key_TKD.shape[:1]:
        return write_of_any_dtype(key_TKD, value_TKE, layer, ragged)
    threads = 1 if key_TKD.numel() < _ALONE else torch.get_num_threads()
    native.run(writing_table(threads, key_TKD, value_TKE, layer, slot_T.data_ptr()))
    return None


def writing_for(key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer) -> Native | None:
    """Returns the code for operands that it may be given; None for others."""
    pools = (layer.key_NBKD, layer.value_NBKE)
    fits = all(
        rows.is_cpu
        and pool.is_cpu
        and rows.dtype is pool.dtype is key_TKD.dtype
        and rows.shape[1:] == pool.shape[2:]
        and rows.shape[0] == key_TKD.shape[0]
        and rows.stride(2) == 1
        for rows, pool in zip((key_TKD, value_TKE), pools, strict=True)
    )
    return writing(ELEMENTS[key_TKD.dtype]) if fits and key_TKD.dtype in ELEMENTS else None


def writing_table(threads: int, key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer, slots: int) -> tuple[int, ...]:
    """What the task is given; `slots` is the address of T slots as int64."""
    entries = layer.addresses_A.data_ptr()
    sides: list[int] = []
    for rows, pool, entry in (
        (key_TKD, layer.key_NBKD, layer.key_entry),
        (value_TKE, layer.value_NBKE, layer.value_entry),
    ):
        sides += (rows.shape[2], rows.data_ptr(), *rows.stride()[:2], entries + 8 * entry, *pool.stride()[:3])
    return (threads, *key_TKD.shape[:2], layer.block_size, slots, 0, *sides)
