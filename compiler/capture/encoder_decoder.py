"""A model with an encoder as three functions, of which the decoder alone knows of sequences.

Legend: S tokens of the encoder's input, S' of its output, T tokens, R rows, C hidden, V vocabulary, K key/value heads, D key size, E value size.

    encode(what the encoder takes, one row) -> encoded [1, S', C]
    memorise(encoded) -> keys [1, K, S', D] and values [1, K, S', E] of each layer that attends over it
    decode(token_ids [1, T], positions [1, T], rows [R]) -> logits [1, R, V], the ragged layout of a causal language model

The decoder is traced twice (`sides.py`). What neither trace may contain is a use of the encoder's output outside of attention, or keys
that depend on the decoder's tokens: both show as an input that somebody still reads, and are refused.
"""

import inspect
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from aweigh.compiler.capture.sides import Side, keeping, traced
from aweigh.proto.errors import UnsupportedModel

MEMORY = 13
"""Tokens of the encoder's output while the decoder is traced: a number, where the decoder's own tokens are a symbol."""

IDS, MASK = "token_ids", "attention_mask"


def has_encoder(model: Any) -> bool:
    """A decoder alone may take an encoder's output, too: it says that it has none."""
    takes = inspect.signature(model.forward).parameters
    return "encoder_outputs" in takes and bool(model.config.is_encoder_decoder)


class Encode(nn.Module):
    """`names` are those of the inputs as the encoder's `forward` knows them."""

    def __init__(self, model: Any, names: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self._names = tuple(names)

    def forward(self, *given: Tensor) -> Tensor:
        with traced(Side.ENCODER):
            encoded: Tensor = self.model.get_encoder()(**dict(zip(self._names, given, strict=True)), return_dict=True)[
                0
            ]
        return encoded


class Memorise(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, token_ids: Tensor, encoded: Tensor) -> tuple[Tensor, ...]:
        with traced(Side.MEMORY), keeping() as kept:
            _decode(self.model, token_ids, None, encoded)
        return tuple(kept)


class Decode(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, token_ids: Tensor, positions: Tensor, rows: Tensor, encoded: Tensor) -> Tensor:
        with traced(Side.DECODER):
            logits_1TV = _decode(self.model, token_ids, positions, encoded)
        return logits_1TV[:, rows]


def _decode(model: Any, token_ids: Tensor, positions: Tensor | None, encoded: Tensor) -> Tensor:
    from transformers.modeling_outputs import BaseModelOutput

    takes = inspect.signature(model.forward).parameters
    arguments: dict[str, Any] = {"decoder_input_ids": token_ids, "encoder_outputs": BaseModelOutput(encoded)}
    if positions is not None and "decoder_position_ids" in takes:
        arguments["decoder_position_ids"] = positions
    logits: Tensor = model(**arguments, use_cache=False, return_dict=True).logits
    return logits


def example(model: Any, tokens: int) -> tuple[list[str], list[Tensor], list[Any]]:
    """Names, an example, and the symbols (by dimension, torch.export's way) of what the encoder takes for one row.

    Token ids with a mask may be of any length. Features are of the one length that fits the encoder's table of positions, behind the
    strides of the convolutions before it.

    Raises:
        UnsupportedModel: the encoder takes something else.
    """
    encoder = model.get_encoder()
    takes = inspect.signature(encoder.forward).parameters
    name = getattr(encoder, "main_input_name", "input_ids")
    dynamic = {1: torch.export.Dim.DYNAMIC}
    if name == "input_ids" and "input_ids" in takes and MASK in takes:
        ids = torch.zeros((1, tokens), dtype=torch.int64)
        return ["input_ids", MASK], [ids, torch.ones_like(ids)], [dynamic, dynamic]
    convolutions = [module for module in encoder.children() if isinstance(module, nn.Conv1d)]
    tables = [module for module in encoder.children() if isinstance(module, nn.Embedding)]
    if len(tables) != 1 or not convolutions or name not in takes:
        raise UnsupportedModel(
            f"The encoder {type(encoder).__name__} takes neither token ids nor features of one length."
        )
    length = tables[0].num_embeddings * math.prod(convolution.stride[0] for convolution in convolutions)
    features = torch.zeros((1, convolutions[0].in_channels, length), dtype=convolutions[0].weight.dtype)
    if MASK not in takes:
        return [name], [features], [None]
    return [name, MASK], [features, torch.ones((1, length), dtype=torch.int64)], [None, None]
