"""A class of transformers by its name, with its configuration: nothing that is not in transformers' own namespace is looked at."""

import json
from typing import Any

import torch
import transformers
from transformers import CONFIG_MAPPING, PreTrainedConfig, PreTrainedModel

from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, UnsupportedModel

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16, "float64": torch.float64}


def library_class(name: str) -> Any:
    """The subclass of `PreTrainedModel` that `from transformers import NAME` gives.

    Raises:
        UnsupportedModel: transformers has no such class, or something that it needs is not installed.
    """
    try:
        found = getattr(transformers, name, None) if name.isidentifier() else None
    except (ImportError, RuntimeError) as error:
        raise UnsupportedModel(f"transformers cannot import {name} here ({error}).") from None
    if not isinstance(found, type) or not issubclass(found, PreTrainedModel) or found is PreTrainedModel:
        raise UnsupportedModel(f"transformers has no model class {name!r}.")
    return found


def library_config(text: str, model_class: Any) -> Any:
    """A configuration from JSON: that of the class, if one is given and the type is its own, or the one that transformers has for the type.

    No code of the model's author is run.

    Raises:
        CheckpointInvalid: no JSON object with a model type.
        UnsupportedModel: transformers does not know the type.
    """
    try:
        said = json.loads(text, object_hook=_number)
        model_type = said["model_type"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointInvalid(f"The configuration cannot be read ({type(error).__name__}: {error}).") from None
    own = getattr(model_class, "config_class", None)
    if isinstance(own, type) and issubclass(own, PreTrainedConfig) and own.model_type == model_type:
        return own.from_dict(said)
    if model_type not in CONFIG_MAPPING:
        raise UnsupportedModel(f"transformers knows no model type {model_type!r}.")
    return CONFIG_MAPPING[model_type].from_dict(said)


def dtype_named(name: str) -> torch.dtype:
    """A dtype that weights may have. Raises InvalidRequest for any other name."""
    if name not in _DTYPES:
        raise InvalidRequest(f"The dtype {name!r} is none of {', '.join(_DTYPES)}.")
    return _DTYPES[name]


def _number(said: dict[str, Any]) -> Any:
    """An object of JSON, or the number that JSON has no word for, as transformers writes it: {"__float__": "Infinity"}."""
    return float(said["__float__"]) if said.keys() == {"__float__"} else said
