"""Lowering of the ops that keep state (`STATEFUL` of `proto/ops.py`, which says what each means)."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from aweigh.engine.run.operands import Operands
from aweigh.proto.flat import Instruction
from aweigh.proto.program import Operand


class Stateful(Operands):
    """One method per op, named for it."""

    def op_attend(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        value: Operand,
        sinks: Operand = None,
        slopes: Operand = None,
        selection: Operand = None,
        bias: Operand = None,
        relative: Operand = None,
        *,
        state: int,
        **attributes: Any,
    ) -> Sequence[int]:
        write_kv, attend = self.kernels.write_kv, self.kernels.attend

        def write_and_attend(
            query_THD: Tensor, key_TKD: Tensor, value_TKE: Tensor, layer: Any, ragged: Any, **options: Any
        ) -> Tensor:
            write_kv(key_TKD, value_TKE, layer, ragged)
            return attend(query_THD, layer, ragged, **options)

        optional = self._optional(alibi_slopes_H=slopes)
        if sinks is not None and self._rank(sinks) == 1:
            optional = (*optional, *self._optional(sinks_H=sinks))
        elif sinks is not None:
            optional = (*optional, ("sinks_TH", self._rows(sinks)))
        if selection is not None:
            optional = (*optional, ("selection_TN", self._rows(selection)))
        if isinstance(bias, int):
            optional = (*optional, ("bias_PH", self.tensor(bias)))
        if relative is not None:
            optional = (*optional, ("relative_THR", self._heads_last(relative)))
        out = self.builder.one(
            "attend",
            write_and_attend,
            *(self._heads_last(operand) for operand in (query, key, value)),
            self._layer(state),
            self.ragged,
            keywords=attributes,
            optional=optional,
            effect=True,
        )
        return (self.builder.lead(out),)

    def op_select(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        weights: Operand = None,
        *,
        state: int,
        **attributes: Any,
    ) -> Sequence[int]:
        operands = (self._rows(query), self._rows(key), self._layer(state), self.ragged)
        optional = () if weights is None else (("weights_TH", self._rows(weights)),)
        chosen = self.builder.one(
            "select", self.kernels.select, *operands, keywords=attributes, optional=optional, effect=True
        )
        return (self.builder.lead(chosen),)

    def op_cross_attend(
        self, instruction: Instruction, query: Operand, *, state: int, **attributes: Any
    ) -> Sequence[int]:
        attend = self.kernels.attend

        def attend_memory(query_THD: Tensor, layer: Any, ragged: Any, **options: Any) -> Tensor:
            return attend(query_THD, layer, ragged.memory, causal=False, **options)

        operands = (self._heads_last(query), self._layer(state), self.ragged)
        out = self.builder.one("cross_attend", attend_memory, *operands, keywords=attributes, effect=True)
        return (self.builder.lead(out),)

    def op_causal_conv(
        self, instruction: Instruction, x: Operand, weight: Operand, bias: Operand = None, *, state: int, groups: int
    ) -> Sequence[int]:
        operands = (self._rows(x), self._weight(weight), self._maybe(bias), self._layer(state), self.ragged)
        kernel = self.kernels.causal_conv
        return (
            self.builder.lead(self.builder.one("conv", kernel, *operands, keywords={"groups": groups}, effect=True)),
        )

    def op_scan(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        value: Operand,
        decay: Operand,
        rate: Operand = None,
        beta: Operand = None,
        *,
        state: int,
        delta: bool = False,
    ) -> Sequence[int]:
        operands = (*(self._rows(operand) for operand in (query, key, value, decay)), self._layer(state), self.ragged)
        optional = self._optional(rate_HD=rate)
        if beta is not None:
            optional = (*optional, ("beta_TH", self._rows(beta)))
        out = self.builder.one(
            "scan", self.kernels.scan, *operands, keywords={"delta": delta}, optional=optional, effect=True
        )
        return (self.builder.lead(out),)

    def op_log_scan(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        value: Operand,
        decay: Operand,
        gain: Operand,
        *,
        state: int,
        **attributes: Any,
    ) -> Sequence[int]:
        given = (query, key, value, decay, gain)
        operands = (*(self._rows(operand) for operand in given), self._layer(state), self.ragged)
        both = self.builder.add("log_scan", self.kernels.log_scan, operands, 2, keywords=attributes, effect=True)
        return [self.builder.lead(one) for one in both]
