"""Gradients through a piece that ran elsewhere: the forward is computed again, here, when somebody walks back.

In evaluation mode with gradients enabled the outputs require grad as they would, and mostly nobody asks. Prior art: activation
checkpointing (torch.utils.checkpoint), with nothing random to restore, since what draws random numbers is not sent away.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch

Compute = Callable[..., Sequence[torch.Tensor]]


def with_gradient(
    remote: Compute, here: Compute, arguments: tuple[Any, ...], differentiable: Sequence[bool]
) -> tuple[torch.Tensor, ...]:
    """What `remote(*arguments)` gives, with the graph of `here(*arguments)`, the same computation. `differentiable`: per output, whether
    it requires grad there."""
    found: tuple[torch.Tensor, ...] = _Recomputed.apply(remote, here, tuple(differentiable), *arguments)  # type: ignore[no-untyped-call]
    return found


class _Recomputed(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, remote: Compute, here: Compute, differentiable: tuple[bool, ...], *arguments: Any) -> Any:
        tensors = [one for one in arguments if isinstance(one, torch.Tensor)]
        context.save_for_backward(*tensors)
        context.here = here
        context.others = [None if isinstance(one, torch.Tensor) else one for one in arguments]
        context.is_tensor = [isinstance(one, torch.Tensor) for one in arguments]
        context.set_materialize_grads(False)
        found = tuple(remote(*arguments))
        context.mark_non_differentiable(*(one for one, yes in zip(found, differentiable, strict=True) if not yes))
        context.differentiable = differentiable
        return found

    @staticmethod
    def backward(context: Any, *gradients: Any) -> Any:
        saved = iter(context.saved_tensors)
        needed = context.needs_input_grad[3:]
        arguments = [
            next(saved).detach().requires_grad_(need) if is_tensor else other
            for is_tensor, other, need in zip(context.is_tensor, context.others, needed, strict=True)
        ]
        with torch.enable_grad():
            outputs = context.here(*arguments)
        pairs = [
            (output, gradient)
            for output, gradient in zip(outputs, gradients, strict=True)
            if gradient is not None and output.requires_grad
        ]
        wanted = [one for one, need in zip(arguments, needed, strict=True) if need]
        found = iter(
            torch.autograd.grad(
                [output for output, _ in pairs],
                wanted,
                [gradient for _, gradient in pairs],
                allow_unused=True,
                create_graph=torch.is_grad_enabled(),
            )
            if pairs
            else [None] * len(wanted)
        )
        return (None, None, None, *(next(found) if need else None for need in needed))
