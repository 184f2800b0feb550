"""Our attention implementation: one opaque `aweigh::attend` per call, whatever the modelling code passes by keyword."""

from typing import Any

import torch

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.compiler.capture import dense
from aweigh.compiler.capture.counter import next_layer
from aweigh.compiler.capture.locality import is_symbolic
from aweigh.compiler.capture.mask_kind import MaskKind
from aweigh.compiler.capture.masks import traced_mask, traced_number
from aweigh.compiler.capture.sides import Side, current, keep
from aweigh.proto.errors import UnsupportedModel

# Tensors that say again what the engine knows of every token, or that an implementation may ignore.
_KNOWN_BY_ENGINE = frozenset(
    {"position_ids", "cache_position", "cu_seq_lens_q", "cu_seq_lens_k", "position_embeddings", "logits_to_keep"}
)

_UNDERSTOOD = frozenset({"s_aux", "sinks", "indices", "position_bias"})


def _sole(kwargs: dict[str, Any], *names: str) -> Any:
    values = [kwargs[name] for name in names if kwargs.get(name) is not None]
    return values[0] if values else None


def attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    is_causal: bool | None = None,
    **kwargs: Any,
) -> tuple[torch.Tensor, None]:
    """The attention function that we register with transformers.

    Args:
        query: [1, H, T, D]; key: [1, K, T, D]; value: [1, K, T, E]. Over the encoder's output keys and values are of its tokens.

    Returns:
        [1, T, H, E], and None for the attention weights.

    Raises:
        UnsupportedModel: the modelling code passes a tensor whose meaning is not known here.
    """
    sinks, selection, bias = _sole(kwargs, "s_aux", "sinks"), kwargs.get("indices"), kwargs.get("position_bias")
    strangers = [
        name
        for name, given in kwargs.items()
        if isinstance(given, torch.Tensor) and name not in _KNOWN_BY_ENGINE and name not in _UNDERSTOOD
    ]
    if strangers:
        raise UnsupportedModel(f"Attention with the argument {strangers[0]!r} has no counterpart in paged attention.")
    if sinks is not None and sinks.dim() == 4 and sinks.shape[1:] == (*query.shape[1:3], 1):
        sinks = sinks.squeeze(3).transpose(1, 2)  # one per head and token
    elif sinks is not None and sinks.dim() != 1:
        raise UnsupportedModel(
            "Attention with sinks that are not of heads and tokens has no counterpart in paged attention."
        )
    if bias is not None and traced_number(bias) == 0:
        bias = None
    scale = float(query.shape[-1] ** -0.5 if scaling is None else scaling)
    window, softcap, side = _sole(kwargs, "sliding_window"), _sole(kwargs, "softcap"), current()
    if side is Side.ENCODER:
        if sinks is not None or window is not None:
            raise UnsupportedModel("The encoder's attention has sinks or a window, which its Program cannot say.")
        biases = [given for given in (bias, attention_mask) if given is not None]
        return dense.attention(query, key, value, scale, biases, softcap), None
    if side is not None and is_symbolic(query.shape[2]) != is_symbolic(key.shape[2]):
        if sinks is not None or bias is not None or not _sees_all(attention_mask):
            raise UnsupportedModel("Attention over the encoder's output has sinks, a bias or a mask of its own.")
        return _cross(query, key, value, scale, softcap), None
    if is_causal is None:
        is_causal = bool(getattr(module, "is_causal", True))
    out: torch.Tensor = torch.ops.aweigh.attend(
        query,
        key,
        value,
        attention_mask,
        sinks,
        None,
        selection,
        bias,
        None,
        layer=next_layer(),
        scale=scale,
        window=window,
        chunk=None,
        softcap=softcap,
        causal=attention_mask is None and is_causal,
    )
    return out, None


def _sees_all(mask: torch.Tensor | None) -> bool:
    return mask is None or traced_mask(mask) == MaskKind()


def _cross(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float, softcap: float | None
) -> torch.Tensor:
    """Attention over the encoder's output. What it reads of that is known by its sizes, or all that is kept."""
    if current() is Side.MEMORY:
        keep(key, value)
    out: torch.Tensor = torch.ops.aweigh.cross_attend(
        query,
        layer=next_layer(),
        heads=key.shape[1],
        value_size=value.shape[3],
        scale=scale,
        softcap=softcap,
    )
    return out
