"""Gradients of a forward pass that ran on the engine: the pass is run again here, with weights, and walked back.

A script that forgets `no_grad` gets outputs that require grad and never asks for one; that costs it nothing here but the node. Whoever does
walk back pays for reading the weights, once per model. The weights are those of a twin, an ordinary model beside the stub: the script's
own parameters are leaves of the graph that is being walked, and torch cannot put bytes into them meanwhile. A cache is computed again by
the calls that filled it, each with or without gradients as it was. As with saved tensors (rejected: keep activations on the worker, which
every forgotten `no_grad` would pay for), a graph is walked once unless it is retained, and never after weights were written to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from aweigh.compiler.offload.adapters import Gone
from aweigh.compiler.offload.cache import NAMES, RemoteCache
from aweigh.compiler.offload.local_run import Past
from aweigh.compiler.offload.module.thread import decided
from aweigh.compiler.offload.stub import Stub


@dataclass(frozen=True, slots=True)
class Pass:
    """One forward pass: `arguments` of the class's own forward `original`, the cache's content before it, and the adapters in use, as
    `Adapters.filling` says it."""

    stub: Stub
    model: Any
    original: Callable[..., Any]
    arguments: dict[str, Any]
    past: Past
    filling: tuple[str, tuple[str, ...]]

    def outputs(self, twin: Any) -> tuple[torch.Tensor, ...]:
        """The same outputs in the same order, with a graph to the parameters of `twin`."""
        arguments = dict(self.arguments)
        if self.past.width:
            cache = self.past.computed(twin, self.original)
            arguments |= {name: cache for name in NAMES if isinstance(arguments.get(name), RemoteCache)}
        else:
            arguments = {name: value for name, value in arguments.items() if not isinstance(value, RemoteCache)}
        output = self.original(twin, **arguments | {"return_dict": True})
        return (output.logits, *(output.get("hidden_states") or ()))


def recorded(outputs: tuple[torch.Tensor, ...], call: Pass) -> tuple[torch.Tensor, ...]:
    """The outputs, with a graph that leads to the model's parameters where they would have one."""
    if not torch.is_grad_enabled():
        return outputs
    with torch._C.DisableTorchFunctionSubclass():
        leaves = [parameter for parameter in call.model.parameters() if parameter.requires_grad]
        if not leaves:
            return outputs
        found: tuple[torch.Tensor, ...] = _Remote.apply(call, len(outputs), *outputs, *leaves)  # type: ignore[no-untyped-call]
    return tuple(torch.ops.aten._unsafe_view(output, output.shape) for output in found)


class _Remote(torch.autograd.Function):
    """Where a graph leaves this process."""

    @staticmethod
    def forward(context: Any, call: Pass, count: int, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
        context.call, context.count, context.leaves = call, count, tensors[count:]
        context.save_for_backward(tensors[0].new_empty(0))  # gone after the first walk, unless the graph is retained
        return tensors[:count]

    @staticmethod
    @once_differentiable
    def backward(context: Any, *gradients: torch.Tensor | None) -> Any:
        _ = context.saved_tensors
        call: Pass = context.call
        wanted = context.needs_input_grad[2 + context.count :]
        leaves = [leaf for leaf, want in zip(context.leaves, wanted, strict=True) if want]
        found = iter(_gradients(call, gradients, leaves))
        return (None, None, *(None for _ in gradients), *(next(found) if want else None for want in wanted))


def _gradients(
    call: Pass, gradients: tuple[torch.Tensor | None, ...], wanted: Sequence[torch.Tensor]
) -> tuple[torch.Tensor | None, ...]:
    """With respect to the parameters `wanted`, in their order."""
    try:
        with call.stub.adapters.as_then(call.model, call.filling):
            twin, leaves = call.stub.twin(call.model, wanted)
    except Gone as gone:
        raise RuntimeError(
            f"one of the variables needed for gradient computation has been modified by an inplace operation: {gone}"
        ) from None
    with torch.enable_grad(), decided():
        outputs = call.outputs(twin)
    asked = [(output, gradient) for output, gradient in zip(outputs, gradients, strict=True) if gradient is not None]
    found: tuple[torch.Tensor | None, ...] = torch.autograd.grad(
        [output for output, _ in asked], leaves, [gradient for _, gradient in asked], allow_unused=True
    )
    return found
