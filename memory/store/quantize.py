"""From the rows of a weight to codes of few bits with scales, and to bytes as kernels stream them (`aweigh.proto.low_bit` has the layout).

Legend: R rows (outputs) of a panel, 64; C columns (inputs); G groups; W columns of a group; S scales that are tried.

Rounding to nearest, without calibration. The scale of a group is the one among some that leaves the least squared error: those that map the number
of the largest size to the end of the codes, less and less far, which cuts that number off and makes all others finer; then, per group, the best
scale for the codes that came out (least squares), as often as that helps. Codes of 4 bits go from -8 to 7, so the scale has the sign
that gives the largest number the -8. What is tried is rounded to the dtype of scales first, so that rounding costs nothing later.

torch is imported when something is quantised: a plain publish needs none.
"""

from typing import TYPE_CHECKING

from aweigh.proto.low_bit import BLOCK, PANEL, Packing

if TYPE_CHECKING:
    from torch import Tensor

_SHRUNK = {"int4": (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7), "int8": (1.0, 0.98, 0.95), "fp8": (1.0,)}
_ENDS = {"int4": -8.0, "int8": 127.0, "fp8": 448.0}
_ROUNDS = 2


def quantize(rows_RC: "Tensor", packing: Packing) -> "tuple[Tensor, Tensor]":
    """Codes [R, C] (int8, or float8_e4m3fn) and scales [R, G] of some rows of floats. NaN has no code; it becomes one at will."""
    import torch

    groups_RGW = rows_RC.float().view(rows_RC.shape[0], -1, packing.group)
    scale = getattr(torch, packing.scale.torch_name)
    at = groups_RGW.abs().argmax(-1, keepdim=True)
    largest_RG = groups_RGW.gather(-1, at).squeeze(-1)
    if packing.kind != "int4":
        largest_RG = largest_RG.abs()
    best_RG = torch.zeros_like(largest_RG)
    error_RG = torch.full_like(largest_RG, float("inf"))

    def attempt(scales_RG: "Tensor") -> "Tensor":
        nonlocal best_RG, error_RG
        rounded_RG = scales_RG.to(scale).float()
        codes_RGW = _codes(groups_RGW, rounded_RG, packing.kind)
        error = (codes_RGW * rounded_RG.unsqueeze(-1) - groups_RGW).square_().sum(-1)
        better_RG = error < error_RG
        best_RG, error_RG = torch.where(better_RG, rounded_RG, best_RG), torch.where(better_RG, error, error_RG)
        return codes_RGW

    for shrunk in _SHRUNK[packing.kind]:
        attempt(largest_RG * (shrunk / _ENDS[packing.kind]))
    if packing.kind != "fp8":
        for _ in range(_ROUNDS):
            codes_RGW = _codes(groups_RGW, best_RG, packing.kind)
            weight = codes_RGW.square().sum(-1).clamp_min_(1.0)
            attempt((codes_RGW * groups_RGW).sum(-1) / weight)
    codes = _codes(groups_RGW, best_RG, packing.kind).view(rows_RC.shape)
    return codes.to(torch.float8_e4m3fn if packing.kind == "fp8" else torch.int8), best_RG.to(scale)


def _codes(groups_RGW: "Tensor", scales_RG: "Tensor", kind: str) -> "Tensor":
    """As float32, of a whole value each."""
    import torch

    inverse_RG = torch.where(scales_RG == 0, 0.0, 1.0 / scales_RG)
    scaled = torch.nan_to_num_(groups_RGW * inverse_RG.unsqueeze(-1), nan=0.0)
    if kind == "fp8":
        return scaled.clamp_(-448.0, 448.0).to(torch.float8_e4m3fn).float()
    low, high = (-8.0, 7.0) if kind == "int4" else (-127.0, 127.0)
    return scaled.round_().clamp_(low, high)


def pack(codes_RC: "Tensor", kind: str) -> "Tensor":
    """The bytes of a panel, uint8 [B, bytes of a block], of the codes of at most 64 rows; rows that lack are zero."""
    import torch

    codes = codes_RC.view(torch.int8)
    if len(codes) < PANEL:
        codes = torch.nn.functional.pad(codes, (0, 0, 0, PANEL - len(codes)))
    blocks = codes.shape[1] // BLOCK
    if kind != "int4":
        pairs = codes.view(PANEL // 16, 16, blocks, BLOCK // 2, 2)
        return pairs.permute(2, 3, 0, 4, 1).reshape(blocks, -1).view(torch.uint8)
    nibbles = (codes + 8).view(torch.uint8).view(PANEL // 16, 16, blocks, 2, 2, 2)  # k's high bit, k's low bit, j
    placed = nibbles.permute(2, 0, 1, 5, 3, 4)  # block, sixteen, output, j, k's high bit, k's low bit
    return (placed[..., 0] | (placed[..., 1] << 4)).reshape(blocks, -1)


def pack_scales(scales_RG: "Tensor") -> "Tensor":
    """The scales of a panel, [G, 64], of those of at most 64 rows; rows that lack are zero."""
    import torch

    return torch.nn.functional.pad(scales_RG.t(), (0, PANEL - len(scales_RG))).contiguous()
