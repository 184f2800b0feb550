"""A modelling class from a configuration: parameters without bytes, buffers with their real values.

Parameters become fake CPU tensors as they are declared; what a module computes for itself (inverse frequencies, position tables)
stays real, because no checkpoint holds it. `meta` was tried and given up: buffers and constants lose their values there, and
modelling code that asks for the type of a device meets an unknown one. Factories of many elements go to `meta` first, so that no
allocation is ever larger than `_SMALL` elements.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import transformers
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.overrides import TorchFunctionMode
from transformers import initialization
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING,
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
    MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING,
)

from aweigh.compiler.capture.interfaces import IMPLEMENTATION, register
from aweigh.compiler.capture.precision import keep_in_float32
from aweigh.proto.errors import UnsupportedModel

_SMALL = 1 << 24
_FACTORIES = frozenset({torch.empty, torch.zeros, torch.ones, torch.rand, torch.randn, torch.full})


def _elements(size: Any) -> int:
    if isinstance(size, int):
        return size
    if not isinstance(size, list | tuple):
        return 0
    total = 1
    for part in size:
        total *= _elements(part)
    return total


class _LargeToMeta(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func in _FACTORIES and _elements(kwargs.get("size", args)) > _SMALL:
            kwargs["device"] = "meta"
        return func(*args, **kwargs)


@contextmanager
def _parameters_without_bytes(mode: FakeTensorMode) -> Iterator[None]:
    """Inside, every parameter that a module declares is replaced by a fake one of the same shape and dtype."""
    original = torch.nn.Module.register_parameter

    def register_parameter(self: torch.nn.Module, name: str, param: torch.nn.Parameter | None) -> None:
        if param is not None and not isinstance(param.data, torch._subclasses.FakeTensor):
            # `_LargeToMeta` must not see this one: a fake tensor has no bytes, and on `meta` it would not agree with the rest.
            with torch._C.DisableTorchFunction(), mode:
                stand_in = torch.empty(param.shape, dtype=param.dtype, device="cpu")
            param = torch.nn.Parameter(stand_in, requires_grad=False)
        original(self, name, param)

    torch.nn.Module.register_parameter = register_parameter  # type: ignore[method-assign]
    try:
        yield
    finally:
        torch.nn.Module.register_parameter = original  # type: ignore[method-assign]


def modelling_class(config: Any, name: str = "") -> Any:
    """Returns the class that transformers has for a language model of this configuration: the causal one, or one with an encoder.

    The configuration of the text part alone, as a composite model saves it, is known by the name of its architecture. Where there are
    a causal model and one with an encoder, `name` decides, or else the name of the architecture, or else it is the causal one.

    Raises:
        UnsupportedModel: there is none, or none of that name.
    """
    known = list(_classes(config))
    for wanted in (name, *(getattr(config, "architectures", None) or ())):
        for model_class in known:
            if model_class.__name__ == wanted:
                return model_class
        if wanted and wanted == name:
            raise UnsupportedModel(f"{name} is no language model that transformers maps to its configuration.")
    if known:
        return known[0]
    raise UnsupportedModel(f"transformers has no causal language model for {type(config).__name__}.")


def _classes(config: Any) -> Iterator[Any]:
    for mapping in (
        MODEL_FOR_CAUSAL_LM_MAPPING,
        MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING,
        MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING,
    ):
        if type(config) in mapping:
            found = mapping[type(config)]
            model_class = found[0] if isinstance(found, tuple) else found
            if mapping is MODEL_FOR_CAUSAL_LM_MAPPING or config.is_encoder_decoder:
                yield model_class
    architecture = next(iter(getattr(config, "architectures", None) or ()), "")
    if architecture in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values():
        model_class = getattr(transformers, architecture)
        if model_class.config_class is type(config):
            yield model_class


def effective_config(config: Any, name: str = "") -> Any:
    """Returns the configuration that the modelling class takes: its own, or that of the text part, as transformers' auto classes do."""
    if modelling_class(config, name).config_class == config.sub_configs.get("text_config"):
        return config.get_text_config()
    return config


@contextmanager
def without_bytes(mode: FakeTensorMode) -> Iterator[None]:
    """Inside, modules that are made have no bytes of parameters."""
    with _parameters_without_bytes(mode), _LargeToMeta(), torch.no_grad():
        yield


def built(model_class: Any, config: Any, dtype: torch.dtype, mode: FakeTensorMode, **said: Any) -> Any:
    """Returns a model of any class of transformers in `dtype`, evaluating. `config` may be changed; `said` goes to the class."""
    with without_bytes(mode), initialization.no_init_weights():
        model = model_class._from_config(config, dtype=dtype, **said)
    keep_in_float32(model, dtype, mode)
    model.eval()
    return model


def instantiate(config: Any, dtype: torch.dtype, mode: FakeTensorMode, name: str = "") -> Any:
    """Returns the model in `dtype`, evaluating, with our attention, masks and experts. `config` is changed. `name`: of the class.

    Raises:
        UnsupportedModel: transformers has no language model for it.
    """
    register()
    model_class = modelling_class(config, name)
    model = built(model_class, effective_config(config, name), dtype, mode)
    for module in model.modules():
        own = getattr(module, "config", None)
        if own is not None and hasattr(own, "_attn_implementation_internal"):
            own._attn_implementation_internal = IMPLEMENTATION
        if own is not None and hasattr(own, "_experts_implementation_internal"):
            own._experts_implementation_internal = IMPLEMENTATION
        if own is not None and getattr(own, "use_cache", False):
            own.use_cache = False  # what a forward without the argument goes by
    return model
