"""Models with an encoder: `generate` would run it first, here. Instead its inputs travel with the request, and the engine runs it.

What `generate` carries about in the meantime, expands and hands on is a `Deferred`: the inputs in the shape of an output. Where the loop
cannot run on the engine after all, it is computed here.

Legend: B rows, S tokens of the encoder's input.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import torch

from aweigh.compiler.offload import sampling
from aweigh.compiler.offload.module.thread import decided
from aweigh.compiler.offload.stub import stub_of
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest, UnsupportedModel
from aweigh.proto.v1 import generation_pb2, program_pb2

_MODES = frozenset({"greedy_search", "sample"})
_MASK = "attention_mask"
_SAID = frozenset({"output_attentions", "output_hidden_states", "return_dict"})


class Deferred(dict[str, Any]):
    """Keyword arguments of the encoder. `generate` repeats the tensors among them as it would repeat the encoder's output."""

    _answer: Any = None

    def here(self, model: Any) -> Any:
        """What the encoder gives, computed in this process; once."""
        if self._answer is None:
            with torch.no_grad(), decided():
                self._answer = model.get_encoder()(**self)
        return self._answer


def install(mixin: Any) -> None:
    """Patches GenerationMixin in place."""
    original: Callable[..., Any] = mixin._prepare_text_encoder_decoder_kwargs_for_generation

    @functools.wraps(original)
    def _prepare_text_encoder_decoder_kwargs_for_generation(
        self: Any,
        inputs_tensor: torch.Tensor,
        model_kwargs: dict[str, Any],
        model_input_name: str | None,
        generation_config: Any,
    ) -> dict[str, Any]:
        stub, given = stub_of(self), (model_kwargs, model_input_name, generation_config)
        if stub is None or stub.detached is not None:
            return original(self, inputs_tensor, *given)  # type: ignore[no-any-return]
        reason, mode = stub.refusal(self), generation_config.get_generation_mode()
        if reason is None and mode not in _MODES:
            reason = f"{mode.value} of a model with an encoder"
        if reason is None:
            taken = _arguments(original, self, inputs_tensor, dict(model_kwargs), *given[1:])
            return {**model_kwargs, "encoder_outputs": Deferred(taken)}
        stub.come_home(self, reason, once=True)
        with decided():
            result: dict[str, Any] = original(self, inputs_tensor, *given)
        if stub.detached is None:
            stub.settle(self)
        return result

    mixin._prepare_text_encoder_decoder_kwargs_for_generation = _prepare_text_encoder_decoder_kwargs_for_generation


def _arguments(original: Callable[..., Any], model: Any, *given: Any) -> dict[str, Any]:
    """What transformers would call the encoder with: its own code chooses, and the call goes no further."""
    result: dict[str, Any] = original(_Model(model), *given)["encoder_outputs"]
    return result


class _Encoder:
    """An encoder that answers with its arguments."""

    def __init__(self, real: Any) -> None:
        self.forward = real.forward  # its signature is read

    def __call__(self, **given: Any) -> dict[str, Any]:
        return given


class _Model:
    """A model with such an encoder, for one method of it."""

    def __init__(self, model: Any) -> None:
        self._encoder = _Encoder(model.get_encoder())
        self.main_input_name: str = model.main_input_name

    def get_encoder(self) -> Any:
        return self._encoder


def inputs_of(outputs: Any, names: Sequence[str], rows: int, repeats: int) -> list[list[generation_pb2.EncoderInput]]:
    """Of every `repeats`-th row, what the Program's encoder takes. Raises sampling.Unknown for what it does not."""
    if not isinstance(outputs, Deferred):
        raise sampling.Unknown("the encoder's output is the script's own")
    given = {key: value for key, value in outputs.items() if value is not None and key not in _SAID}
    if any(outputs.get(name) for name in ("output_attentions", "output_hidden_states")):
        raise sampling.Unknown("the encoder's attentions or hidden states are asked for")
    if "input_ids" in given:
        given["token_ids"] = given.pop("input_ids")
        given.setdefault(_MASK, torch.ones_like(given["token_ids"]))
    if _MASK not in names:
        given.pop(_MASK, None)  # the encoder was captured without: it does not look at it
    for name, value in given.items():
        if name not in names or not isinstance(value, torch.Tensor) or value.shape[0] != rows:
            raise sampling.Unknown(f"the encoder's argument {name}")
    if set(given) != set(names):
        raise sampling.Unknown("an encoder without its usual inputs")
    return [_row({name: value[row : row + 1] for name, value in given.items()}) for row in range(0, rows, repeats)]


def _row(given: dict[str, torch.Tensor]) -> list[generation_pb2.EncoderInput]:
    ids, mask = given.get("token_ids"), given.get(_MASK)
    if ids is not None and mask is not None:
        if ids.is_floating_point():
            raise InvalidRequest(f"input_ids hold token ids: give them as torch.long, not as {ids.dtype}")
        if ids.dim() != 2 or mask.shape != ids.shape or not bool((mask != 0).any()):
            raise sampling.Unknown("an attention mask that is not one of tokens")
        end = int((mask[0] != 0).nonzero()[-1]) + 1  # what lies behind the last token that is seen is seen by nobody
        given = {"token_ids": ids[:, :end].long(), _MASK: (mask[:, :end] != 0).long()}
    return [generation_pb2.EncoderInput(name=name, tensor=_message(value)) for name, value in given.items()]


def _message(tensor: torch.Tensor) -> program_pb2.Tensor:
    host = tensor.detach().cpu().contiguous()
    try:
        dtype = DType[str(host.dtype).removeprefix("torch.").upper()]
    except KeyError:
        raise UnsupportedModel(f"tensors of {host.dtype} cannot be sent") from None
    flat = host.as_strided((host.numel(),), (1,))  # one element is contiguous with any stride
    data = flat.view(torch.uint8).numpy().tobytes() if host.numel() else b""
    return program_pb2.Tensor(dtype=int(dtype), shape=host.shape, data=data)  # type: ignore[arg-type]
