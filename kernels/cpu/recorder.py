"""Methods of `Kernels` that compute nothing: each puts what it would have run onto a tape, and returns where the result will lie.

What a tape can hold is what native code can compute, from tensors whose memory stays where it is; for the rest `NotNative` is raised before
anything was put on. Where the block has no more room, `Full` is raised, and the recording is lost. A record waits for those before it where it reads what they write, or writes what they touch.

What changes from step to step (where keys and values lie, and who sees what) is set before a tape is played (`Recording.run`).

Legend: T tokens in batch, H query heads, K KV heads, D key head size, E value head size, C features, N rows, O outputs.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from aweigh.kernels.base import Cast
from aweigh.kernels.cpu import low_bit_linear
from aweigh.kernels.cpu.attend import (
    attention,
    attention_fits,
    attention_table,
    said_of,
    scratch_for,
)
from aweigh.kernels.cpu.attention import FIELDS
from aweigh.kernels.cpu.block import Block, Room
from aweigh.kernels.cpu.casting import casting, casting_table
from aweigh.kernels.cpu.choosing import chooses, choosing, choosing_table
from aweigh.kernels.cpu.dispatch import END
from aweigh.kernels.cpu.expert_tape import record_experts
from aweigh.kernels.cpu.experts import Gate, experts_fit, sides_of
from aweigh.kernels.cpu.gate import gating_for, gating_table
from aweigh.kernels.cpu.layer_norm import centred_norm, layer_norm_fits, layer_norm_table
from aweigh.kernels.cpu.linear import projection_for, projection_table
from aweigh.kernels.cpu.lookup import lookup, lookup_table
from aweigh.kernels.cpu.native import Native
from aweigh.kernels.cpu.operands import ELEMENTS
from aweigh.kernels.cpu.processor import multiplies_pairs
from aweigh.kernels.cpu.recording import BLOCKS_OF_BATCH, SLOTS_OF_BATCH, Recording
from aweigh.kernels.cpu.rms_norm import norm, norm_fits, norm_table
from aweigh.kernels.cpu.rotary import rotation_for, rotation_table
from aweigh.kernels.cpu.spans import Span, meet, span_of
from aweigh.kernels.cpu.tape import Tape
from aweigh.kernels.cpu.write import SLOTS, writing_for, writing_table
from aweigh.kernels.kv import KvLayer
from aweigh.kernels.reference.tile import Rules
from aweigh.kernels.weight import LowBit, Matrix, Weight, optional_tensor_of, tensor_of

_UNSET = 0


class NotNative(Exception):
    """No native code computes this, or not from operands like these."""


class Recorder:
    """Makes one recording. Operands are what it returned, weights, and layers of keys and values."""

    def __init__(self, block: Block, threads: int) -> None:
        self.room = Room(block)
        self._tape = Tape(threads)
        self._threads = threads
        self._read: list[Span] = []
        self._written: list[Span] = []
        self._scratch: dict[int, Tensor] = {}
        self._kept: list[Tensor] = []
        self._tokens: int | None = None
        self._patches: defaultdict[Any, list[tuple[int, int]]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._tape)

    def ready(self) -> Recording:
        """What was recorded so far. The memory of weights and layers, and of the block, must outlast it."""
        return Recording(self._tape, self._tokens, self._patches, [*self._scratch.values(), *self._kept])

    def linear(self, x: Tensor, weight_OC: Matrix, bias_O: Weight | None = None) -> Tensor:
        return self.merged_linear(x, (weight_OC,), (bias_O,))[0]

    def merged_linear(
        self, x: Tensor, weights: Sequence[Matrix], biases: Sequence[Weight | None] | None = None
    ) -> tuple[Tensor, ...]:
        biases = biases or (None,) * len(weights)
        natives = [_product(x, weight, bias) for weight, bias in zip(weights, biases, strict=True)]
        x_NC = _flat(x)
        if None in natives or x_NC.shape[0] == 0:
            raise NotNative
        outs = [self._new((x_NC.shape[0], _outputs(weight)), x.dtype) for weight in weights]
        for native in dict.fromkeys(natives):
            assert native is not None
            mine = [index for index, other in enumerate(natives) if other is native]
            self._add(native, self._products(x_NC, weights, biases, outs, mine), [x_NC], [outs[i] for i in mine])
        return tuple(out.view(*x.shape[:-1], out.shape[1]) for out in outs)

    def _products(
        self,
        x_NC: Tensor,
        weights: Sequence[Matrix],
        biases: Sequence[Weight | None],
        outs: Sequence[Tensor],
        mine: Sequence[int],
    ) -> list[int]:
        """The table of those products, which take the same code."""
        plain: list[tuple[Weight, Weight | None, Tensor]] = []
        low_bit: list[tuple[LowBit, Weight | None, Tensor]] = []
        for index in mine:
            weight = weights[index]
            if isinstance(weight, LowBit):
                low_bit.append((weight, biases[index], outs[index]))
            else:
                plain.append((weight, biases[index], outs[index]))
        assert not (plain and low_bit), "weights of few bits have code of their own"
        if low_bit:
            return low_bit_linear.projection_table(self._threads, x_NC, low_bit)
        return projection_table(self._threads, x_NC, plain)

    def rms_norm(
        self, x: Tensor, weight_C: Weight | None, epsilon: float, *, offset: float = 0.0, cast: Cast = "before_weight"
    ) -> Tensor:
        return self._norm(x, None, weight_C, epsilon, offset, cast)[0]

    def add_rms_norm(
        self,
        x: Tensor,
        residual: Tensor,
        weight_C: Weight | None,
        epsilon: float,
        *,
        offset: float = 0.0,
        cast: Cast = "before_weight",
    ) -> tuple[Tensor, Tensor]:
        return self._norm(x, residual, weight_C, epsilon, offset, cast)

    def _norm(
        self, x: Tensor, residual: Tensor | None, weight_C: Weight | None, epsilon: float, offset: float, cast: Cast
    ) -> tuple[Tensor, Tensor]:
        given = [x] if residual is None else [x, residual]
        if not norm_fits(x, residual, weight_C) or not all(one.is_contiguous() for one in given) or not x.numel():
            raise NotNative
        out = self._new(x.shape, x.dtype)
        total = x if residual is None else self._new(x.shape, x.dtype)
        table = norm_table(self._threads, x, residual, weight_C, epsilon, offset, cast, total, out)
        self._add(norm(ELEMENTS[x.dtype]), table, given, [out] if residual is None else [out, total])
        return out, total

    def layer_norm(self, x: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float) -> Tensor:
        return self._layer_norm(x, None, weight_C, bias_C, epsilon)[0]

    def add_layer_norm(
        self, x: Tensor, residual: Tensor, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
    ) -> tuple[Tensor, Tensor]:
        return self._layer_norm(x, residual, weight_C, bias_C, epsilon)

    def _layer_norm(
        self, x: Tensor, residual: Tensor | None, weight_C: Weight | None, bias_C: Weight | None, epsilon: float
    ) -> tuple[Tensor, Tensor]:
        given = [x] if residual is None else [x, residual]
        fits = layer_norm_fits(x, residual, weight_C, bias_C)
        if not fits or not all(one.is_contiguous() for one in given) or not x.numel():
            raise NotNative
        out = self._new(x.shape, x.dtype)
        total = x if residual is None else self._new(x.shape, x.dtype)
        table = layer_norm_table(self._threads, x, residual, weight_C, bias_C, epsilon, total, out)
        self._add(centred_norm(ELEMENTS[x.dtype]), table, given, [out] if residual is None else [out, total])
        return out, total

    def rotary(self, x_THD: Tensor, cos_TR: Tensor, sin_TR: Tensor, *, interleaved: bool = False) -> Tensor:
        native = None if interleaved else rotation_for(x_THD, cos_TR, sin_TR, cos_TR.shape[-1])
        if native is None:
            raise NotNative
        out_THD = self._new(x_THD.shape, x_THD.dtype)
        table = rotation_table(self._threads, x_THD, cos_TR, sin_TR, cos_TR.shape[-1] // 2, out_THD)
        self._add(native, table, [x_THD, cos_TR, sin_TR], [out_THD])
        return out_THD

    def embedding(self, ids_T: Tensor, table_VC: Weight) -> Tensor:
        shown = tensor_of(table_VC)
        fits = shown.is_cpu and shown.dtype in ELEMENTS and shown.dim() == 2 and shown.stride(1) == 1
        if not fits or ids_T.dtype is not torch.int64 or not ids_T.is_contiguous() or not ids_T.numel():
            raise NotNative
        out = self._new((*ids_T.shape, shown.shape[1]), shown.dtype)
        table = lookup_table(self._threads, ids_T, table_VC, out)
        self._add(lookup(ELEMENTS[shown.dtype]), table, [ids_T], [out])
        return out

    def softmax(self, x: Tensor) -> Tensor:
        if not chooses(x) or not x.is_contiguous() or not x.numel():
            raise NotNative
        out = self._new(x.shape, x.dtype)
        table = choosing_table(self._threads, x, 0, out, None, out)
        self._add(choosing(ELEMENTS[x.dtype]), table, [x], [out])
        return out

    def topk(self, x: Tensor, count: int) -> tuple[Tensor, Tensor]:
        if not chooses(x, count) or not x.is_contiguous() or not x.numel() or count == 0:
            raise NotNative
        shape = (*x.shape[:-1], count)
        values, places = self._new(shape, x.dtype), self._new(shape, torch.int64)
        scratch = self._new((self._threads, x.shape[-1]), torch.uint8)
        table = choosing_table(self._threads, x, count, values, places, scratch)
        self._add(choosing(ELEMENTS[x.dtype]), table, [x], [values, places, scratch])
        self._give(scratch)
        return values, places

    def cast(self, x: Tensor, dtype: torch.dtype) -> Tensor:
        """x in another dtype."""
        if x.dtype not in ELEMENTS or dtype not in ELEMENTS or not x.is_contiguous() or not x.numel():
            raise NotNative
        out = self._new(x.shape, dtype)
        native = casting(ELEMENTS[x.dtype], ELEMENTS[dtype])
        self._add(native, casting_table(self._threads, x, out), [x], [out])
        return out

    def activation(self, x: Tensor, name: str) -> Tensor:
        return self._elementwise(x, None, name, adds=False)

    def add(self, x: Tensor, other: Tensor) -> Tensor:
        """x + other, both of one shape."""
        return self._elementwise(x, other, "linear", adds=True)

    def multiply(self, x: Tensor, other: Tensor) -> Tensor:
        """x * other, both of one shape."""
        return self._elementwise(x, other, "linear", adds=False)

    def _elementwise(self, x: Tensor, other: Tensor | None, name: str, *, adds: bool) -> Tensor:
        native = gating_for(x, name)
        if native is None or not x.numel() or x.dim() == 0:
            raise NotNative
        if other is not None and (not isinstance(other, Tensor) or other.shape != x.shape or other.dtype != x.dtype):
            raise NotNative
        x_NC, other_NC = _flat(x), None if other is None else _flat(other)
        out = self._new(x.shape, x.dtype)
        table = gating_table(self._threads, x_NC, other_NC, out, name, adds=adds)
        self._add(native, table, [x] if other is None else [x, other], [out])
        return out

    def gated_mlp(
        self,
        x: Tensor,
        gate_IC: Matrix,
        up_IC: Matrix,
        down_CI: Matrix,
        *,
        activation: str,
        gate_bias_I: Weight | None = None,
        up_bias_I: Weight | None = None,
        down_bias_C: Weight | None = None,
    ) -> Tensor:
        native = gating_for(x, activation)
        inner = x.new_empty(0, _outputs(gate_IC))
        fits = (
            _product(x, gate_IC, gate_bias_I),
            _product(x, up_IC, up_bias_I),
            _product(inner, down_CI, down_bias_C),
        )
        if native is None or None in fits or _outputs(gate_IC) != _outputs(up_IC):
            raise NotNative
        gated, factor = self.merged_linear(x, (gate_IC, up_IC), (gate_bias_I, up_bias_I))
        self._add(native, gating_table(self._threads, gated, factor, gated, activation), [gated, factor], [gated])
        self._give(factor)
        out = self.linear(gated, down_CI, down_bias_C)
        self._give(gated)
        return out

    def experts(
        self,
        hits_X: Tensor,
        x_TC: Tensor,
        ids_TA: Tensor,
        weights_TA: Tensor,
        gate_up: Weight,
        down: Weight,
        *,
        activation: str,
        gate_up_bias: Weight | None = None,
        down_bias: Weight | None = None,
        transposed: bool = False,
        **others: Any,
    ) -> Tensor:
        """`Kernels.experts`; `hits_X` counts the runs in which an expert was hit."""
        gate = Gate(activation, **others)
        sides = sides_of(gate_up, gate_up_bias, down, down_bias, transposed=transposed)
        given = (x_TC, ids_TA, weights_TA)
        if sides is None or not x_TC.numel() or not all(one.is_contiguous() for one in given):
            raise NotNative
        if not experts_fit(*given, sides, gate):
            raise NotNative
        made = record_experts(self._threads, self._new, self._add, *given, sides, gate, hits_X)
        out_TC, done, writer, products = made
        for tensor in done:
            self._give(tensor)
        self._kept.append(hits_X)
        for place, product in enumerate(products):
            self._tape.tell(writer, END + place, product)
        return out_TC

    def attend(
        self,
        query_THD: Tensor,
        key_TKD: Tensor,
        value_TKE: Tensor,
        layer: KvLayer,
        *,
        scale: float,
        window: int | None = None,
        chunk: int | None = None,
        softcap: float | None = None,
        sinks_H: Weight | None = None,
        alibi_slopes_H: Weight | None = None,
        sinks_TH: Tensor | None = None,
        causal: bool = True,
        **others: Any,
    ) -> Tensor:
        """Keys and values into their blocks, then `Kernels.attend`."""
        native = writing_for(key_TKD, value_TKE, layer)
        tokens, heads = query_THD.shape[:2]
        sinks = sinks_H if sinks_TH is None else sinks_TH
        said = said_of(query_THD, softcap, sinks, alibi_slopes_H)
        if native is None or said is None or any(value is not None for value in others.values()) or not tokens:
            raise NotNative
        if not attention_fits(query_THD, layer) or query_THD.stride(2) != 1 or key_TKD.shape[0] != tokens:
            raise NotNative
        if self._tokens not in (None, tokens):
            raise NotNative
        pool = (-1 - layer.key_entry, -layer.key_entry)  # no address: it stands for the layer's blocks
        table = writing_table(self._threads, key_TKD, value_TKE, layer, _UNSET)
        record = self._add(native, table, [key_TKD, value_TKE], [], written=pool)
        self._patches[SLOTS_OF_BATCH].append((record, SLOTS))
        out_THE = self._new((tokens, heads, layer.value_NBKE.shape[3]), query_THD.dtype)
        size = self._threads * scratch_for(query_THD, layer)
        if size not in self._scratch:
            self._scratch[size] = torch.empty(size)
        scratch = self._scratch[size]
        places = (_UNSET, _UNSET)
        cells = attention_table(self._threads, query_THD, layer, scale, scratch, places, out_THE, said)
        kernel = attention(ELEMENTS[query_THD.dtype], multiplies_pairs())
        given = [one for one in map(optional_tensor_of, (sinks, alibi_slopes_H)) if one is not None]
        record = self._add(kernel, cells, [query_THD, *given], [out_THE, scratch], read=pool)
        self._patches[BLOCKS_OF_BATCH].append((record, FIELDS.index("blocks")))
        self._patches[Rules(window, chunk, causal)].append((record, FIELDS.index("spans")))
        self._tokens = tokens
        return out_THE

    def _new(self, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
        return self.room.take(tuple(shape), dtype)

    def _give(self, tensor: Tensor) -> None:
        start = self.room.start_of(tensor)
        assert start is not None, "it was taken here"
        self.room.give(start)

    def _add(
        self,
        native: Native,
        table: Sequence[int],
        reads: Sequence[Tensor],
        writes: Sequence[Tensor],
        *,
        read: Span | None = None,
        written: Span | None = None,
    ) -> int:
        before = [*map(span_of, reads), *([] if read is None else [read])]
        after = [*map(span_of, writes), *([] if written is None else [written])]
        if meet(before, self._written) or meet(after, self._written) or meet(after, self._read):
            self._tape.wait()
            self._read, self._written = [], []
        self._read += before
        self._written += after
        return self._tape.add(native, table)


def _product(x: Tensor, weight_OC: Matrix, bias_O: Weight | None) -> Native | None:
    """The code of a product; None where there is none for such operands."""
    bias = optional_tensor_of(bias_O)
    if isinstance(weight_OC, LowBit):
        return low_bit_linear.projection_for(x, weight_OC, bias)
    return projection_for(x, tensor_of(weight_OC), bias)


def _outputs(weight_OC: Matrix) -> int:
    return weight_OC.outputs if isinstance(weight_OC, LowBit) else tensor_of(weight_OC).shape[0]


def _flat(x: Tensor) -> Tensor:
    """[..., C] as [N, C], where that is a view whose rows are contiguous."""
    try:
        x_NC = x.view(-1, x.shape[-1])
    except RuntimeError:
        raise NotNative from None
    if x_NC.stride(1) != 1:
        raise NotNative
    return x_NC
