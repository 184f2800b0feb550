"""How a model with a recurrent state goes on from it. The engine has one way; some models' own code has others, and a script gets these.

Mamba's scan takes no state to begin with: of several tokens behind a cache the first sees nothing before it, while one token at a time
does. And it multiplies new tokens by a mask of past and new ones as it is given, whatever comes of that. As in `padding.py`, the model's
own code is run on `meta` and watched: a state that is only written over is one that it does not go on from, and a mask of all tokens that
meets hidden states of one is one that was not cut.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from aweigh.compiler.offload.cache import named
from aweigh.compiler.offload.padding import Met, Watch
from aweigh.compiler.offload.rehearsal import WIDTH, rehearsed

_aten = torch.ops.aten


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
        if func is _aten._local_scalar_dense.default:
            return False  # whoever looks at a value asks whether nothing is masked
        result = func(*args, **(kwargs or {}))
        tensors = [part for part in tree_leaves((args, kwargs)) if isinstance(part, torch.Tensor)]
        met = [id(tensor) in self._states for tensor in tensors]
        if not any(met):
            return result
        if all(met):
            self._states |= {id(part): part for part in tree_leaves(result) if isinstance(part, torch.Tensor)}
        elif func.overloadpacket is not _aten.copy_ or any(met[1:]):
            raise _Read
        return result


@dataclass(frozen=True, slots=True)
class Continuing:
    """`reads`: several tokens at once go on from the state; `cuts`: of a mask of past and new tokens the new ones' part is taken."""

    reads: bool
    cuts: bool


def continuing(kind: Any, config: Any) -> Continuing:
    """How models of the class go on from a state; where that cannot be found out, they are thought to do neither."""
    # Grouped products of experts, on `meta`, are for bfloat16 alone.
    return rehearsed(kind, config, _goes_on, otherwise=Continuing(False, False), dtype=torch.bfloat16)


def _goes_on(model: Any) -> Continuing:
    return Continuing(_reads(model), _cuts(model))


def _begun(model: Any) -> dict[str, Any]:
    """The argument with a cache of some tokens."""
    output = model(input_ids=torch.zeros((1, WIDTH), dtype=torch.long), use_cache=True)
    cache = named(output)
    return {next(name for name in output if output[name] is cache): cache}


def _reads(model: Any) -> bool:
    cache = _begun(model)
    states = [
        state
        for layer in named(cache).layers
        for state in tree_leaves(getattr(layer, "recurrent_states", ()))
        if isinstance(state, torch.Tensor)
    ]
    if not states:
        return True  # convolutions alone, whose past is put before the tokens by the cache
    try:
        with _Watch(states):
            model(input_ids=torch.zeros((1, WIDTH), dtype=torch.long), use_cache=True, **cache)
    except _Read:
        return True
    return False


def _cuts(model: Any) -> bool:
    cache, mask = _begun(model), torch.ones((1, WIDTH + 1), dtype=torch.long)
    try:
        with Watch(mask):
            model(input_ids=torch.zeros((1, 1), dtype=torch.long), attention_mask=mask, use_cache=True, **cache)
    except Met:
        return False
    return True
