"""Lowering of ops that keep no state; `proto/ops.py` says what each means."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.run.hits import Hits
from aweigh.engine.run.operands import Operands
from aweigh.engine.run.touches import LOW_BIT
from aweigh.kernels.base import Experts, LowBit
from aweigh.proto.flat import Instruction
from aweigh.proto.program import Operand


class Dense(Operands):
    """One method per op, named for it."""

    def op_weight(self, instruction: Instruction, slot: int) -> Sequence[int]:
        self.slot_of[instruction.results[0]] = slot
        return (-1,)

    def op_embedding(self, instruction: Instruction, ids: Operand, table: Operand) -> Sequence[int]:
        if self._rank(ids) == 2 and self.flat.types[ids].dims[0] == 1:  # type: ignore[index]
            rows = self.builder.one("embedding", self.kernels.embedding, self._rows(ids), self._weight(table))
            return (self.builder.lead(rows),)
        return (self.builder.one("embedding", self.kernels.embedding, self.tensor(ids), self._weight(table)),)

    def op_dequantize(
        self,
        instruction: Instruction,
        packed: Operand,
        scales: Operand,
        zeros: Operand = None,
        *,
        kind: str,
        outputs: int,
        dtype: str,
    ) -> Sequence[int]:
        """Products take the parts as they lie; whoever else reads the weight has it made anew in each step."""
        operands = (self._weight(packed), self._weight(scales), self._maybe(zeros))
        keywords = {"kind": kind, "outputs": outputs, "dtype": getattr(torch, dtype)}
        whole = self.builder.one(LOW_BIT, LowBit, *operands, keywords=keywords, folds=True)
        self.low_bit[instruction.results[0]] = whole
        return (self.builder.one("dequantize", self.kernels.dequantize, *operands, keywords=keywords),)

    def op_linear(
        self, instruction: Instruction, x: Operand, weight: Operand, bias: Operand = None, *, transposed: bool = False
    ) -> Sequence[int]:
        matrix = (
            self.builder.one("t", Tensor.t, self.tensor(weight), folds=True) if transposed else self._matrix(weight)
        )
        operands = (self.tensor(x), matrix) if bias is None else (self.tensor(x), matrix, self._weight(bias))
        return (self.builder.one("linear", self.kernels.linear, *operands),)

    def op_merged_linear(
        self, instruction: Instruction, x: Operand, weights: tuple[int, ...], biases: tuple[int, ...] | None = None
    ) -> Sequence[int]:
        packed = [self.builder.pack(tuple(map(self._matrix, weights)), folds=True)]
        if biases is not None:
            packed.append(self.builder.pack(tuple(map(self._weight, biases)), folds=True))
        return self.builder.add(
            "merged_linear", self.kernels.merged_linear, (self.tensor(x), *packed), len(weights), many=True
        )

    def op_rms_norm(
        self, instruction: Instruction, x: Operand, weight: Operand = None, **attributes: Any
    ) -> Sequence[int]:
        operands = (self.tensor(x), self._maybe(weight))
        return (self.builder.one("rms_norm", self.kernels.rms_norm, *operands, keywords=attributes),)

    def op_add_rms_norm(
        self, instruction: Instruction, x: Operand, residual: Operand, weight: Operand = None, **attributes: Any
    ) -> Sequence[int]:
        operands = (self.tensor(x), self.tensor(residual), self._maybe(weight))
        return self.builder.add("add_rms_norm", self.kernels.add_rms_norm, operands, 2, keywords=attributes)

    def op_layer_norm(
        self, instruction: Instruction, x: Operand, weight: Operand = None, bias: Operand = None, *, epsilon: float
    ) -> Sequence[int]:
        operands = (self.tensor(x), self._maybe(weight), self._maybe(bias), self.builder.constant(epsilon))
        return (self.builder.one("layer_norm", self.kernels.layer_norm, *operands),)

    def op_add_layer_norm(
        self,
        instruction: Instruction,
        x: Operand,
        residual: Operand,
        weight: Operand = None,
        bias: Operand = None,
        *,
        epsilon: float,
    ) -> Sequence[int]:
        constant = self.builder.constant(epsilon)
        operands = (self.tensor(x), self.tensor(residual), self._maybe(weight), self._maybe(bias), constant)
        return self.builder.add("add_layer_norm", self.kernels.add_layer_norm, operands, 2)

    def op_rotary(
        self, instruction: Instruction, x: Operand, cos: Operand, sin: Operand, **attributes: Any
    ) -> Sequence[int]:
        operands = (self._heads_last(x), self._rows(cos), self._rows(sin))
        rotated = self.builder.one("rotary", self.kernels.rotary, *operands, keywords=attributes)
        return (self.builder.heads_first(rotated),)

    def op_varlen_attend(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        value: Operand,
        visible: Operand = None,
        **attributes: Any,
    ) -> Sequence[int]:
        operands = (*(self._heads_last(operand) for operand in (query, key, value)), self.ragged)
        optional = () if visible is None else (("visible_T", self._rows(visible)),)
        kernel = self.kernels.varlen_attend
        out = self.builder.one("varlen_attend", kernel, *operands, keywords=attributes, optional=optional)
        return (self.builder.lead(out),)

    def op_activation(self, instruction: Instruction, x: Operand, *, name: str) -> Sequence[int]:
        return (self.builder.one("activation", self.kernels.activation, self.tensor(x), self.builder.constant(name)),)

    def op_gated_mlp(
        self,
        instruction: Instruction,
        x: Operand,
        gate: Operand,
        up: Operand,
        down: Operand,
        gate_bias: Operand = None,
        up_bias: Operand = None,
        down_bias: Operand = None,
        *,
        activation: str,
    ) -> Sequence[int]:
        operands = (self.tensor(x), self._matrix(gate), self._matrix(up), self._matrix(down))
        optional = self._optional(gate_bias_I=gate_bias, up_bias_I=up_bias, down_bias_C=down_bias)
        keywords = {"activation": activation}
        return (self.builder.one("gated_mlp", self.kernels.gated_mlp, *operands, keywords=keywords, optional=optional),)

    def op_experts(
        self,
        instruction: Instruction,
        x: Operand,
        indices: Operand,
        weights: Operand,
        gate_up: Operand,
        down: Operand,
        gate_up_bias: Operand = None,
        down_bias: Operand = None,
        **attributes: Any,
    ) -> Sequence[int]:
        kernel = self.kernels.experts
        by_expert = tuple(
            self.slot_of[value]
            for value in (gate_up, down, gate_up_bias, down_bias)
            if isinstance(value, int) and value in self.slot_of
        )
        counts = self.builder.register()
        self.hits.append((counts, by_expert))

        def counted(counts: Hits, *operands: Any, **options: Any) -> Tensor:
            done: Experts = kernel(*operands, **options)
            counts.add(expert for expert, _ in done.hits)
            return done.out_TC

        operands = (
            counts,
            self.tensor(x),
            self.tensor(indices),
            self.tensor(weights),
            self._weight(gate_up),
            self._weight(down),
        )
        optional = self._optional(gate_up_bias=gate_up_bias, down_bias=down_bias)
        return (self.builder.one("experts", counted, *operands, keywords=attributes, optional=optional),)
