"""The model of a configuration without any byte of its parameters, for those who ask it for names, shapes and rules."""

import copy
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import ShapeEnv

from aweigh.compiler.capture.instantiate import built, instantiate
from aweigh.proto.errors import UnsupportedModel


def fake_mode() -> FakeTensorMode:
    """Returns a mode in which both a model's parameters and the example of an export can live."""
    return FakeTensorMode(shape_env=ShapeEnv(tracked_fakes=[]), allow_non_fake_inputs=True, export=True)


def stand_in(config: Any, dtype: torch.dtype) -> Any:
    """Returns the model that `config` describes, parameters fake, buffers real. `config` is not changed.

    Raises:
        UnsupportedModel: transformers has no causal language model for it.
    """
    return instantiate(copy.deepcopy(config), dtype, fake_mode())


def stand_in_of(model_class: Any, config: Any, dtype: torch.dtype) -> Any:
    """As `stand_in`, of any class of transformers.

    Raises:
        UnsupportedModel: the class cannot be made from its configuration alone.
    """
    try:
        return built(model_class, copy.deepcopy(config), dtype, fake_mode())
    except Exception as error:
        raise UnsupportedModel(f"{model_class.__name__} cannot be made from its configuration ({error}).") from error
