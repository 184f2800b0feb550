"""A model that is like the one of a caller, of whom only the configuration, the attention and an outline are known.

What else was said to the constructor is found by trying: of its switches (`add_pooling_layer=True`) one at a time is turned, until the
outlines agree. A class's own choice of attention comes first, since it is made for each part of the model on its own.
"""

import copy
import inspect
from collections.abc import Iterator
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from aweigh.compiler.capture.instantiate import built
from aweigh.compiler.outline import outline
from aweigh.proto.errors import UnsupportedModel


def built_like(
    model_class: Any, config: Any, dtype: torch.dtype, mode: FakeTensorMode, attention: str = "", wanted: bytes = b""
) -> Any:
    """Returns a model of a class of transformers, evaluating, its parameters fake. `config` is not changed.

    Args:
        attention: transformers' name of an implementation; empty: the class's default.
        wanted: the outline that it must have; empty: any.

    Raises:
        UnsupportedModel: the class does not make such a model from its configuration.
    """
    for said in _sayings(model_class):
        model = built(model_class, copy.deepcopy(config), dtype, mode, **said)
        if attention and model.config._attn_implementation != attention:
            model.set_attn_implementation(attention)
        if not wanted or outline(model) == wanted:
            return model
    raise UnsupportedModel(f"this {model_class.__name__} is not what its configuration makes")


def _sayings(model_class: Any) -> Iterator[dict[str, bool]]:
    """Nothing, then each switch of the constructor, turned."""
    yield {}
    for name, parameter in inspect.signature(model_class.__init__).parameters.items():
        if isinstance(parameter.default, bool):
            yield {name: not parameter.default}
