"""What stands in a stub while transformers gives first values to what no checkpoint holds: weights that may be read, and are nothing.

Modules whose weights are all loaded take part as well, as without us: what they draw from torch's generator for values that nobody keeps
(time steps of a state space, gates) is what the script would otherwise draw next.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from aweigh.compiler.offload.remote_tensor import RemoteTensor, Weight


class _Nothing:
    """Owns weights of zeros, made if somebody reads them."""

    def __init__(self, shape: torch.Size) -> None:
        self._shape = shape

    def fetch(self, name: str, dtype: torch.dtype) -> torch.Tensor:
        return torch.zeros(self._shape, dtype=dtype)

    def watch(self, values: torch.Tensor) -> None:
        """Nobody keeps them."""

    def exposed(self, name: str) -> None:
        """Nobody keeps it."""

    def changed(self, name: str) -> None:
        """Nobody keeps it."""

    def is_written(self) -> bool:
        """Nobody pickles them."""
        return False

    def share(self, name: str, shape: torch.Size, dtype: torch.dtype) -> bool:
        """Nobody shares them."""
        return False


@contextlib.contextmanager
def weights(model: Any) -> Iterator[None]:
    """Inside, every weight that is elsewhere has a stand-in, which transformers takes for one that it has loaded."""
    places = [
        (held, name, tensor)
        for module in model.modules()
        for held in (module._parameters, module._buffers)
        for name, tensor in held.items()
        if isinstance(tensor, RemoteTensor)
    ]
    for held, name, tensor in places:
        held[name] = _stand_in(tensor)
    try:
        yield
    finally:
        for held, name, tensor in places:
            held[name] = tensor


def _stand_in(tensor: RemoteTensor) -> torch.Tensor:
    made: torch.Tensor = RemoteTensor(Weight(tensor.weight.name, _Nothing(tensor.shape), tensor.dtype), tensor.shape)
    if isinstance(tensor, torch.nn.Parameter):
        made = torch.nn.Parameter(made, requires_grad=tensor.requires_grad)
    made._is_hf_initialized = True  # type: ignore[attr-defined]
    return made
