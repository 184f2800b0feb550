"""Lightning attention (arXiv:2401.04658) as transformers writes it, a module whose `forward` loops over blocks, around `scan`.

Legend: T tokens, H heads, D head size, C hidden.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.compiler.capture.scan import scan
from aweigh.proto.errors import UnsupportedModel

_TOKENS, _HEADS, _SIZE, _BLOCK = 7, 2, 4, 3


def attention(
    self: Any,
    hidden_states: Tensor,
    position_embeddings: Any,
    attention_mask: Tensor | None,
    past_key_values: Any = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Linear attention with one decay per head, normed and gated: [1, T, C]."""
    if attention_mask is not None:
        raise UnsupportedModel("Lightning attention with a mask of padding has no counterpart in ragged batches.")
    heads = (1, hidden_states.shape[1], self.num_attention_heads, 3 * self.head_dim)
    mixed = self.act_fn(self.qkv_proj(hidden_states)).reshape(*heads)
    query, key, value = (part.float() for part in torch.split(mixed, self.head_dim, dim=3))
    decay_1TH = torch.ones_like(value[..., 0]) * -self.slope_rate.float().reshape(1, 1, -1)
    out = scan(query, key, value, decay_1TH).to(hidden_states.dtype).flatten(2)
    return self.out_proj(functional.sigmoid(self.output_gate(hidden_states)) * self.norm(out)), None


def owner() -> Any:
    """What such a module holds, small."""
    numbers = torch.Generator().manual_seed(0)

    def linear(out: int) -> torch.nn.Linear:
        made = torch.nn.Linear(6, out, bias=False) if out != 6 else torch.nn.Linear(_HEADS * _SIZE, 6, bias=False)
        made.weight.data = torch.randn(made.weight.shape, generator=numbers) / 2
        return made

    slopes = torch.tensor([0.3, 0.7])[:, None, None]
    place = torch.arange(_BLOCK) + 1
    behind = place[:, None] - place
    return SimpleNamespace(
        layer_idx=0,
        head_dim=_SIZE,
        num_attention_heads=_HEADS,
        block_size=_BLOCK,
        act_fn=torch.nn.SiLU(),
        norm=torch.nn.LayerNorm(_HEADS * _SIZE),
        qkv_proj=linear(3 * _HEADS * _SIZE),
        output_gate=linear(_HEADS * _SIZE),
        out_proj=linear(6),
        slope_rate=slopes,
        query_decay=torch.exp(-slopes * place[:, None]),
        key_decay=torch.exp(-slopes * (_BLOCK - place[:, None])),
        diagonal_decay=torch.where(behind >= 0, torch.exp(-slopes * behind), 0.0)[None],
    )


def samples() -> list[Mapping[str, Any]]:
    """More than two blocks, the last one not whole."""
    hidden = torch.randn(1, _TOKENS, 6, generator=torch.Generator().manual_seed(1))
    return [{"hidden_states": hidden, "position_embeddings": None, "attention_mask": None, "past_key_values": None}]
