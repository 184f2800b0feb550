"""Attention within whole sequences of a batch: against a plain softmax per sequence, and the same bits whoever is in the batch.

`interpreted/test_varlen.py` collects these tests once more, for Triton.
"""

import pytest
import torch
from torch import Tensor

from aweigh.kernels.base import Kernels, Ragged

HEADS, KV_HEADS, SIZE, VALUE = 4, 2, 8, 6
LENGTHS = (5, 1, 7, 7, 7, 3, 0, 70)


def batch(lengths: tuple[int, ...]) -> Ragged:
    return Ragged.of(lengths, lengths, (), 1)


def parts(seed: int = 0, kv_heads: int = KV_HEADS) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Query, key, value, and what is visible: of sequence 2 only the first three tokens, of sequence 5 nothing."""
    generator = torch.Generator().manual_seed(seed)
    tokens = sum(LENGTHS)
    query, key, value = (
        torch.randn(tokens, heads, size, generator=generator)
        for heads, size in ((HEADS, SIZE), (kv_heads, SIZE), (kv_heads, VALUE))
    )
    visible = torch.ones(tokens, dtype=torch.int64)
    visible[9:13] = visible[27:30] = 0
    return query, key, value, visible


def plain(
    query_LHD: Tensor, key_LKD: Tensor, value_LKE: Tensor, seen_LL: Tensor, *, floor: bool, scale: float
) -> Tensor:
    group = query_LHD.shape[1] // key_LKD.shape[1]
    key_LHD, value_LHE = (part.repeat_interleave(group, 1) for part in (key_LKD, value_LKE))
    scores_HLL = torch.einsum("qhd,khd->hqk", query_LHD, key_LHD) * scale
    scores_HLL = scores_HLL.masked_fill(~seen_LL, torch.finfo(torch.float32).min if floor else float("-inf"))
    weights_HLL = torch.softmax(scores_HLL, -1)
    if not floor:
        weights_HLL = torch.where(seen_LL.any(-1, keepdim=True), weights_HLL, 0.0)
    return torch.einsum("hqk,khe->qhe", weights_HLL, value_LHE)


@pytest.mark.parametrize("floor", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("window", [None, 0, 2, 100])
def test_as_a_softmax_per_sequence(kernels: Kernels, window: int | None, masked: bool, floor: bool) -> None:
    query, key, value, visible = parts()
    found = kernels.varlen_attend(
        query, key, value, batch(LENGTHS), scale=0.3, window=window, visible_T=visible if masked else None, floor=floor
    )
    assert found.shape == (sum(LENGTHS), HEADS, VALUE)
    start = 0
    for length in LENGTHS:
        own = slice(start, start + length)
        place = torch.arange(length)
        seen = (place[:, None] - place).abs() <= (100 if window is None else window)
        if masked:
            seen = seen & (visible[own] != 0)
        wanted = plain(query[own], key[own], value[own], seen, floor=floor, scale=0.3)
        torch.testing.assert_close(found[own], wanted, atol=1e-5, rtol=1e-5)
        start += length


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_mates_change_no_bit(kernels: Kernels, dtype: torch.dtype, masked: bool) -> None:
    query, key, value, visible = parts(1)
    query, key, value = (part.to(dtype) for part in (query, key, value))

    def attended(own: slice, lengths: tuple[int, ...]) -> Tensor:
        shown = visible[own] if masked else None
        return kernels.varlen_attend(
            query[own], key[own], value[own], batch(lengths), scale=0.3, window=4, visible_T=shown
        )

    together = attended(slice(None), LENGTHS)
    start = 0
    for length in LENGTHS:
        own = slice(start, start + length)
        assert torch.equal(together[own], attended(own, (length,)))
        start += length


def test_nan_stays_with_its_owner(kernels: Kernels) -> None:
    query, key, value, _ = parts(2)
    value[0] = float("nan")
    found = kernels.varlen_attend(query, key, value, batch(LENGTHS), scale=0.3)
    assert found[:5].isnan().all() and not found[5:].isnan().any()


def test_an_empty_batch(kernels: Kernels) -> None:
    query, key, value, _ = (part[:0] for part in parts())
    assert kernels.varlen_attend(query, key, value, batch(()), scale=1.0).shape == (0, HEADS, VALUE)
