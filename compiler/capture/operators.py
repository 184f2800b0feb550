"""The opaque operators that capture leaves in the exported graph, in torch's namespace ``aweigh``.

Legend: T tokens, H query heads, K key/value heads, D key size, E value size, N tokens flat, A experts per token, X experts,
C hidden, I intermediate, O outputs, W width of a convolution, G groups of heads.

They have a meaning but no kernel: an engine runs them, export only needs their shapes. `register_fake` covers the `meta` and the
fake device; a call with real tensors raises NotImplementedError.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

_LIBRARY = torch.library.Library("aweigh", "DEF")  # type: ignore[no-untyped-call]
_define: Callable[[str], None] = _LIBRARY.define
_fake: Callable[[str], Callable[[Any], Any]] = partial(torch.library.register_fake, lib=_LIBRARY)

_define(
    "mask(Tensor like, SymInt rows, SymInt columns, Tensor? visible=None, *, int? window, int? chunk, bool causal) -> Tensor",
)
_define(
    "attend(Tensor query, Tensor key, Tensor value, Tensor? mask, Tensor? sinks, Tensor? slopes, Tensor? selection, Tensor? bias, "
    "Tensor? relative, *, int layer, float scale, int? window, int? chunk, float? softcap, bool causal) -> Tensor",
)
_define(
    "varlen_attend(Tensor query, Tensor key, Tensor value, Tensor? visible, *, float scale, int? window, bool floor) -> Tensor",
)
_define("running_count(Tensor x, Tensor starts) -> Tensor")
_define("row_sum(Tensor x, Tensor positions, Tensor rows) -> Tensor")
_define(
    "cross_attend(Tensor query, *, int layer, int heads, int value_size, float scale, float? softcap) -> Tensor",
)
_define(
    "experts(Tensor x, Tensor indices, Tensor weights, Tensor gate_up, Tensor down, Tensor? gate_up_bias, Tensor? down_bias, *, "
    "str activation, bool transposed, bool interleaved, float? limit, float? alpha) -> Tensor",
)
_define(
    "select(Tensor query, Tensor key, Tensor? weights, *, int layer, int count, float scale, int block) -> Tensor",
)
_define("selected(Tensor selection, SymInt columns) -> Tensor")
_define("spread(Tensor relative, SymInt columns) -> Tensor")
_define("causal_conv(Tensor x, Tensor weight, Tensor? bias, *, int layer, int groups) -> Tensor")
_define(
    "scan(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor? rate, Tensor? beta, *, int layer, bool delta) -> Tensor"
)
_define(
    "log_scan(Tensor query, Tensor key, Tensor value, Tensor decay, Tensor gain, *, int layer, float? start, bool exclusive) -> (Tensor, Tensor)"
)
_define("begin(Tensor[] inputs, Tensor[] weights, *, int number) -> Tensor[]")
_define("end(Tensor[] outputs, *, int number) -> Tensor[]")
_define("again(Tensor[] inputs, Tensor[] weights, int count, *, int number) -> Tensor[]")

OUTPUTS: dict[int, list[Tensor]] = {}
"""What the traced call of each number returned, while a capture lasts: `again` returns the like."""


@_fake("aweigh::begin")
def _begin(inputs: list[Tensor], weights: list[Tensor], *, number: int) -> list[Tensor]:
    return list(map(_like, inputs))


@_fake("aweigh::end")
def _end(outputs: list[Tensor], *, number: int) -> list[Tensor]:
    return list(map(_like, outputs))


@_fake("aweigh::again")
def _again(inputs: list[Tensor], weights: list[Tensor], count: int, *, number: int) -> list[Tensor]:
    return list(map(_like, OUTPUTS[number]))


def _like(tensor: Tensor) -> Tensor:
    return torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype)


@_fake("aweigh::mask")
def _mask(
    like: Tensor,
    rows: int,
    columns: int,
    visible_1T: Tensor | None = None,
    *,
    window: int | None,
    chunk: int | None,
    causal: bool,
) -> Tensor:
    return like.new_empty((1, 1, rows, columns))


@_fake("aweigh::attend")
def _attend(
    query_1HTD: Tensor,
    key_1KTD: Tensor,
    value_1KTE: Tensor,
    mask: Tensor | None,
    sinks_H: Tensor | None,
    slopes_H: Tensor | None,
    selection_1TN: Tensor | None,
    bias: Tensor | None,
    relative_1HTR: Tensor | None,
    *,
    layer: int,
    scale: float,
    window: int | None,
    chunk: int | None,
    softcap: float | None,
    causal: bool,
) -> Tensor:
    batch, heads, tokens, _ = query_1HTD.shape
    return query_1HTD.new_empty((batch, tokens, heads, value_1KTE.shape[-1]))


@_fake("aweigh::varlen_attend")
def _varlen_attend(
    query_1HTD: Tensor,
    key_1KTD: Tensor,
    value_1KTE: Tensor,
    visible_1T: Tensor | None,
    *,
    scale: float,
    window: int | None,
    floor: bool,
) -> Tensor:
    batch, heads, tokens, _ = query_1HTD.shape
    return query_1HTD.new_empty((batch, tokens, heads, value_1KTE.shape[-1]))


@_fake("aweigh::running_count")
def _running_count(x_1T: Tensor, starts_1T: Tensor) -> Tensor:
    return x_1T.new_empty(x_1T.shape, dtype=torch.int64)


@_fake("aweigh::row_sum")
def _row_sum(x_1T: Tensor, positions_1T: Tensor, rows_R: Tensor) -> Tensor:
    return x_1T.new_empty((rows_R.shape[0], *x_1T.shape[2:]))


@_fake("aweigh::select")
def _select(
    query_1THD: Tensor,
    key_1TD: Tensor,
    weights_1TH: Tensor | None,
    *,
    layer: int,
    count: int,
    scale: float,
    block: int,
) -> Tensor:
    return query_1THD.new_empty((1, query_1THD.shape[1], count * block + block - 1), dtype=torch.int32)


@_fake("aweigh::selected")
def _selected(selection_1TN: Tensor, columns: int) -> Tensor:
    return selection_1TN.new_empty((1, 1, selection_1TN.shape[1], columns), dtype=torch.bool)


@_fake("aweigh::cross_attend")
def _cross_attend(
    query_1HTD: Tensor, *, layer: int, heads: int, value_size: int, scale: float, softcap: float | None
) -> Tensor:
    batch, queries, tokens, _ = query_1HTD.shape
    return query_1HTD.new_empty((batch, tokens, queries, value_size))


@_fake("aweigh::spread")
def _spread(relative_1HTR: Tensor, columns: int) -> Tensor:
    return relative_1HTR.new_empty((*relative_1HTR.shape[:3], columns))


@_fake("aweigh::causal_conv")
def _causal_conv(x_1CT: Tensor, weight_OSW: Tensor, bias_O: Tensor | None, *, layer: int, groups: int) -> Tensor:
    return x_1CT.new_empty((1, weight_OSW.shape[0], x_1CT.shape[2]))


@_fake("aweigh::scan")
def _scan(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    rate_HD: Tensor | None,
    beta_1TH: Tensor | None,
    *,
    layer: int,
    delta: bool,
) -> Tensor:
    return value_1THE.new_empty(value_1THE.shape)


@_fake("aweigh::log_scan")
def _log_scan(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    gain_1TH: Tensor,
    *,
    layer: int,
    start: float | None,
    exclusive: bool,
) -> tuple[Tensor, Tensor]:
    return value_1THE.new_empty(value_1THE.shape), gain_1TH.new_empty(gain_1TH.shape, dtype=torch.float32)


@_fake("aweigh::experts")
def _experts(
    x_NC: Tensor,
    indices_NA: Tensor,
    weights_NA: Tensor,
    gate_up: Tensor,
    down: Tensor,
    gate_up_bias: Tensor | None,
    down_bias: Tensor | None,
    *,
    activation: str,
    transposed: bool,
    interleaved: bool,
    limit: float | None,
    alpha: float | None,
) -> Tensor:
    return torch.empty_like(x_NC)
