"""The optional output `hidden_states`."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attributes
from aweigh.compiler.passes.aten import cat, narrowed, unsqueezed
from aweigh.compiler.passes.layers import MARK
from aweigh.compiler.passes.replace import before
from aweigh.kernels import mlir


@dataclass(frozen=True, slots=True)
class HiddenStates:
    """@main returns, beside the logits, [L + 1, 1, T, C]: what enters each of the L layers, then what the rows are chosen from.

    It is made of the marks of the pass `layers`, which go. Without marks, or where the rows are chosen from something else than hidden states,
    there is no such output.
    """

    name: str = "hidden_states"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            if read.function_name(function) == "main":
                _append(function)


def _append(function: Any) -> None:
    ops = read.operations(read.body(function))
    marked = [op for op in ops if MARK in op.attributes]
    values = [op.results[attributes(op, marks=True)[MARK]] for op in marked]
    for op in marked:
        del op.attributes[MARK]
    rows = read.body(function).arguments[2]
    choices = [op for op in ops if op.name == "torch.aten.index_select" and op.operands[2] == rows]
    if not values or len(choices) != 1 or (single := tensors.read(choices[0].operands[0])) is None:
        return
    if any(not _is_stack(value, single) and tensors.read(value) != single for value in values):
        return
    terminator = ops[-1]
    with before(terminator):
        pieces = [value if _is_stack(value, single) else unsqueezed(value) for value in values]
        size = _size(pieces[-1])
        pieces[-1:] = [narrowed(pieces[-1], size - 1)] if size > 1 else []
        answer = cat([*pieces, unsqueezed(choices[0].operands[0])])
        mlir.func.ReturnOp([*terminator.operands, answer])
    terminator.erase()
    kind = mlir.ir.FunctionType.get(
        [value.type for value in read.body(function).arguments],
        [value.type for value in read.operations(read.body(function))[-1].operands],
    )
    function.attributes["function_type"] = mlir.ir.TypeAttr.get(kind)


def _is_stack(value: Any, single: tensors.TensorShape) -> bool:
    shape = tensors.read(value)
    return shape is not None and shape.dims[1:] == single.dims and shape.dtype is single.dtype


def _size(value: Any) -> int:
    shape = tensors.read(value)
    assert shape is not None and shape.dims[0] is not None
    return shape.dims[0]
