"""Low-bit weights in plain torch: what their bytes mean. `aweigh.proto.low_bit` says how they are packed and why.

Legend: O output features, C input features, P panels of 64 outputs, B blocks of 8 columns, U bytes of a block, G groups of columns.
"""

import torch
from torch import Tensor

PANEL, BLOCK = 64, 8
BITS = {"int4": 4, "int8": 8, "fp8": 8}
_SIXTEENS = PANEL // 16


def columns_of(packed_PBU: Tensor) -> int:
    """C of a packed weight."""
    return packed_PBU.shape[1] * BLOCK


def dequantize(
    packed_PBU: Tensor, scales_PG: Tensor, zeros_PG: Tensor | None, *, kind: str, outputs: int, dtype: torch.dtype
) -> Tensor:
    """The weight [O, C] in `dtype`: (code - zero) * scale in float64, rounded once.

    Args:
        packed_PBU: uint8. scales_PG, zeros_PG: [P, G, 64], floats. kind: "int4", "int8" or "fp8".
    """
    codes_PCO = codes(packed_PBU, kind).double()
    groups = scales_PG.shape[1]
    codes_PGCO = codes_PCO.view(packed_PBU.shape[0], groups, columns_of(packed_PBU) // max(groups, 1), PANEL)
    if zeros_PG is not None:
        codes_PGCO = codes_PGCO - zeros_PG.double().unsqueeze(2)
    values_PGCO = codes_PGCO * scales_PG.double().unsqueeze(2)
    return values_PGCO.permute(0, 3, 1, 2).reshape(-1, columns_of(packed_PBU))[:outputs].to(dtype).contiguous()


def codes(packed_PBU: Tensor, kind: str) -> Tensor:
    """The codes of a packed weight, [P, C, 64], int8 or (fp8) float8_e4m3fn."""
    panels, blocks = packed_PBU.shape[:2]
    if kind == "int4":
        words = packed_PBU.view(panels, blocks, _SIXTEENS, 16, 2, 2)  # ... column's parity, half of the other bits
        both = (
            torch.stack((words & 15, words >> 4), -1).view(torch.int8) - 8
        )  # [P, B, sixteen, output, j, k's high bit, k's low bit]
        return both.permute(0, 1, 5, 6, 4, 2, 3).reshape(panels, blocks * BLOCK, PANEL)
    dtype = torch.float8_e4m3fn if kind == "fp8" else torch.int8
    pairs = packed_PBU.view(panels, blocks, BLOCK // 2, _SIXTEENS, 2, 16)
    return pairs.permute(0, 1, 2, 4, 3, 5).reshape(panels, blocks * BLOCK, PANEL).view(dtype)
