"""The model of a configuration without any byte of its parameters, for those who ask it for names, shapes and rules."""

import copy
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import ShapeEnv

from aweigh.compiler.capture.instantiate import instantiate


def fake_mode() -> FakeTensorMode:
    """Returns a mode in which both a model's parameters and the example of an export can live."""
    return FakeTensorMode(shape_env=ShapeEnv(tracked_fakes=[]), allow_non_fake_inputs=True, export=True)


def stand_in(config: Any, dtype: torch.dtype, name: str = "") -> Any:
    """Returns the model that `config` describes, parameters fake, buffers real. `config` is not changed. `name`: of the class.

    Raises:
        UnsupportedModel: transformers has no language model for it.
    """
    return instantiate(copy.deepcopy(config), dtype, fake_mode(), name)
