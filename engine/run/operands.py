"""Operands of steps: the registers in which a function's values, weights and layers of state stand while it is lowered.

A weight goes to kernels as a `Slot` of the address table; ATen functions, and kernels behind a transposition, get its tensor.
"""

from typing import Any

import torch

from aweigh.engine.run.aten import plain
from aweigh.engine.run.bounds import Bounds
from aweigh.engine.run.builder import Builder
from aweigh.kernels.base import Kernels
from aweigh.proto.flat import Flat
from aweigh.proto.program import Operand


class Operands:
    """Knows the register of each value; a step's builder gets new ones.

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
        self.low_bit: dict[int, int] = {}  # value -> register of the LowBit, for results of `dequantize`
        self.slots: dict[int, int] = {}  # slot -> register of the Slot
        self.tensors: dict[int, int] = {}  # slot -> register of the tensor
        self.layers: dict[int, int] = {}  # state -> register of its layer
        self.ragged = self.builder.register()
        self.hits: list[
            tuple[int, tuple[int, ...]]
        ] = []  # per `experts`: register of its counts, slots that are read by expert
        self.inputs = [self.builder.register() for _ in flat.function.inputs]
        self.values.update(enumerate(self.inputs))

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

    def _matrix(self, value: Any) -> int:
        """The register of a matrix that a product takes: of few bits where it is, else as `_weight`."""
        return self.low_bit[value] if value in self.low_bit else self._weight(value)

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
