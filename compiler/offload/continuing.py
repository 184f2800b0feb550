"""Whether a model with a recurrent state goes on from it with several tokens at once. The engine does; some models' own code begins anew.

Mamba's scan takes no state to begin with: of several tokens behind a cache the first sees nothing before it, while one token at a time
does. A script gets that from transformers, so it shall get it from us. As in `padding.py`, the model's own code is run on `meta` and
watched: a state that is only written over is one that it does not go on from.
"""

import copy
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aweigh.compiler.offload.cache import named

_WIDTH = 5
_copy = torch.ops.aten.copy_


class _Read(Exception):
    """A state has met other tensors."""


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Knows the states, and what was made of them alone."""

    def __init__(self, states: list[torch.Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._states = {
            id(state): state for state in states
        }  # kept alive, so that no other tensor gets an identity of theirs

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        tensors = [part for part in tree_leaves((args, kwargs)) if isinstance(part, torch.Tensor)]
        met = [id(tensor) in self._states for tensor in tensors]
        if not any(met):
            return result
        if all(met):
            self._states |= {id(part): part for part in tree_leaves(result) if isinstance(part, torch.Tensor)}
        elif func.overloadpacket is not _copy or any(met[1:]):
            raise _Read
        return result


def goes_on(kind: Any, config: Any) -> bool:
    """Whether models of the class read their states in a pass of several tokens; False where that cannot be found out.

    Draws nothing from torch's generator."""
    generator = torch.default_generator.get_state()
    try:
        return _goes_on(kind, config)
    except Exception:  # noqa: BLE001  a model's own code may do anything; then nobody knows
        return False
    finally:
        torch.default_generator.set_state(generator)


def _goes_on(kind: Any, config: Any) -> bool:
    with torch.device("meta"), torch.no_grad():
        # Grouped products of experts, on `meta`, are for bfloat16 alone.
        model = kind._from_config(copy.deepcopy(config), dtype=torch.bfloat16).eval()
        ids = torch.zeros((1, _WIDTH), dtype=torch.long)
        output = model(input_ids=ids, use_cache=True)
        cache = named(output)
        states = [
            state
            for layer in cache.layers
            for state in tree_leaves(getattr(layer, "recurrent_states", ()))
            if isinstance(state, torch.Tensor)
        ]
        if not states:
            return True  # convolutions alone, whose past is put before the tokens by the cache
        name = next(name for name in output if output[name] is cache)
        try:
            with _Watch(states):
                model(input_ids=ids, use_cache=True, **{name: cache})
        except _Read:
            return True
    return False
