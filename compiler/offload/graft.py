"""The adapters of a stub's model around an ordinary model of the same weights: peft's modules again, with copies of their tensors."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from aweigh.compiler.adapters.tree import base_modules


def graft(model: Any, twin: Any, wanted: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Puts what peft has put into `model` into `twin`, in place of what was grafted before.

    Returns, for each of the model's parameters in `wanted`, the one that `twin` has for it. These alone require grad there.
    """
    pairs = list(zip(base_modules(model), base_modules(twin), strict=True))
    found: dict[int, Any] = {}
    for (_, mine), (_, other) in pairs:
        for key, parameter in mine._parameters.items():
            theirs = other._parameters[key]
            if parameter is not None and theirs is not None:
                assert theirs.shape == parameter.shape, key
                found[id(parameter)] = theirs
    _grafted(model, {id(mine): other for (_, mine), (_, other) in pairs}, found)
    for parameter in found.values():
        parameter.requires_grad_(False)
    return [found[id(parameter)].requires_grad_() for parameter in wanted]


def _grafted(module: nn.Module, twins: dict[int, nn.Module], found: dict[int, Any]) -> nn.Module:
    made = twins.get(id(module))
    if made is None:
        made = object.__new__(type(module))
        vars(made).update(vars(module), _modules={}, _parameters={})
        for key, tensor in module._parameters.items():
            if tensor is not None and id(tensor) not in found:
                found[id(tensor)] = nn.Parameter(tensor.detach().clone(), requires_grad=False)
            made._parameters[key] = None if tensor is None else found[id(tensor)]
    for key, child in module._modules.items():
        made._modules[key] = None if child is None else _grafted(child, twins, found)
    return made
