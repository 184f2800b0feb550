"""Our mask function: what transformers builds as a tensor becomes one opaque `aweigh::mask` that says what it means.

transformers composes a mask from small closures (`and_masks(sliding_window_overlay(w), causal_mask_function)`) and hands the
composition to the mask function of the attention implementation. We read the composition by walking the closures, so that a
model which says its window only through the mask is still understood. Overlays for packed sequences are dropped: `attend` knows the
sequence of every token. What is not recognised is refused by name; nothing is guessed.
Rejected: evaluating the composition on a grid of positions, which cannot tell a long window from none.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.fx.experimental.proxy_tensor import get_proxy_mode, get_proxy_slot

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.compiler.capture.dense import padding_mask
from aweigh.compiler.capture.filled import filled_with
from aweigh.compiler.capture.fold_masks import MASK, source
from aweigh.compiler.capture.mask_kind import MaskKind
from aweigh.compiler.capture.sides import Side, current
from aweigh.proto.errors import UnsupportedModel


def _cells(function: Callable[..., Any]) -> dict[str, Any]:
    code = function.__code__
    return {name: cell.cell_contents for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True)}


def _leaves(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    cells = _cells(function)
    match function.__qualname__.split(".")[0]:
        case "and_masks":
            for part in cells["mask_functions"]:
                yield from _leaves(part)
        case "add_offsets_to_mask_function" | "remap_positions_for_packed_sequence":
            yield from _leaves(cells["mask_function"])
        case "or_masks":
            parts = [part for part in cells["mask_functions"] if not _never(part)]
            if len(parts) != 1:
                yield function
            else:
                yield from _leaves(parts[0])
        case "packed_sequence_mask_function" | "padding_mask_function":
            return
        case _:
            yield function


def _never(function: Callable[..., Any]) -> bool:
    """Whether a part of a union lets nothing through: blocks of images, where every token is said to be in none (-1)."""
    if function.__qualname__.split(".")[0] != "blockwise_overlay":
        return False
    block = traced_number(_cells(function)["block_sequence_ids"])
    return block is not None and block < 0


def traced_number(tensor: torch.Tensor) -> float | None:
    """Returns the number that a tensor of the export in progress is filled with; None if it is not known to be so filled."""
    mode = get_proxy_mode()
    slot = None if mode is None else get_proxy_slot(tensor, mode.tracer, None)
    return None if slot is None else filled_with(slot.proxy.node)


def traced_mask(tensor: torch.Tensor) -> MaskKind | None:
    """Returns what a mask of the export in progress means, if it is one of ours or a view of it."""
    mode = get_proxy_mode()
    slot = None if mode is None else get_proxy_slot(tensor, mode.tracer, None)
    node = None if slot is None else source(slot.proxy.node)
    if node is None or node.target != MASK:
        return None
    said: dict[str, Any] = dict(node.kwargs)
    return MaskKind(bool(said["causal"]), said["window"], said["chunk"])


def recognise(function: Callable[..., Any]) -> MaskKind:
    """Returns what a composed mask function of transformers means.

    Raises:
        UnsupportedModel: a part of it is none of the known closures.
    """
    causal, window, chunk = False, None, None
    for leaf in _leaves(function):
        match leaf.__qualname__.split(".")[0]:
            case "causal_mask_function":
                causal = True
            case "bidirectional_mask_function":
                pass
            case "sliding_window_overlay":
                window = int(_cells(leaf)["sliding_window"])
            case "sliding_window_bidirectional_overlay" if current() is Side.RAGGED:
                window = int(_cells(leaf)["sliding_window"])
            case "chunked_overlay":
                chunk = int(_cells(leaf)["chunk_size"])
            case name:
                raise UnsupportedModel(f"The mask function {name!r} has no counterpart in paged attention.")
    return MaskKind(causal, window, chunk)


def mask(
    batch_size: int,
    q_length: int,
    kv_length: int,
    q_offset: int = 0,
    kv_offset: int = 0,
    mask_function: Callable[..., Any] | None = None,
    attention_mask: torch.Tensor | None = None,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
    **kwargs: Any,
) -> torch.Tensor | None:
    """The mask function of our attention implementation. Returns None where all is seen in an encoder, else an opaque [1, 1, q_length, kv_length] of `dtype`, meant additively."""
    assert mask_function is not None
    kind = recognise(mask_function)
    if current() is Side.ENCODER:
        return padding_mask(kind, attention_mask, dtype)
    like = torch.empty((), dtype=dtype, device=device)
    visible = attention_mask if current() is Side.RAGGED else None
    result: torch.Tensor = torch.ops.aweigh.mask(
        like, q_length, kv_length, visible, window=kind.window, chunk=kind.chunk, causal=kind.causal
    )
    return result
