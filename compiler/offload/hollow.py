"""Puts tensors without bytes where a model's weights would be."""

from collections.abc import Callable
from typing import Any

import torch

from aweigh.compiler.offload import summary
from aweigh.compiler.offload.remote_tensor import RemoteTensor, Weight
from aweigh.compiler.offload.stub import Stub, attach


def hollow(model: Any, stub: Stub, dtype_of: Callable[[str, torch.Tensor], torch.dtype]) -> None:
    """Makes `model`, whose weights are on `meta`, the stub's. Tied names are left for transformers to tie."""
    tied = getattr(model, "all_tied_weights_keys", {})
    for name, tensor in model.state_dict(keep_vars=True).items():
        if name in tied:
            continue
        made: torch.Tensor = RemoteTensor(Weight(name, stub, dtype_of(name, tensor)), tensor.shape)
        parent, _, leaf = name.rpartition(".")
        module = model.get_submodule(parent)
        if isinstance(tensor, torch.nn.Parameter):
            made = torch.nn.Parameter(made, requires_grad=tensor.requires_grad)
        made._is_hf_initialized = True  # type: ignore[attr-defined]
        (module._parameters if leaf in module._parameters else module._buffers)[leaf] = made
        summary.SUMMARY.weight_bytes_elsewhere += made.nbytes
    for module in model.modules():
        if module._parameters and not module._non_persistent_buffers_set:
            module._is_hf_initialized = (
                True  # or its first values would be made, some of them from weights that are elsewhere
            )
    attach(model, stub)
