"""Whether what a mask hides stays out of a recurrence. Attention skips pads; a state takes every column, unless the model zeroes those first.

Most models do (`hidden_states * attention_mask[..., None]`), some do not (RecurrentGemma's convolutions see pads), and no signature says
which. So the model's own code is run once on `meta` and watched: a mask that meets hidden states is one that keeps pads out. The question
only comes up for padded calls of models with a recurrent state.
"""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aweigh.compiler.offload.rehearsal import WIDTH, rehearsed

_aten = torch.ops.aten
_HIDING = (_aten.mul, _aten.masked_fill, _aten.where)


class Met(Exception):
    """The mask has met hidden states."""


class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Knows the mask in all of its forms: what has one value a column and was not summed up on the way, which would be positions."""

    def __init__(self, mask: torch.Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._width = mask.numel()
        self._forms = {id(mask): mask}  # kept alive, so that no other tensor gets an identity of theirs

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is _aten._local_scalar_dense.default:
            return False  # whoever looks at a value asks whether nothing is masked
        result = func(*args, **(kwargs or {}))
        tensors = [part for part in tree_leaves((args, kwargs)) if isinstance(part, torch.Tensor)]
        if not any(id(tensor) in self._forms for tensor in tensors):
            return result
        kind = func.overloadpacket
        if kind in _HIDING and any(tensor.dim() > 2 and tensor.shape[-1] not in (1, self._width) for tensor in tensors):
            raise Met
        if kind is not _aten.cumsum and isinstance(result, torch.Tensor) and result.numel() == self._width:
            self._forms[id(result)] = result
        return result


def kept_out(kind: Any, config: Any) -> bool:
    """Whether models of the class zero what a mask hides; False where that cannot be found out."""
    return rehearsed(kind, config, _meets, otherwise=False)


def _meets(model: Any) -> bool:
    mask = torch.ones((1, WIDTH), dtype=torch.long)
    try:
        with Watch(mask):
            model(input_ids=torch.zeros((1, WIDTH), dtype=torch.long), attention_mask=mask, use_cache=False)
    except Met:
        return True
    return False
