"""Attention within sequences that are in the batch as a whole: nothing is written, nothing is paged.

Legend: T tokens in batch, N sequences of one length side by side, L tokens of each, H query heads, K key/value heads, G = H / K, D key size,
E value size.

Neighbours of one length (the rows that one caller padded, say) are one call of torch's fused attention, others one call each. Which
neighbours there are shows in no bit: that routine treats sequence and head as one index of independent work. Whether there is a mask is
decided by the operands and not by what they hold, for the same reason.

Rejected: one call over [T, T] with a mask of blocks (work grows with the square of the batch), and padding all to the longest (the rows
of a short text would pay for a long neighbour).
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional

from aweigh.kernels.ragged import Ragged


def varlen_attend(
    query_THD: Tensor,
    key_TKD: Tensor,
    value_TKE: Tensor,
    ragged: Ragged,
    *,
    scale: float,
    window: int | None = None,
    visible_T: Tensor | None = None,
    floor: bool = False,
) -> Tensor:
    """See `Kernels.varlen_attend`."""
    group = query_THD.shape[1] // key_TKD.shape[1]
    if group > 1:
        key_TKD, value_TKE = (part.repeat_interleave(group, dim=1) for part in (key_TKD, value_TKE))
    outs = []
    for start, count, length in _runs(ragged):
        stop = start + count * length
        query_NHLD, key_NHLD, value_NHLE = (
            part[start:stop].view(count, length, *part.shape[1:]).transpose(1, 2)
            for part in (query_THD, key_TKD, value_TKE)
        )
        bias = _bias(ragged, start, count, length, window, visible_T, query_THD.dtype if floor else None)
        out_NHLE = functional.scaled_dot_product_attention(
            query_NHLD, key_NHLD, value_NHLE, attn_mask=bias, scale=scale
        )
        outs.append(out_NHLE.transpose(1, 2).flatten(0, 1))
    if len(outs) == 1:
        return outs[0]
    return torch.cat(outs) if outs else query_THD.new_empty((0, query_THD.shape[1], value_TKE.shape[2]))


def _runs(ragged: Ragged) -> Iterator[tuple[int, int, int]]:
    """First token, number of sequences and their length, of neighbours that are equally long; empty sequences have no neighbours."""
    begin = end = count = length = 0
    for start, stop in zip(ragged.query_starts, ragged.query_starts[1:], strict=False):
        if stop - start == length and count:
            count, end = count + 1, stop
            continue
        if end > begin:
            yield begin, count, length
        begin, end, count, length = start, stop, 1, stop - start
    if end > begin:
        yield begin, count, length


def _bias(
    ragged: Ragged,
    start: int,
    count: int,
    length: int,
    window: int | None,
    visible_T: Tensor | None,
    floor: torch.dtype | None,
) -> Tensor | None:
    """What hides keys, [N or 1, 1, L or 1, L]: true where one is seen, or numbers of the dtype `floor`. Made once per step."""
    reach = None if window is None or window >= length - 1 else window
    if reach is None and visible_T is None:
        return None
    key = ("varlen", start, count, length, reach, id(visible_T), floor)
    if key not in ragged.scratch:
        device = ragged.query_starts_S1.device
        seen = torch.ones((1, 1, 1, length), dtype=torch.bool, device=device)
        if reach is not None:
            place_L = torch.arange(length, device=device)
            seen = (place_L[:, None] - place_L).abs()[None, None] <= reach
        if visible_T is not None:
            seen = seen & (visible_T[start : start + count * length] != 0).view(count, 1, 1, length)
        bias = seen if floor is None else torch.where(seen, 0.0, torch.finfo(floor).min).to(floor)
        ragged.scratch[key] = bias, visible_T  # which is held, so that its id stays its own
    found: Tensor = ragged.scratch[key][0]
    return found
