"""Every kernel at the shapes of an 8 B model: what it is called with, what it must move or compute, and the same in float64 by the reference.

Legend: T tokens in batch, H query heads, K KV heads, D head size, C hidden, I intermediate, N blocks in pool, B tokens per block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from aweigh.kernels.base import Kernels, KvLayer, LowBit, Ragged
from aweigh.proto.low_bit import packed_shape, scales_shape

BLOCK = 16
GROUP = 32
EXPERTS, PER_TOKEN = 64, 8
MANY = 256  # rows, beyond which arithmetic is the limit
Run = Callable[[Kernels, torch.dtype], Tensor]
"""Runs the case with a master in a dtype, and returns what it made."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Of one layer."""

    heads: int = 32
    kv_heads: int = 8
    size: int = 128
    hidden: int = 4096
    inner: int = 14336
    vocabulary: int = 128256


@dataclass(frozen=True, slots=True)
class Case:
    """`amount` of bytes that must be moved, or of operations."""

    name: str
    limit: Literal["copy", "matrix"]
    amount: float
    run: Run


def cases(shape: Shape, device: torch.device, dtype: torch.dtype, most_bytes: int) -> Iterator[Case]:
    """Yields those whose keys and values take at most `most_bytes`. Tensors of a case live as long as it does."""
    each = 2 * shape.kv_heads * shape.size * dtype.itemsize  # bytes of a token's keys and values
    for sequences in (1, 8, 64, 256):
        for context in (1024, 8192, 32768):
            if sequences * context * each <= most_bytes:
                yield _attend(f"decode {sequences} x {context}", shape, device, dtype, [1] * sequences, context, "copy")
    for queries in (2048, 8192):
        if queries * each <= most_bytes:
            yield _attend(f"prefill {queries}", shape, device, dtype, [queries], queries, "matrix")
    yield from _rows(shape, device, dtype, 256)
    for kind in ("int4", "int8", "fp8"):
        for rows in (1, 8, 64, 2048):
            yield _low_bit(kind, rows, shape, device, dtype)
    for tokens in (1, 64, 2048):
        yield _experts(tokens, shape, device, dtype)
    for rows in (1, 64):
        yield from _tokens(rows, shape.vocabulary, device, dtype)


def _attend(
    name: str,
    shape: Shape,
    device: torch.device,
    dtype: torch.dtype,
    queries: list[int],
    context: int,
    limit: Literal["copy", "matrix"],
) -> Case:
    blocks = -(-context // BLOCK)
    total = blocks * len(queries)
    order = torch.randperm(total, generator=torch.Generator().manual_seed(0)).tolist()  # as in a pool that is in use
    tables = [order[start : start + blocks] for start in range(0, total, blocks)]
    ragged = Ragged.of(queries, [context] * len(queries), tables, BLOCK, device)
    tokens = sum(queries)
    query_THD = torch.randn(tokens, shape.heads, shape.size, device=device).to(dtype)
    keys_NBKD, values_NBKD = (
        torch.randn(total, BLOCK, shape.kv_heads, shape.size, device=device, dtype=dtype) for _ in range(2)
    )

    def run(kernels: Kernels, of: torch.dtype) -> Tensor:
        layer = KvLayer.of(keys_NBKD.to(of), values_NBKD.to(of))
        return kernels.attend(query_THD.to(of), layer, ragged, scale=shape.size**-0.5)

    if limit == "copy":
        amount = float(keys_NBKD.nbytes + values_NBKD.nbytes + 2 * query_THD.nbytes)
    else:
        amount = 2.0 * 2 * shape.heads * shape.size * sum(n * (n + 1) / 2 for n in queries)
    return Case(f"attend, {name}", limit, amount, run)


def _rows(shape: Shape, device: torch.device, dtype: torch.dtype, tokens: int) -> Iterator[Case]:
    hidden, inner = shape.hidden, shape.inner
    x_TC, residual_TC = (torch.randn(tokens, hidden, device=device).to(dtype) for _ in range(2))
    weight_C = torch.randn(hidden, device=device).to(dtype)
    row = float(x_TC.nbytes)

    def norm(kernels: Kernels, of: torch.dtype) -> Tensor:
        return kernels.add_rms_norm(x_TC.to(of), residual_TC.to(of), weight_C.to(of), 1e-5)[0]

    yield Case(f"add_rms_norm {tokens} x {hidden}", "copy", 4 * row, norm)

    def layer_norm(kernels: Kernels, of: torch.dtype) -> Tensor:
        return kernels.layer_norm(x_TC.to(of), weight_C.to(of), weight_C.to(of), 1e-5)

    yield Case(f"layer_norm {tokens} x {hidden}", "copy", 2 * row, layer_norm)
    x_THD = torch.randn(tokens, shape.heads, shape.size, device=device).to(dtype)
    angles_TD = torch.randn(tokens, shape.size, device=device).to(dtype)

    def rotary(kernels: Kernels, of: torch.dtype) -> Tensor:
        return kernels.rotary(x_THD.to(of), angles_TD.to(of), angles_TD.to(of))

    yield Case(f"rotary {tokens} x {shape.heads}", "copy", 2.0 * x_THD.nbytes, rotary)
    weights: list[Any] = [torch.randn(*size, device=device).mul_(0.02).to(dtype) for size in ((inner, hidden),) * 2]
    down_CI = torch.randn(hidden, inner, device=device).mul_(0.02).to(dtype)
    for rows in (1, tokens):

        def mlp(kernels: Kernels, of: torch.dtype, rows: int = rows) -> Tensor:
            gate, up = (weight.to(of) for weight in weights)
            return kernels.gated_mlp(x_TC[:rows].to(of), gate, up, down_CI.to(of), activation="silu")

        yield Case(f"gated_mlp {rows} x {hidden}", "copy", 3.0 * down_CI.nbytes, mlp)


def _low_bit(kind: str, rows: int, shape: Shape, device: torch.device, dtype: torch.dtype) -> Case:
    """The way up of a feed-forward layer, in groups of GROUP columns."""
    outputs, columns = shape.inner, shape.hidden
    packed = torch.randint(0, 127, packed_shape(kind, outputs, columns), dtype=torch.uint8, device=device)  # no NaN
    scales = torch.rand(scales_shape(outputs, columns, GROUP), device=device).mul_(0.01).to(dtype)
    x_NC = torch.randn(rows, columns, device=device).to(dtype)

    def product(kernels: Kernels, of: torch.dtype) -> Tensor:
        given = scales.to(torch.float32) if of == torch.float64 else scales
        return kernels.linear(x_NC.to(of), LowBit(packed, given, None, kind, outputs, of))

    name = f"linear {kind}, {rows} x {columns} x {outputs}"
    if rows > MANY:
        return Case(name, "matrix", 2.0 * rows * columns * outputs, product)
    return Case(
        name, "copy", float(packed.nbytes + scales.nbytes + x_NC.nbytes + rows * outputs * x_NC.itemsize), product
    )


def _experts(tokens: int, shape: Shape, device: torch.device, dtype: torch.dtype) -> Case:
    """A layer of EXPERTS small experts, of which each token chose PER_TOKEN."""
    hidden, inner = shape.hidden // 2, shape.inner // 16
    up, down = (
        torch.randn(*size, device=device).mul_(0.02).to(dtype)
        for size in ((EXPERTS, 2 * inner, hidden), (EXPERTS, hidden, inner))
    )
    x_TC = torch.randn(tokens, hidden, device=device).to(dtype)
    ids_TA = torch.rand(tokens, EXPERTS, device=device).topk(PER_TOKEN).indices
    weights_TA = torch.rand(tokens, PER_TOKEN, device=device)

    def mixture(kernels: Kernels, of: torch.dtype) -> Tensor:
        weights = weights_TA.to(torch.promote_types(of, weights_TA.dtype))
        return kernels.experts(x_TC.to(of), ids_TA, weights, up.to(of), down.to(of), activation="silu").out_TC

    name = f"experts, {tokens} x {PER_TOKEN} of {EXPERTS}"
    each = 3.0 * hidden * inner
    if tokens > MANY:
        return Case(name, "matrix", 2.0 * tokens * PER_TOKEN * each, mixture)
    hit = len(set(ids_TA.flatten().tolist()))
    return Case(name, "copy", hit * each * dtype.itemsize, mixture)


def _tokens(rows: int, vocabulary: int, device: torch.device, dtype: torch.dtype) -> Iterator[Case]:
    """The best token, and one drawn; compared is the greatest score."""
    logits_RV = torch.randn(rows, vocabulary, device=device).mul_(3.0).to(dtype)
    temperature_R = torch.full((rows,), 0.7, device=device)
    top_k_R = torch.full((rows,), 50, dtype=torch.int32, device=device)
    top_p_R, uniform_R = (torch.rand(rows, dtype=torch.float64, device=device) for _ in range(2))

    def best(kernels: Kernels, of: torch.dtype) -> Tensor:
        return kernels.best(logits_RV.to(of))[1]

    def draw(kernels: Kernels, of: torch.dtype) -> Tensor:
        drawn = kernels.draw(logits_RV.to(of), temperature_R, top_k_R, top_p_R, uniform_R)
        return logits_RV.to(of).amax(1) / temperature_R if drawn is None else drawn.scores_R

    yield Case(f"best of {rows} x {vocabulary}", "copy", float(logits_RV.nbytes), best)
    yield Case(f"draw from {rows} x {vocabulary}", "copy", float(logits_RV.nbytes), draw)
