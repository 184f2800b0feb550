"""`from_pretrained`: transformers' own, up to the point where it would open the weights.

Configuration, class, dtype, device map, generation config, every warning and error before and after are transformers' own work on the
real class on `meta`. Only `_load_pretrained_model`, which reads the files, is replaced: it puts tensors without bytes where weights
would be, or, for what cannot be offloaded, does as it always did.
"""

import functools
import re
from collections.abc import Callable
from typing import Any

import torch

from aweigh.compiler.offload import blank, explain, forward, opt_out, raw_memory, summary
from aweigh.compiler.offload.devices.host import honest, host_map
from aweigh.compiler.offload.hollow import hollow
from aweigh.compiler.offload.library_code import LibraryCode
from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.stub import Stub, stub_of
from aweigh.proto.errors import CheckpointInvalid, OurBug, ProgramInvalid, UnsupportedModel

_STANDARD = re.compile(r"model(-\d+-of-\d+)?\.safetensors")


def install(model_class: Any) -> None:
    """Patches PreTrainedModel in place."""
    original: Callable[..., Any] = model_class._load_pretrained_model

    def _load_pretrained_model(
        model: Any, state_dict: Any, checkpoint_files: Any, load_config: Any, *args: Any, **kwargs: Any
    ) -> Any:
        if opt_out.is_local() or not current().active or stub_of(model) is not None:  # an adapter is loaded into a stub
            return original(model, state_dict, checkpoint_files, load_config, *args, **kwargs)
        reason = refusal(model, state_dict, checkpoint_files, load_config)
        if reason is None:
            offloaded = _language if _generates(model) else _module
            try:
                return offloaded(model, list(checkpoint_files), load_config), None
            except (UnsupportedModel, ProgramInvalid, CheckpointInvalid) as error:
                reason = str(error)
            except OurBug as error:  # said aloud, and no reason to stop a script that can run here
                reason = f"a bug of Aweigh stands in the way, please report it: {str(error)[:300]}"
        _report(model, reason)
        return original(model, state_dict, checkpoint_files, load_config, *args, **kwargs)

    model_class._load_pretrained_model = staticmethod(_load_pretrained_model)
    finalize: Callable[..., Any] = model_class._finalize_model_loading

    def _finalize_model_loading(model: Any, *args: Any, **kwargs: Any) -> Any:
        info = finalize(model, *args, **kwargs)
        if (stub := stub_of(model)) is not None:
            stub.settle(model)
        return info

    model_class._finalize_model_loading = staticmethod(_finalize_model_loading)
    initialize: Callable[..., Any] = model_class.initialize_weights

    @functools.wraps(initialize)
    def initialize_weights(self: Any) -> Any:
        if stub_of(self) is None:
            return initialize(self)
        with blank.weights(self):
            return initialize(self)

    model_class.initialize_weights = initialize_weights
    public = model_class.from_pretrained.__func__

    @functools.wraps(public)
    def from_pretrained(cls: Any, *args: Any, **kwargs: Any) -> Any:
        if not current().active:
            return public(cls, *args, **kwargs)
        if "device_map" in kwargs:
            kwargs["device_map"] = host_map(kwargs["device_map"])
        with honest():  # a device map is made for the devices that are there
            return public(cls, *args, **kwargs)

    model_class.from_pretrained = classmethod(from_pretrained)
    save: Callable[..., Any] = model_class.save_pretrained

    @functools.wraps(save)
    def save_pretrained(self: Any, *args: Any, **kwargs: Any) -> Any:
        if (stub := stub_of(self)) is not None:
            stub.come_home(self, "it is saved", once=True)
        with raw_memory.reading():
            return save(self, *args, **kwargs)

    model_class.save_pretrained = save_pretrained


class _Loading:
    """A model as `Stub.placement` sees one, while its parameters are still on `meta`."""

    def __init__(self, model: Any, dtype: torch.dtype) -> None:
        self.config = model.config
        self.dtype = dtype


def _generates(model: Any) -> bool:
    """Whether the engine can run the loop of `generate`: a causal language model, or one with an encoder."""
    from transformers.models.auto import modeling_auto as known

    mappings = (
        (known.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES, known.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES)
        if model.config.is_encoder_decoder
        else (known.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,)
    )
    return any(type(model).__name__ in _names(mapping.values()) for mapping in mappings)


def _language(model: Any, files: list[str], load_config: Any) -> Any:
    """Makes the model a stub on the rungs `generate` and `step`. Returns the loading report that a complete checkpoint would give.

    Raises UnsupportedModel, ProgramInvalid, CheckpointInvalid, OurBug: the model can still be loaded in earnest.
    """
    stub = Stub(model, files, load_config.dtype)
    stub.placement(_Loading(model, load_config.dtype))
    return _hollow(model, stub, load_config)


def _module(model: Any, files: list[str], load_config: Any) -> Any:
    """Makes the model a stub on the rung `module`. Returns transformers' own loading report. Raises as `_language`."""
    from aweigh.compiler.offload.pretrained.offloading import offloaded

    return offloaded(model, files, load_config)


def refusal(model: Any, state_dict: Any, files: Any, load_config: Any) -> str | None:
    """Why a model that is being loaded cannot be offloaded, in a clause; "asked for" where the user said so; else None."""

    kind = type(model)
    if not current().covers(kind.__name__, str(load_config.pretrained_model_name_or_path)):
        return "asked for"
    if kind.__module__.startswith("transformers_modules."):
        return f"the code of {kind.__name__} came with its checkpoint"
    if not kind.__module__.startswith("transformers."):
        return f"{kind.__name__} is the script's own class"
    if model.can_generate() and not _generates(model):
        return f"{kind.__name__} is no causal language model and none with an encoder"
    if load_config.hf_quantizer is not None:
        return "it is quantised"
    if (foreign := LibraryCode(model).reason) is not None:
        return foreign
    if state_dict is not None or not files:
        return "its weights come from a state dict"
    if load_config.device_mesh is not None:
        return "it is spread over processes"
    if load_config.ignore_mismatched_sizes:
        return "its checkpoint may have other shapes"
    if "disk" in (load_config.device_map or {}).values():
        return "its device map names the disk"
    if not all(_STANDARD.fullmatch(file.rpartition("/")[2]) for file in files):
        return "its weights are not in safetensors files of the usual names"
    return None


def _names(values: Any) -> set[str]:
    return {name for value in values for name in (value if isinstance(value, tuple | list) else (value,))}


def _report(model: Any, reason: str) -> None:
    name = type(model).__name__
    if reason != "asked for":
        if current().strict:
            sentence = f"{name} cannot be offloaded: {reason}; leave out --strict to run it here"
            raise UnsupportedModel(sentence)
        if current().fallback == "warn":
            summary.say(f"{name} runs here: {reason}")
    explain.kept(name, reason)
    summary.SUMMARY.model(name).local_reasons[reason] = 1


def _hollow(model: Any, stub: Stub, load_config: Any) -> Any:
    from transformers.utils.loading_report import LoadStateDictInfo

    tied = getattr(model, "all_tied_weights_keys", {})
    high = _high_precision(load_config.dtype_plan or {})
    hollow(model, stub, lambda name, tensor: torch.float32 if high and high.search(name) else tensor.dtype)
    forward.install(type(model))
    return LoadStateDictInfo(
        missing_keys=set(tied),
        unexpected_keys=set(),
        mismatched_keys=set(),
        error_msgs=[],
        conversion_errors={},
        skipped_pp_keys=set(),
    )


def _high_precision(plan: dict[str, torch.dtype]) -> "re.Pattern[str] | None":
    """What transformers keeps in float32: its plan maps patterns to dtypes."""
    if not plan:
        return None
    from transformers.core_model_loading import build_glob_alternation

    pattern: re.Pattern[str] = build_glob_alternation(list(plan))[0]
    return pattern
