"""Rewrites the steps of a whole module's function: projections and convolutions over known weights are packed when a model is bound, and
take what follows them along: a batch norm, a sum with another value, an activation.

Only for calls that nobody shares (`WHOLE`), since a packed product's bits depend on its rows. Calls of text encoders are shared
(`texts.py`), with the kernels of causal language models, which keep rows apart: short texts gain by that more than packing would give
them, a large batch of one caller gains nothing and loses what packing gives.

A packed weight is a copy, so such a model takes its weights' bytes twice: once as pages of a file, which the system may drop, once packed.
How much may be copied is bounded (`memory/copies.py`); a model beyond that runs its steps as they were.

Something is taken along only if nobody else reads what it is done to. A sum moves its convolution behind its other operand, and is written
over it where that is the result of another convolution which nobody reads after it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch

from aweigh.engine.run.builder import Builder
from aweigh.engine.run.steps import Step
from aweigh.kernels.cpu import packed
from aweigh.kernels.reference.activation import ACTIVATIONS
from aweigh.proto.dtypes import DType
from aweigh.proto.program import TensorType

_ACTIVATIONS = {
    "aten.relu.default": "relu",
    "aten.silu.default": "silu",
    "aten.sigmoid.default": "sigmoid",
    "aten.tanh.default": "tanh",
}


@dataclass(slots=True)
class _Product:
    """A projection or convolution on its way to become packed. Its parts are registers."""

    x: int
    out: int
    weight: int
    bias: int | None
    geometry: packed.Geometry | None = None  # None: a projection
    norm: tuple[int, ...] = ()
    epsilon: float = 0.0
    other: int | None = None
    activation: str = ""


class Fusion:
    """One function's rewriting. `types` of the registers that hold values; `known` are those that stand when a model is bound."""

    def __init__(self, builder: Builder, types: dict[int, TensorType], known: set[int], outputs: Sequence[int]) -> None:
        self._builder = builder
        self._types = types
        self._known = set(known)
        self._outputs = outputs
        self._made: dict[int, _Product] = {}
        self._done: list[Step | _Product] = []
        self._readers: Counter[int] = Counter()

    def run(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that do the same."""
        self._readers.update(self._outputs)
        for step in steps:
            self._readers.update(step.reads)
        for step in steps:
            if step.folds and self._known.issuperset(step.reads):
                self._known.update(step.results)
            if not self._taken(step):
                self._done.append(step)
        lasting = self._lasting()
        made: list[Step] = []
        for at, entry in enumerate(self._done):
            made += [entry] if isinstance(entry, Step) else self._steps(entry, over=lasting.get(entry.other) == at)
        return made

    def _lasting(self) -> dict[int | None, int]:
        """The place of the last reader, by register, of results of convolutions that only products read, and none both as input and as sum."""
        last: dict[int | None, int] = {}
        shared: set[int | None] = set(self._outputs)
        for at, entry in enumerate(self._done):
            if isinstance(entry, Step):
                shared.update(entry.reads)
                continue
            if entry.x == entry.other:
                shared.add(entry.x)
            last[entry.x] = last[entry.other] = at
        fresh = {entry.out for entry in self._done if isinstance(entry, _Product) and entry.geometry is not None}
        return {register: at for register, at in last.items() if register in fresh and register not in shared}

    def _taken(self, step: Step) -> bool:
        """Whether the step became a product, or part of one."""
        if step.optional or step.effect:
            return False
        match step.name:
            case "linear":
                return self._projection(step)
            case "merged_linear":
                return self._projections(step)
            case "aten.conv2d.default":
                return self._convolution(step)
            case "aten._native_batch_norm_legit_no_training.default":
                return self._norm(step)
            case "aten.add.Tensor":
                return self._sum(step)
            case "activation":
                name = self._builder.constants.get(step.operands[1])
                return self._activation(step, name) or self._plain_activation(step, name)
            case _ if step.name in _ACTIVATIONS and len(step.operands) == 1:
                return self._activation(step, _ACTIVATIONS[step.name])
        return False

    def _projection(self, step: Step) -> bool:
        x, weight, *rest = step.operands
        if not self._known.issuperset(step.operands[1:]) or not self._packs(step.results[0]):
            return False
        self._make(_Product(x, step.results[0], weight, rest[0] if rest else None))
        return True

    def _projections(self, step: Step) -> bool:
        if not self._known.issuperset(step.operands[1:]) or not all(map(self._packs, step.results)):
            return False
        held = self._builder.register()
        self._known.add(held)
        self._done += [
            Step("pack_linears", packed.pack_linears, step.operands[1:], (held,), folds=True, copies=True),
            Step(step.name, packed.merged_linear, (step.operands[0], held), step.results, many=True),
        ]
        return True

    def _convolution(self, step: Step) -> bool:
        x, weight, *rest = step.operands
        constants = self._builder.constants
        if not all(register in constants for register in rest[1:]) or weight not in self._known:
            return False
        bias = rest[0] if rest and constants.get(rest[0], self) is not None else None
        if (bias is not None and bias not in self._known) or not self._packs(step.results[0]):
            return False
        plain = [constants[register] for register in rest[1:]]
        self._make(_Product(x, step.results[0], weight, bias, _geometry(*plain)))
        return True

    def _norm(self, step: Step) -> bool:
        x, *norm, _, epsilon = step.operands
        product = self._alone(x)
        out = self._types.get(step.results[0])
        if product is None or product.geometry is None or product.norm or out is None or out.dtype is not DType.FLOAT32:
            return False
        if any(self._readers[register] for register in step.results[1:]):
            return False
        constants = self._builder.constants
        if len(norm) != 4 or epsilon not in constants or not self._known.union(constants).issuperset(norm):
            return False
        if product.activation or product.other is not None:
            return False
        product.norm, product.epsilon = tuple(norm), constants[epsilon]
        self._extend(product, step)
        return True

    def _sum(self, step: Step) -> bool:
        if len(step.operands) != 2 or step.keywords:
            return False
        out = self._types.get(step.results[0])
        for x, other in (step.operands, step.operands[::-1]):
            product = self._alone(x)
            if product is None or product.geometry is None or product.activation or product.other is not None:
                continue
            if out is None or self._types.get(x) != out or self._types.get(other) != out:
                continue
            self._done.remove(product)
            self._done.append(product)
            product.other = other
            self._extend(product, step)
            return True
        return False

    def _activation(self, step: Step, name: Any) -> bool:
        product = self._alone(step.operands[0])
        if product is None or product.activation:
            return False
        if name != packed.RELU and (name not in packed.FUSED or product.other is not None):
            return False
        product.activation = name
        self._extend(product, step)
        return True

    def _plain_activation(self, step: Step, name: Any) -> bool:
        """That of the kernels keeps rows apart, for which it may copy, and puts channels first."""
        if name not in ACTIVATIONS:
            return False
        self._done.append(Step(step.name, ACTIVATIONS[name], step.operands[:1], step.results, folds=step.folds))
        return True

    def _packs(self, result: int) -> bool:
        declared = self._types.get(result)
        return declared is not None and packed.packs(getattr(torch, declared.dtype.torch_name))

    def _alone(self, register: int) -> _Product | None:
        """The product that only one step reads."""
        return self._made.get(register) if self._readers[register] == 1 else None

    def _make(self, product: _Product) -> None:
        self._made[product.out] = product
        self._done.append(product)

    def _extend(self, product: _Product, step: Step) -> None:
        del self._made[product.out]
        product.out = step.results[0]
        self._made[product.out] = product

    def _steps(self, product: _Product, *, over: bool) -> list[Step]:
        """The product packed, and run. `over`: its other operand may be overwritten."""
        held = self._builder.register()
        keywords = {"activation": product.activation} if product.activation else {}
        if product.geometry is None:
            weights = (product.weight, *([] if product.bias is None else [product.bias]))
            pack = Step("pack_linear", packed.pack_linear, weights, (held,), folds=True, copies=True)
            return [pack, Step("product", packed.linear, (product.x, held), (product.out,), keywords)]
        pack = self._pack_convolution(product, product.geometry, held)
        if product.other is None:
            return [pack, Step("product", packed.convolution, (product.x, held), (product.out,), keywords)]
        add = packed.convolution_into if over else packed.convolution_add
        return [pack, Step("product", add, (product.x, held, product.other), (product.out,), keywords)]

    def _pack_convolution(self, product: _Product, geometry: packed.Geometry, held: int) -> Step:
        pack = partial(packed.pack_convolution, geometry=geometry, epsilon=product.epsilon)
        none = self._builder.constant(None)
        weights = (product.weight, none if product.bias is None else product.bias)
        if not product.norm:
            return Step("pack_convolution", pack, weights, (held,), folds=True, copies=True)
        return Step(
            "pack_convolution", partial(_with_norm, pack), (*weights, *product.norm), (held,), folds=True, copies=True
        )


def _with_norm(pack: Any, weight: Any, bias: Any, *norm: Any) -> packed.PackedConvolution:
    made: packed.PackedConvolution = pack(weight, bias, norm)
    return made


def _geometry(stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1) -> packed.Geometry:
    return replace(
        packed.Geometry(), stride=_pair(stride), padding=_pair(padding), dilation=_pair(dilation), groups=groups
    )


def _pair(value: Any) -> tuple[int, int]:
    values = list(value) if isinstance(value, list | tuple) else [value]
    return (values[0], values[-1])
