"""Our attention implementation: one opaque `aweigh::attend` per call, whatever the modelling code passes by keyword."""

from typing import Any

import torch

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.compiler.capture.counter import next_layer
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
        query: [1, H, T, D]; key: [1, K, T, D]; value: [1, K, T, E].

    Returns:
        [1, T, H, E], and None for the attention weights.

    Raises:
        UnsupportedModel: the modelling code passes a tensor whose meaning is not known here.
    """
    sinks = _sole(kwargs, "s_aux", "sinks")
    strangers = [
        name
        for name, given in kwargs.items()
        if isinstance(given, torch.Tensor) and name not in _KNOWN_BY_ENGINE and name not in _UNDERSTOOD
    ]
    if strangers:
        raise UnsupportedModel(f"Attention with the argument {strangers[0]!r} has no counterpart in paged attention.")
    if sinks is not None and sinks.dim() != 1:
        raise UnsupportedModel("Attention with a sink per token has no counterpart in paged attention.")
    if is_causal is None:
        is_causal = bool(getattr(module, "is_causal", True))
    out: torch.Tensor = torch.ops.aweigh.attend(
        query,
        key,
        value,
        attention_mask,
        sinks,
        None,
        kwargs.get("indices"),
        kwargs.get("position_bias"),
        layer=next_layer(),
        scale=float(query.shape[-1] ** -0.5 if scaling is None else scaling),
        window=_sole(kwargs, "sliding_window"),
        chunk=None,
        softcap=_sole(kwargs, "softcap"),
        causal=attention_mask is None and is_causal,
    )
    return out, None
