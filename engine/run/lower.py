"""From instructions to steps: which kernel or ATen function each op becomes, with the operands it takes.

One function per op that is not ATen; `proto/ops.py` says what each means. A weight goes to kernels as a `Slot` of the address
table; ATen functions, and kernels behind a transposition, get its tensor.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.run.aten import Value, call_of, plain
from aweigh.engine.run.bounds import Bounds, within
from aweigh.engine.run.builder import Builder
from aweigh.engine.run.check import unproved
from aweigh.engine.run.flat import COLLECT, Flat, Instruction
from aweigh.engine.run.symbols import is_symbolic
from aweigh.kernels.base import Experts, Kernels
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.program import Attribute, Operand

# Results of these are views (or as small as their operands are): made once per model where they are of weights alone.
_VIEWS = frozenset(
    [
        "aten.alias.default", "aten.detach.default", "aten.expand.default", "aten.narrow.default", "aten.permute.default",
        "aten.reshape.default", "aten.select.int", "aten.slice.Tensor", "aten.squeeze.dim", "aten.squeeze.dims", "aten.t.default",
        "aten.transpose.int", "aten.unsqueeze.default", "aten.view.default",
    ]
)  # fmt: skip
FOLDED_BYTES = 1 << 20


class Lowering:
    """Turns the needed instructions of a flat function into steps of a builder.

    `values[v]` is the register of value v. Weights have two registers, of the Slot and of the tensor, made when asked for.
    """

    def __init__(self, flat: Flat, kernels: Kernels, device: torch.device) -> None:
        self.flat = flat
        self.kernels = kernels
        self.device = device
        self.builder = Builder()
        self.bounds = Bounds(flat)
        self.values: dict[int, int] = {}
        self.slot_of: dict[int, int] = {}  # value -> slot, for results of `weight`
        self.slots: dict[int, int] = {}  # slot -> register of the Slot
        self.tensors: dict[int, int] = {}  # slot -> register of the tensor
        self.layers: dict[int, int] = {}  # state -> register of its layer
        self.ragged = self.builder.register()
        self.hits: list[
            tuple[int, tuple[int, ...]]
        ] = []  # per `experts`: register of its counts, slots that are read by expert
        self.inputs = [self.builder.register() for _ in flat.function.inputs]
        self.values.update(enumerate(self.inputs))

    def lower(self, instruction: Instruction) -> None:
        for guard in self.bounds.guards(instruction):
            operands = (self.tensor(guard.indices), self.builder.attribute(guard.size, plain))
            looked_at = self.builder.one(
                "within", within, *operands, self.builder.constant(guard.wraps), folds=guard.indices in self.slot_of
            )
            self.slot_of.pop(guard.indices, None)
            self.values[guard.indices] = looked_at
        attributes = dict(instruction.attributes)
        method: Callable[..., Sequence[int]] | None = getattr(self, f"op_{instruction.kind}", None)
        results: Sequence[int]
        if instruction.kind == COLLECT:
            results = (self.builder.one("stack", torch.stack, self._list(instruction.operands[0])),)
        elif instruction.kind.startswith("aten."):
            results = self._aten(instruction)
        else:
            if any(is_symbolic(value) for value in attributes.values()):
                raise ProgramInvalid(f"{instruction.kind} has an attribute that depends on a symbol")
            assert method is not None, f"there is no lowering of {instruction.kind}"
            results = method(instruction, *instruction.operands, **attributes)
        self.values.update(zip(instruction.results, results, strict=True))

    # Operands

    def tensor(self, value: Any) -> int:
        """The register of a value as a tensor."""
        slot = self.slot_of.get(value)
        if slot is None:
            return self.values[value]
        if slot not in self.tensors:
            self.tensors[slot] = self.builder.register()
        return self.tensors[slot]

    def _weight(self, value: Any) -> int:
        """The register of a value as a kernel's weight: a Slot if it is one, else a tensor."""
        slot = self.slot_of.get(value)
        if slot is None:
            return self.values[value]
        if slot not in self.slots:
            self.slots[slot] = self.builder.register()
        return self.slots[slot]

    def _maybe(self, value: Operand) -> int:
        return self.builder.constant(None) if value is None else self._weight(value)

    def _list(self, values: Operand) -> int:
        assert isinstance(values, tuple)
        return self.builder.pack(tuple(self.tensor(value) for value in values), folds=False)

    def _optional(self, **values: Operand) -> tuple[tuple[str, int], ...]:
        return tuple((name, self._weight(value)) for name, value in values.items() if value is not None)

    def _layer(self, state: int) -> int:
        if state not in self.layers:
            self.layers[state] = self.builder.register()
        return self.layers[state]

    def _rank(self, value: Any) -> int:
        return len(self.flat.types[value].dims)

    def _rows(self, value: Any) -> int:
        return self.builder.rows(self.tensor(value), plain)

    def _heads_last(self, value: Any) -> int:
        return self.builder.heads_last(self.tensor(value), plain)

    # Ops

    def _aten(self, instruction: Instruction) -> Sequence[int]:
        rewritten = self._layout(instruction)
        if rewritten is not None:
            return (rewritten,)
        call = call_of(instruction, self.device)
        operands: list[int] = []
        for argument in call.arguments:
            if isinstance(argument, Value):
                one = argument.value
                operands.append(self.tensor(one) if isinstance(one, int) else self._list(one))
            else:
                operands.append(
                    self.builder.constant(None) if argument is None else self.builder.attribute(_tuple(argument), plain)
                )
        if any(is_symbolic(_tuple(value)) for value in call.keywords.values()):
            raise ProgramInvalid(f"{instruction.kind} has a keyword that depends on a symbol")
        function = call.function
        if instruction.results[0] in self.flat.unproved:
            types = [self.flat.types[value] for value in instruction.results]
            operands += [self.builder.attribute(declared.dims, plain) for declared in types]
            function = _compared(instruction.kind, function, [getattr(torch, t.dtype.torch_name) for t in types])
        return self.builder.add(
            instruction.kind,
            function,
            tuple(operands),
            len(instruction.results),
            keywords=call.keywords,
            folds=instruction.kind in _VIEWS or self._small(instruction),
            many=_lists(instruction.kind),
        )

    def _layout(self, instruction: Instruction) -> int | None:
        """Views that the builder knows how to undo."""
        attributes = dict(instruction.attributes)
        value = instruction.operands[0] if instruction.operands else None
        if not isinstance(value, int):
            return None
        match instruction.kind:
            case "aten.view.default" | "aten.reshape.default":
                shape = attributes.get("size", attributes.get("shape"))
                if isinstance(shape, tuple) and len(attributes) == 1:
                    return self.builder.reshape(self.tensor(value), shape, plain)
            case "aten.transpose.int" if self._rank(value) == 4:
                dims = (attributes.get("dim0"), attributes.get("dim1"))
                if all(isinstance(dim, int) for dim in dims) and sorted(dim % 4 for dim in dims) == [1, 2]:  # type: ignore[operator]
                    return self.builder.swap12(self.tensor(value))
            case "aten.permute.default" if attributes.get("dims") == (0, 2, 1, 3):
                return self.builder.swap12(self.tensor(value))
        return None

    def _small(self, instruction: Instruction) -> bool:
        """Whether its results are static and small enough to be kept by every bound model."""
        total = 0
        for value in instruction.results:
            declared = self.flat.types[value]
            if is_symbolic(declared.dims):
                return False
            size = declared.dtype.size
            for dim in declared.dims:
                assert isinstance(dim, int)
                size *= dim
            total += size
        return total <= FOLDED_BYTES

    def op_weight(self, instruction: Instruction, slot: int) -> Sequence[int]:
        self.slot_of[instruction.results[0]] = slot
        return (-1,)

    def op_embedding(self, instruction: Instruction, ids: Operand, table: Operand) -> Sequence[int]:
        if self._rank(ids) == 2 and self.flat.types[ids].dims[0] == 1:  # type: ignore[index]
            rows = self.builder.one("embedding", self.kernels.embedding, self._rows(ids), self._weight(table))
            return (self.builder.lead(rows),)
        return (self.builder.one("embedding", self.kernels.embedding, self.tensor(ids), self._weight(table)),)

    def op_linear(
        self, instruction: Instruction, x: Operand, weight: Operand, bias: Operand = None, *, transposed: bool = False
    ) -> Sequence[int]:
        matrix = (
            self.builder.one("t", Tensor.t, self.tensor(weight), folds=True) if transposed else self._weight(weight)
        )
        operands = (self.tensor(x), matrix) if bias is None else (self.tensor(x), matrix, self._weight(bias))
        return (self.builder.one("linear", self.kernels.linear, *operands),)

    def op_merged_linear(
        self, instruction: Instruction, x: Operand, weights: tuple[int, ...], biases: tuple[int, ...] | None = None
    ) -> Sequence[int]:
        packed = [self.builder.pack(tuple(map(self._weight, weights)), folds=True)]
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

    def op_attend(
        self,
        instruction: Instruction,
        query: Operand,
        key: Operand,
        value: Operand,
        sinks: Operand = None,
        slopes: Operand = None,
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

        out = self.builder.one(
            "attend",
            write_and_attend,
            *(self._heads_last(operand) for operand in (query, key, value)),
            self._layer(state),
            self.ragged,
            keywords=attributes,
            optional=self._optional(sinks_H=sinks, alibi_slopes_H=slopes),
            effect=True,
        )
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
        operands = (self.tensor(x), self._weight(gate), self._weight(up), self._weight(down))
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

        def counted(counts: dict[int, int], *operands: Any, **options: Any) -> Tensor:
            done: Experts = kernel(*operands, **options)
            for expert, _ in done.hits:
                counts[expert] = counts.get(expert, 0) + 1
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


def _compared(kind: str, function: Callable[..., Any], dtypes: list[torch.dtype]) -> Callable[..., Any]:
    """The function, with a declared shape per result behind its operands, which its results must have."""

    def call(*operands: Any, **keywords: Any) -> Any:
        count = len(operands) - len(dtypes)
        results = function(*operands[:count], **keywords)
        return unproved(kind, results, list(zip(operands[count:], dtypes, strict=True)))

    return call


def _tuple(value: Any) -> Attribute:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value


def _lists(kind: str) -> bool:
    """Whether an ATen op returns a list of tensors."""
    _, name, overload = kind.split(".", 2)
    returns = getattr(getattr(torch.ops.aten, name), overload)._schema.returns
    return len(returns) > 1 or str(returns[0].type).startswith("List")
