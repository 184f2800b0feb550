"""Where a model takes positions from when it is given a mask and no `position_ids`: most count columns, some count what the mask shows.

Which of the two no signature says, so the model's own code is run once on `meta`, up to its first projection, and watched: what is
computed from the mask is followed, and a running sum over it means counting. The question only comes up for padded passes without
`position_ids`.
"""

import contextlib
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aweigh.compiler.offload.rehearsal import WIDTH, rehearsed

_aten = torch.ops.aten
_PROJECTIONS = (_aten.addmm, _aten.mm, _aten.convolution)


class _Enough(Exception):
    """The first layer has begun: positions were made before."""


class _Follow(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Knows what was computed from `mask`. `counted`: a running sum was made over something of its shape."""

    def __init__(self, mask: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.counted = False
        self._known = {id(mask): mask}  # kept alive, so that no other tensor gets an identity of theirs

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket in _PROJECTIONS:
            raise _Enough
        if func is _aten._local_scalar_dense.default:
            return False  # whoever looks at a value asks whether nothing is masked
        result = func(*args, **(kwargs or {}))
        if any(id(part) in self._known for part in tree_leaves((args, kwargs))):
            if func.overloadpacket is _aten.cumsum and tuple(args[0].shape) == (1, WIDTH):
                self.counted = True
            self._known |= {id(part): part for part in tree_leaves(result) if isinstance(part, torch.Tensor)}
        return result


def counted(kind: Any, config: Any) -> bool | None:
    """Whether models of the class count what a mask shows; None where that cannot be found out."""
    return rehearsed(kind, config, _counts, otherwise=None)


def _counts(model: Any) -> bool | None:
    mask = torch.ones((1, WIDTH), dtype=torch.long)
    follow = _Follow(mask)
    with contextlib.suppress(_Enough), follow:
        model(input_ids=torch.zeros((1, WIDTH), dtype=torch.long), attention_mask=mask, use_cache=False)
    return follow.counted
