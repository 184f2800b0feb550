"""A model's own code, run on `meta` and watched, where no signature says what it does: a rehearsal, without bytes and without consequences."""

import copy
from collections.abc import Callable
from typing import Any, TypeVar

import torch

_T = TypeVar("_T")
WIDTH = 5
"""Tokens of a rehearsal: a size that no configuration has by accident."""


def rehearsed(kind: Any, config: Any, look: Callable[[Any], _T], otherwise: _T, **said: Any) -> _T:
    """What `look` finds with a model of the class, made on `meta`; `otherwise` where its code fails there. `said` goes to the class.

    Draws nothing from torch's generator."""
    state = torch.default_generator.get_state()
    try:
        with torch.device("meta"), torch.no_grad():
            return look(kind._from_config(copy.deepcopy(config), **said).eval())
    except Exception:  # noqa: BLE001  a model's own code may do anything; then nobody knows
        return otherwise
    finally:
        torch.default_generator.set_state(state)
