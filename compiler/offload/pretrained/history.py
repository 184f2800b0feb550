"""Gradients through a forward pass that ran elsewhere: it is computed again, here, by whoever walks back.

In evaluation mode with gradients enabled the outputs require grad as they would, and mostly nobody asks. Prior art: activation
checkpointing (torch.utils.checkpoint, the reentrant kind). The weights come here only then, so that they cannot be inputs of the node:
their gradients are accumulated from inside of it, and `torch.autograd.grad` with respect to them finds no way.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch


def with_history(
    tensors: Sequence[torch.Tensor], inputs: Sequence[torch.Tensor], again: Callable[[], list[torch.Tensor]]
) -> list[torch.Tensor]:
    """The same values; the floating ones require grad. `again` computes them here, from `inputs`, in the same order."""
    versions = [tensor._version for tensor in inputs]

    def unchanged() -> list[torch.Tensor]:
        if [tensor._version for tensor in inputs] != versions:
            raise RuntimeError(
                "an argument of the forward pass was changed in place before its gradients were asked for"
            )
        return again()

    return list(_Elsewhere.apply(torch.empty((), requires_grad=True), unchanged, list(tensors)))  # type: ignore[no-untyped-call]


class _Elsewhere(torch.autograd.Function):
    @staticmethod
    def forward(
        context: Any, anchor: torch.Tensor, again: Any, tensors: list[torch.Tensor]
    ) -> tuple[torch.Tensor, ...]:
        context.again = again
        context.set_materialize_grads(False)
        context.mark_non_differentiable(*(one for one in tensors if not one.is_floating_point()))
        return tuple(tensors)

    @staticmethod
    def backward(context: Any, *gradients: Any) -> Any:
        with torch.enable_grad():
            found = context.again()
        pairs = [
            (one, gradient)
            for one, gradient in zip(found, gradients, strict=True)
            if gradient is not None and one.requires_grad
        ]
        torch.autograd.backward([one for one, _ in pairs], [gradient for _, gradient in pairs])
        return None, None, None
