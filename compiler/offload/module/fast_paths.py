"""Layers of torch that choose between two ways by looking: at values, or at whether somebody captures them. A capture of ours sees what the
plain call would have computed, without looking.

`TransformerEncoder` leaves pads out where its mask has them at the end of each row, and gives zeros there, unless it is captured. Its layers
are one fused operator; `Transformer` compares its masks with the causal one, to choose a faster kernel for the same answer.
Legend: B batch, T tokens, H heads, D size of a head, E width.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional as F
from torch.nn.modules import transformer

from aweigh.compiler.offload.module.thread import THREAD


@torch._dynamo.assume_constant_result  # type: ignore[untyped-decorator]  # no guard: what is captured here is called from here
def _captured_by_us() -> bool:
    return THREAD.capturing


def install() -> None:
    """Patches the layers in place. They do what they did unless Dynamo looks at them for us."""
    transformer._detect_is_causal_mask = _undetected(transformer._detect_is_causal_mask)
    nn.TransformerEncoder.forward = _padded(nn.TransformerEncoder.forward)  # type: ignore[method-assign]


def _undetected(original: Callable[..., bool]) -> Callable[..., bool]:
    @functools.wraps(original)
    def detect(mask: torch.Tensor | None, is_causal: bool | None = None, size: int | None = None) -> bool:
        if torch.compiler.is_compiling() and _captured_by_us():
            return is_causal is True
        return original(mask, is_causal, size)

    return detect


def _padded(original: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    @functools.wraps(original)
    def forward(
        self: Any,
        src: torch.Tensor,
        mask: torch.Tensor | None = None,
        src_key_padding_mask: torch.Tensor | None = None,
        is_causal: bool | None = None,
    ) -> torch.Tensor:
        output = original(self, src, mask, src_key_padding_mask, is_causal)
        if not (torch.compiler.is_compiling() and _captured_by_us() and src_key_padding_mask is not None):
            return output
        if mask is not None or src.dim() != 3 or not getattr(self, "use_nested_tensor", False):
            return output
        layer = self.layers[0]
        if layer.training or not self.mask_check or not torch.backends.mha.get_fastpath_enabled():
            return output
        if torch.is_grad_enabled() and (src.requires_grad or any(one.requires_grad for one in layer.parameters())):
            return output
        pads = src_key_padding_mask.bool()
        at_end = (pads[:, 1:] | ~pads[:, :-1]).all()
        blank = torch.zeros_like(output)
        if self.norm is not None:
            blank = self.norm(blank)
        return torch.where((at_end & pads)[:, :, None], blank, output)

    return forward


class Spelled(fx.Interpreter):
    """Runs a captured graph with its fused layers as the operators that they are made of."""

    def call_function(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return super().call_function(_SPELLED.get(target, target), args, kwargs)


def _encoder_layer(
    x_BTE: torch.Tensor, width: int, heads: int,
    qkv_weight: torch.Tensor, qkv_bias: torch.Tensor, out_weight: torch.Tensor, out_bias: torch.Tensor,
    gelu: bool, norm_first: bool, epsilon: float,
    norm1_weight: torch.Tensor, norm1_bias: torch.Tensor, norm2_weight: torch.Tensor, norm2_bias: torch.Tensor,
    up_weight: torch.Tensor, up_bias: torch.Tensor, down_weight: torch.Tensor, down_bias: torch.Tensor,
    mask: torch.Tensor | None = None, mask_type: int | None = None,
) -> torch.Tensor:  # fmt: skip
    def attended(x_BTE: torch.Tensor) -> torch.Tensor:
        q_BHTD, k_BHTD, v_BHTD = (
            part.view(*part.shape[:2], heads, width // heads).transpose(1, 2)
            for part in F.linear(x_BTE, qkv_weight, qkv_bias).chunk(3, dim=-1)
        )
        if mask is None:
            found_BHTD = F.scaled_dot_product_attention(q_BHTD, k_BHTD, v_BHTD)
        else:  # a number is a mask, too: the operator asks whether it is zero; a row without keys is not a number
            left_out = mask.to(torch.bool)
            if mask_type == 1:
                left_out = left_out[:, None, None, :]
            scores_BHTT = q_BHTD @ k_BHTD.transpose(-1, -2) / math.sqrt(width // heads)
            found_BHTD = scores_BHTT.masked_fill(left_out, -math.inf).softmax(-1) @ v_BHTD
        return F.linear(found_BHTD.transpose(1, 2).flatten(2), out_weight, out_bias)

    def fed(x_BTE: torch.Tensor) -> torch.Tensor:
        h = F.linear(x_BTE, up_weight, up_bias)
        return F.linear(F.gelu(h) if gelu else F.relu(h), down_weight, down_bias)

    def first(x_BTE: torch.Tensor) -> torch.Tensor:
        return F.layer_norm(x_BTE, (width,), norm1_weight, norm1_bias, epsilon)

    def second(x_BTE: torch.Tensor) -> torch.Tensor:
        return F.layer_norm(x_BTE, (width,), norm2_weight, norm2_bias, epsilon)

    if norm_first:
        x_BTE = x_BTE + attended(first(x_BTE))
        return x_BTE + fed(second(x_BTE))
    x_BTE = first(x_BTE + attended(x_BTE))
    return second(x_BTE + fed(x_BTE))


def _embedding_bag(input: torch.Tensor, weight: torch.Tensor, offsets: Any = None, *args: Any, **kwargs: Any) -> Any:
    """Bags of one length are looked up and gathered; others are the operator's affair."""
    said = dict(zip(_BAG_ARGUMENTS, args, strict=False)) | kwargs
    asked = [said.get(name) for name in _BAG_ARGUMENTS if name not in ("mode", "norm_type")]
    plain = all(one is None or one is False for one in asked)
    if input.dim() != 2 or offsets is not None or not plain:
        return F.embedding_bag(input, weight, offsets, *args, **kwargs)
    found_BTE = F.embedding(input, weight)
    match said.get("mode", "mean"):
        case "sum":
            return found_BTE.sum(1)
        case "mean":
            return found_BTE.mean(1)
        case _:
            return found_BTE.amax(1)


_BAG_ARGUMENTS = ("max_norm", "norm_type", "scale_grad_by_freq", "mode", "sparse", "per_sample_weights", "include_last_offset", "padding_idx")  # fmt: skip
_SPELLED: dict[Any, Callable[..., Any]] = {
    torch._transformer_encoder_layer_fwd: _encoder_layer,
    F.embedding_bag: _embedding_bag,
}
