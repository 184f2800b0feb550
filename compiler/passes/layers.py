"""What enters each layer: the values that transformers calls hidden states."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attribute
from aweigh.compiler.dialect.definition import KEEPERS
from aweigh.compiler.passes.pattern import bind, equals, op
from aweigh.compiler.passes.replace import sole_user

MARK = "aweigh.residual"
"""Attribute of an operation: the number of its result that enters a layer, or the stack of such results behind a loop."""

_SUM = op("torch.aten.add.Tensor", bind("left"), bind("right"), equals(1))
_FOLDED = ("aweigh.add_rms_norm", "aweigh.add_layer_norm")
_SCALINGS = ("torch.aten.mul.Tensor", "torch.aten.mul.Scalar", "torch.aten._to_copy", "aweigh.layer_norm")


@dataclass(frozen=True, slots=True)
class Layers:
    """Marks with `MARK` the input of each layer and the output of the last one: the last value of the residual stream before each op that keeps state,
    and before the choice of rows. The stream begins at the embeddings, however they are scaled, and goes on through sums with itself.

    Nothing is marked unless there are exactly `layers` such values, each another one (a layer may keep two states): then a layer is what stands between two.
    Nor in a model that never attends: what transformers calls hidden states there comes behind the layers and not before them (Mamba).
    """

    layers: int | None = None
    name: str = "layers"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            if read.function_name(function) == "main":
                found = list(_inputs(read.body(function)))
                attends = any(op.name == "aweigh.attend" for op in read.operations(read.body(function)))
                if attends and self.layers is not None and len(found) == self.layers + 1 == len(set(found)):
                    for value in found:
                        maker = read.producer(value)
                        assert maker is not None
                        maker.attributes[MARK] = attribute(list(maker.results).index(value))


def _inputs(block: Any) -> Iterator[Any]:
    stream: set[Any] = set()
    last: Any = None
    told: Any = None
    for entry in read.operations(block):
        chosen = entry.name == "torch.aten.index_select" and entry.operands[2] == block.arguments[2]
        if chosen or entry.name in KEEPERS:
            if last is None:
                return
            if chosen or told is None or last != told:
                yield last
            told = last
        if last is None and entry.name == "aweigh.embedding" and entry.operands[0] == block.arguments[0]:
            last = _scaled(entry.results[0])
            stream.add(last)
        elif (total := _goes_on(entry, stream)) is not None:
            stream.add(total)
            last = total if total.type == last.type else last


def _goes_on(entry: Any, stream: set[Any]) -> Any | None:
    if entry.name == "torch.aten.reshape" and entry.operands[0] in stream:
        return entry.results[0]  # to two dimensions and back
    if entry.name in _FOLDED and (entry.operands[0] in stream or entry.operands[1] in stream):
        return entry.results[1]
    if entry.name != "torch.aten.add.Tensor":
        return None
    found = _SUM(entry.results[0], {})
    if found is None or not (found["left"] in stream or found["right"] in stream):
        return None
    return entry.results[0]


def _scaled(value: Any) -> Any:
    """The embeddings after what alone reads them."""
    user = sole_user(value)
    while user is not None and user.name in _SCALINGS and tensors.read(user.results[0]) is not None:
        value = user.results[0]
        user = sole_user(value)
    return value
