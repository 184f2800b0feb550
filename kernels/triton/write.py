"""Writes keys and values into the pool: one program per token and KV head.

Legend: T tokens in batch, K KV heads, D key head size, E value head size, B tokens per block.
"""

import triton
import triton.language as tl
from torch import Tensor

from aweigh.kernels.kv import KvLayer
from aweigh.kernels.ragged import Ragged
from aweigh.kernels.triton.addresses import TYPES
from aweigh.kernels.triton.cast import narrow
from aweigh.kernels.triton.jit import LAUNCH, kernel


@kernel(run_time=["key_entry", "value_entry"])
def write_kernel(
    key: tl.tensor,
    value: tl.tensor,
    addresses: tl.tensor,
    key_entry: tl.tensor,
    value_entry: tl.tensor,
    slots: tl.tensor,
    key_t: tl.tensor,
    key_h: tl.tensor,
    value_t: tl.tensor,
    value_h: tl.tensor,
    kb: tl.tensor,
    kr: tl.tensor,
    kh: tl.tensor,
    vb: tl.tensor,
    vr: tl.tensor,
    vh: tl.tensor,
    B: tl.constexpr,
    D: tl.constexpr,
    E: tl.constexpr,
    D_PAD: tl.constexpr,
    E_PAD: tl.constexpr,
    KEY_TYPE: tl.constexpr,
    VALUE_TYPE: tl.constexpr,
) -> tl.tensor:
    token = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1).to(tl.int64)
    slot = tl.load(slots + token)
    if slot >= 0:
        block = slot // B
        row = slot % B
        key_pool = tl.load(addresses + key_entry).to(tl.pointer_type(KEY_TYPE))
        value_pool = tl.load(addresses + value_entry).to(tl.pointer_type(VALUE_TYPE))
        d = tl.arange(0, D_PAD)
        x = tl.load(key + token * key_t + head * key_h + d, mask=d < D)
        tl.store(key_pool + block * kb + row * kr + head * kh + d, narrow(x, KEY_TYPE), mask=d < D)
        e = tl.arange(0, E_PAD)
        y = tl.load(value + token * value_t + head * value_h + e, mask=e < E)
        tl.store(value_pool + block * vb + row * vr + head * vh + e, narrow(y, VALUE_TYPE), mask=e < E)


def write_kv(key_TKD: Tensor, value_TKE: Tensor, layer: KvLayer, ragged: Ragged) -> None:
    """See `Kernels.write_kv`."""
    tokens, heads, size = key_TKD.shape
    value_size = value_TKE.shape[2]
    key_TKD = key_TKD if key_TKD.stride(2) == 1 else key_TKD.contiguous()
    value_TKE = value_TKE if value_TKE.stride(2) == 1 else value_TKE.contiguous()
    if tokens == 0:
        return
    write_kernel[(tokens, heads)](
        key_TKD,
        value_TKE,
        layer.addresses_A,
        layer.key_entry,
        layer.value_entry,
        ragged.slot_mapping_T,
        *key_TKD.stride()[:2],
        *value_TKE.stride()[:2],
        *layer.key_NBKD.stride()[:3],
        *layer.value_NBKE.stride()[:3],
        B=ragged.block_size,
        D=size,
        E=value_size,
        D_PAD=triton.next_power_of_2(size),
        E_PAD=triton.next_power_of_2(value_size),
        KEY_TYPE=TYPES[layer.key_NBKD.dtype],
        VALUE_TYPE=TYPES[layer.value_NBKE.dtype],
        **LAUNCH,
    )
