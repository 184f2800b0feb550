"""A choice of blocks of keys as transformers writes it, a module whose `forward` loops over queries, around `select`.

Legend: T tokens, H heads, D head size, R rotated features, W tokens of a block.

A block's key is made of the mean of its tokens' keys, normed and rotated to the position of its first token. Here every token makes the key
of the block that would end with it, from the last W tokens (a causal convolution, which carries the angles of W - 1 tokens ago as well);
`select` uses those of the tokens with which blocks do end.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.compiler.capture.counter import next_layer
from aweigh.compiler.capture.scan import is_defined

_TOKENS, _HEADS, _SIZE, _BLOCK, _BUDGET = 13, 3, 6, 2, 4


def choice(
    self: Any, hidden_states: Tensor, position_embeddings: Any, attention_mask: Tensor, past_key_values: Any = None
) -> Tensor:
    """Which keys each token may see: [1, 1, T, T], true or false."""
    cos_1TR, sin_1TR = position_embeddings
    tokens = hidden_states.shape[1]
    sizes = [self.index_n_heads * self.index_head_dim, self.index_head_dim]
    query, key_1TD = torch.split(self.index_qk_proj(hidden_states), sizes, dim=-1)
    query_1THD = self.q_layernorm(query.reshape(1, tokens, self.index_n_heads, self.index_head_dim))
    query_1THD = _rotated(query_1THD, cos_1TR.unsqueeze(2), sin_1TR.unsqueeze(2))
    given = torch.cat((key_1TD, cos_1TR.to(key_1TD.dtype), sin_1TR.to(key_1TD.dtype)), -1)
    mean, cos, sin = torch.split(
        _looking_back(given, sizes[1], self.compress_ratio),
        [sizes[1], cos_1TR.shape[-1], sin_1TR.shape[-1]],
        dim=-1,
    )
    key_1TD = _rotated(self.k_layernorm(mean), cos, sin)
    return _selected(query_1THD, key_1TD, self.token_budget // self.compress_ratio, self.compress_ratio)


def _rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    rotated, rest = x[..., : cos.shape[-1]], x[..., cos.shape[-1] :]
    first, second = rotated.chunk(2, -1)
    return torch.cat((rotated * cos + torch.cat((-second, first), -1) * sin, rest), -1)


def _looking_back(x_1TC: Tensor, averaged: int, block: int) -> Tensor:
    """The mean of the last `block` tokens for the first `averaged` channels, the first of them for the others."""
    channels = x_1TC.shape[2]
    taps = [[1 / block] * block] * averaged + [[1.0] + [0.0] * (block - 1)] * (channels - averaged)
    weight_C1W = torch.tensor(taps, dtype=x_1TC.dtype)[:, None]
    x_1CT = x_1TC.transpose(1, 2)
    if is_defined():
        return functional.conv1d(functional.pad(x_1CT, (block - 1, 0)), weight_C1W, groups=channels).transpose(1, 2)
    out: Tensor = torch.ops.aweigh.causal_conv(x_1CT, weight_C1W, None, layer=next_layer(), groups=channels)
    return out.transpose(1, 2)


def _selected(query_1THD: Tensor, key_1TD: Tensor, count: int, block: int) -> Tensor:
    tokens = query_1THD.shape[1]
    if is_defined():
        seen_TT = torch.zeros(tokens, tokens, dtype=torch.bool)
        for token in range(tokens):
            whole = (token + 1) // block
            keys = key_1TD[0, block - 1 : whole * block : block]
            scores = torch.relu(query_1THD[0, token] @ keys.T).sum(0)
            for place in scores.topk(min(count, whole)).indices.tolist():
                seen_TT[token, place * block : (place + 1) * block] = True
            seen_TT[token, whole * block : token + 1] = True
        return seen_TT[None, None]
    said: dict[str, Any] = {"layer": next_layer(), "count": count, "scale": 1.0, "block": block}
    selection_1TN = torch.ops.aweigh.select(query_1THD, key_1TD, None, **said)
    seen: Tensor = torch.ops.aweigh.selected(selection_1TN, tokens)
    return seen


def owner() -> Any:
    """What such a module holds, small."""
    numbers = torch.Generator().manual_seed(0)
    project = torch.nn.Linear(8, (_HEADS + 1) * _SIZE, bias=False)
    project.weight.data = torch.randn(project.weight.shape, generator=numbers)
    return SimpleNamespace(
        layer_idx=0,
        index_n_heads=_HEADS,
        index_kv_heads=1,
        index_head_dim=_SIZE,
        token_budget=_BUDGET,
        compress_ratio=_BLOCK,
        block_topk=_BUDGET // _BLOCK,
        index_qk_proj=project,
        q_layernorm=torch.nn.LayerNorm(_SIZE),
        k_layernorm=torch.nn.LayerNorm(_SIZE),
    )


def samples() -> list[Mapping[str, Any]]:
    """One sequence, the first features of each head rotated."""
    hidden = torch.randn(1, _TOKENS, 8, generator=torch.Generator().manual_seed(1))
    angles = torch.arange(_TOKENS)[:, None] * torch.tensor([1.0, 0.3])
    both = torch.cat((angles, angles), -1)[None]
    mask = torch.full((_TOKENS, _TOKENS), torch.finfo(torch.float32).min).triu(1)[None, None]
    return [
        {
            "hidden_states": hidden,
            "position_embeddings": (both.cos(), both.sin()),
            "attention_mask": mask,
            "past_key_values": None,
        }
    ]
