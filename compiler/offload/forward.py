"""The `step` rung: a stub's forward pass. New tokens go out, logits come back; keys and values stay on the worker.

The class's `forward` is patched in place, once per class, so that hooks on the root, subclasses and `inspect.signature` work as they
do without us. What a step cannot express (masks of four dimensions, embeddings, attentions) runs here, with the same answer.
"""

import functools
import inspect
import time
import typing
from collections.abc import Callable
from typing import Any

from aweigh.compiler.offload import explain, local_run
from aweigh.compiler.offload.backward import Pass, recorded
from aweigh.compiler.offload.cache import NAMES, named, own_cache
from aweigh.compiler.offload.inputs import Inputs, Unsuited, read
from aweigh.compiler.offload.local_run import Past
from aweigh.compiler.offload.remote_step import Answer, call
from aweigh.compiler.offload.settings import current
from aweigh.compiler.offload.stub import stub_of
from aweigh.compiler.offload.tracing import hidden, traced
from aweigh.proto.errors import PromptTooLong, UnsupportedModel

_MARK = "_aweigh_patched"


def install(kind: Any) -> None:
    """Patches a model class in place; the second time does nothing."""
    original: Callable[..., Any] = kind.forward
    if _MARK in vars(kind):  # a script may have wrapped ours since
        return
    names = [name for name in inspect.signature(original).parameters if name != "self"]
    output_class = _output_class(original)
    cache_name = next((name for name in NAMES if name in names), NAMES[0])
    in_itself = cache_name not in output_class.__dataclass_fields__
    own = own_cache(kind)

    @functools.wraps(original)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **kwargs) if traced(self) else called(self, *args, **kwargs)

    @hidden
    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        stub = stub_of(self)
        if stub is None:
            return original(self, *args, **kwargs)
        if args:
            kwargs |= zip(names, args, strict=False)
        began = time.perf_counter()
        reason = stub.refusal(self)
        suited = reason is None
        if reason is None:
            try:
                for name in ("position_ids", *NAMES):
                    if name not in names and kwargs.get(name) is not None:
                        raise Unsuited(f"an argument {name} that the model's forward does not name")
                if in_itself and named(kwargs) is not None:
                    # Whoever reorders the cache does not reorder that; so its answers depend on what the modules saw before.
                    raise Unsuited("the model keeps its state in itself")
                if own and named(kwargs) is not None:
                    raise Unsuited(own)
                inputs = read(self, stub, kwargs)
                if own and inputs.use_cache:
                    raise Unsuited(own)
                place = stub.placement(self)
                filling = stub.adapters.filling(place)
                made = Pass(stub, self, original, kwargs, Past.of(inputs.cache), filling)
                if inputs.cache._aweigh_width and inputs.cache._aweigh_filling != filling:
                    raise Unsuited("a cache that other adapters have filled")
                answer = call(stub, place, inputs)
                inputs.cache._aweigh_filling = filling
                output = _finish(made, inputs, answer, output_class, cache_name)
            except (Unsuited, UnsupportedModel, PromptTooLong) as unsuited:
                if isinstance(unsuited, PromptTooLong) and current().strict:
                    raise
                reason = str(unsuited)
            else:
                seconds = time.perf_counter() - began
                explain.call(
                    stub.class_name,
                    "step",
                    explain.reason(),
                    seconds=seconds,
                    remote_ops=place.ops,
                    crossing=answer.crossing,
                )
                return output
        stub.summary.calls["local"] += 1
        output = local_run.forward(stub, self, reason, original, kwargs, once=suited)
        explain.call(stub.class_name, "local", reason, seconds=time.perf_counter() - began)
        return output

    setattr(kind, _MARK, True)
    kind.forward = forward


def _output_class(original: Callable[..., Any]) -> Any:
    """The ModelOutput that the class answers with, from its annotation."""
    from transformers.modeling_outputs import CausalLMOutputWithPast
    from transformers.utils import ModelOutput

    try:
        said = typing.get_type_hints(inspect.unwrap(original)).get("return")
    except (NameError, TypeError):
        said = None
    for option in (said, *typing.get_args(said)):
        if isinstance(option, type) and issubclass(option, ModelOutput) and "logits" in option.__annotations__:
            return option
    return CausalLMOutputWithPast


def _finish(made: Pass, inputs: Inputs, answer: Answer, output_class: Any, cache_name: str) -> Any:
    logits = answer.logits
    if inputs.keep_index is not None:
        logits = logits[:, inputs.keep_index, :]
    logits, *hidden_states = recorded((logits, *(answer.hidden_states or ())), made)
    values: dict[str, Any] = {"logits": logits}
    if inputs.labels is not None:
        vocabulary = made.model.config.get_text_config().vocab_size
        values["loss"] = made.model.loss_function(
            logits=logits, labels=inputs.labels, vocab_size=vocabulary, **inputs.loss_arguments
        )
    if inputs.use_cache and cache_name in output_class.__dataclass_fields__:
        values[cache_name] = inputs.cache
    if answer.hidden_states is not None:
        values["hidden_states"] = tuple(hidden_states)
    output = output_class(**values)
    return output if inputs.return_dict else output.to_tuple()
