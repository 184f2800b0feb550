"""Layers that are built alike are traced once: the time of a capture then hardly depends on how deep the model is.

Tracing costs 0.1 s a layer, nearly all of it in torch's symbolic machinery. So the second layer of a kind is not traced: an opaque
`aweigh::again` stands for it, and `unfold.py` puts a copy of the first one's nodes in its place, with its own weights. Two layers
are built alike if their classes, attributes, and the shapes and dtypes of their tensors are equal, all the way down. Most know their
number, which differs; what the first one's code does with its number is watched, and if it does anything, each layer is traced. A
call is like another if it has the same structure of arguments with the same metadata, constants and aliases.

Rejected: `invoke_subgraph` of torch (wants Dynamo, and leaves a higher-order op that import cannot take); a shallower model whose layers
are repeated afterwards (nothing says which layers are alike).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import TreeSpec, tree_flatten, tree_unflatten

from aweigh.compiler.capture.alike import Number, numbers_apart
from aweigh.compiler.capture.operators import OUTPUTS

FEWEST = 3
"""Layers that are worth it."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A traced call: what it was given, its number in the graph, and what it returned."""

    given: tuple[str, tuple[Any, ...]]
    tensors: list[Tensor]
    number: int
    spec: TreeSpec
    leaves: list[Any]

    def like(self, given: tuple[str, tuple[Any, ...]], tensors: list[Tensor]) -> bool:
        """Sizes are compared now: what is traced shows some of them to be equal."""
        return given == self.given and _described(tensors) == _described(self.tensors)


@dataclass(slots=True)
class _Kind:
    """Layers that are built alike; `numbers` stand in the first one for its place in the list."""

    first: nn.Module
    numbers: list[Number]
    calls: list[_Call] = field(default_factory=list)

    @property
    def told_apart(self) -> bool:
        return any(number.used for number in self.numbers)


class _Tracing:
    """What one capture has traced so far."""

    def __init__(self) -> None:
        self.count = 0
        self.inside = False

    def wrapped(self, kind: _Kind, layer: nn.Module) -> Callable[..., Any]:
        original = layer.forward

        def forward(*args: Any, **kwargs: Any) -> Any:
            return self.call(kind, layer, original, args, kwargs)

        return forward

    def call(self, kind: _Kind, layer: nn.Module, forward: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        leaves, spec = tree_flatten((args, kwargs))
        if self.inside or kind.told_apart:
            return forward(*args, **kwargs)
        inputs = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
        weights = [tensor for _, tensor in _held(layer)]
        given = (str(spec), _constants(leaves))
        for call in kind.calls:
            if call.like(given, [*inputs, *weights]):
                count = sum(isinstance(leaf, Tensor) for leaf in call.leaves)
                return _returned(call, torch.ops.aweigh.again(inputs, weights, count, number=call.number))
        if layer is not kind.first:
            return forward(*args, **kwargs)
        number, self.count = self.count, self.count + 1
        marked = iter(torch.ops.aweigh.begin(inputs, weights, number=number))
        leaves = [next(marked) if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        args, kwargs = tree_unflatten(leaves, spec)
        self.inside = True
        try:
            returned, out = tree_flatten(forward(*args, **kwargs))
        finally:
            self.inside = False
        outputs = [leaf for leaf in returned if isinstance(leaf, Tensor)]
        OUTPUTS[number] = outputs
        ended = torch.ops.aweigh.end(outputs, number=number)
        call = _Call(given, [*inputs, *weights], number, out, returned)
        if not kind.told_apart and all(isinstance(leaf, Tensor | None | bool | int | float | str) for leaf in returned):
            kind.calls.append(call)
        return _returned(call, ended)


@contextmanager
def repeats_traced_once(model: nn.Module) -> Iterator[None]:
    """Inside, layers of `model` that are built alike are traced once; `unfold` makes the graph whole again."""
    tracing = _Tracing()
    changed: list[tuple[nn.Module, str, Any]] = []
    wrapped: list[nn.Module] = []
    try:
        for layers in list(_lists(model)):
            for layer, kind in _kinds(layers, changed):
                layer.forward = tracing.wrapped(kind, layer)
                wrapped.append(layer)
        yield
    finally:
        OUTPUTS.clear()
        for module, name, value in changed:
            setattr(module, name, value)
        for layer in wrapped:
            vars(layer).pop("forward", None)


def _lists(module: nn.Module) -> Iterator[nn.ModuleList]:
    """Lists of at least FEWEST modules that are in no other such list."""
    for child in module.children():
        if (
            isinstance(child, nn.ModuleList)
            and len(child) >= FEWEST
            and not any("forward" in vars(item) for item in child)
        ):
            yield child
        else:
            yield from _lists(child)


def _kinds(layers: nn.ModuleList, changed: list[tuple[nn.Module, str, Any]]) -> Iterator[tuple[nn.Module, _Kind]]:
    """Every layer that is built like another one, with their kind."""
    groups: list[list[int]] = []
    apart: list[dict[tuple[str, str], int]] = []
    for place, layer in enumerate(layers):
        for group, names in zip(groups, apart, strict=True):
            found = numbers_apart(layers[group[0]], layer, group[0], place)
            if found is not None:
                group.append(place)
                names.update(dict.fromkeys(found, group[0]))
                break
        else:
            groups.append([place])
            apart.append({})
    for group, names in zip(groups, apart, strict=True):
        if len(group) < 2:
            continue
        first = layers[group[0]]
        kind = _Kind(first, [])
        for (path, name), value in names.items():
            module = first.get_submodule(path)
            number = Number(value)
            changed.append((module, name, value))
            setattr(module, name, number)
            kind.numbers.append(number)
        for place in group:
            yield layers[place], kind


def _held(layer: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from layer.named_parameters(remove_duplicate=False)
    yield from layer.named_buffers(remove_duplicate=False)


def _constants(leaves: Sequence[Any]) -> tuple[Any, ...]:
    """Values of what is no tensor; objects are what they are."""
    plain = (bool, int, float, str, type(None), torch.dtype)
    return tuple(
        None if isinstance(leaf, Tensor) else (type(leaf), leaf if isinstance(leaf, plain) else id(leaf))
        for leaf in leaves
    )


def _described(tensors: Sequence[Tensor]) -> tuple[Any, ...]:
    """Metadata of each tensor, and which of them are the same."""
    places: dict[int, int] = {}
    return tuple(
        (
            places.setdefault(id(tensor), at),
            tensor.dtype,
            tuple(map(str, tensor.shape)),
            tuple(map(str, tensor.stride())),
            isinstance(tensor, nn.Parameter),
        )
        for at, tensor in enumerate(tensors)
    )


def _returned(call: _Call, outputs: Sequence[Tensor]) -> Any:
    tensors = iter(outputs)
    leaves = [next(tensors) if isinstance(leaf, Tensor) else leaf for leaf in call.leaves]
    return tree_unflatten(leaves, call.spec)
