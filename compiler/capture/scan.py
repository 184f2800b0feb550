"""The definition of `aweigh::scan` on real tensors, for whoever compares a recurrence of modelling code with ours.

Legend: T tokens, G groups of heads, H heads, D rows of the state, E columns of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch import Tensor

from aweigh.compiler.capture.counter import next_layer

_DEFINED: ContextVar[bool] = ContextVar("defined", default=False)


@contextmanager
def defined() -> Iterator[None]:
    """Inside, `scan` and its like compute instead of leaving an opaque operator."""
    token = _DEFINED.set(True)
    try:
        yield
    finally:
        _DEFINED.reset(token)


def is_defined() -> bool:
    """Whether operators compute."""
    return _DEFINED.get()


def scan(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    rate_HD: Tensor | None = None,
    beta_1TH: Tensor | None = None,
    *,
    delta: bool = False,
) -> Tensor:
    """See `scan` of `aweigh.proto.ops`."""
    if _DEFINED.get():
        return definition(query_1TGD, key_1TGD, value_1THE, decay_1TH, rate_HD, beta_1TH, delta=delta)
    out: Tensor = torch.ops.aweigh.scan(
        query_1TGD, key_1TGD, value_1THE, decay_1TH, rate_HD, beta_1TH, layer=next_layer(), delta=delta
    )
    return out


def definition(
    query_1TGD: Tensor,
    key_1TGD: Tensor,
    value_1THE: Tensor,
    decay_1TH: Tensor,
    rate_HD: Tensor | None = None,
    beta_1TH: Tensor | None = None,
    *,
    delta: bool = False,
) -> Tensor:
    """The recurrence, token by token, of one sequence from its start."""
    heads = value_1THE.shape[2]
    query_THD, key_THD = (x[0].repeat_interleave(heads // x.shape[2], 1) for x in (query_1TGD, key_1TGD))
    decay_THD = decay_1TH[0] if decay_1TH.dim() == 4 else decay_1TH[0, :, :, None]
    if rate_HD is not None:
        decay_THD = decay_THD * rate_HD
    state_HDE = value_1THE.new_zeros((heads, query_THD.shape[2], value_1THE.shape[3]))
    outs = []
    for token in range(value_1THE.shape[1]):
        state_HDE = state_HDE * decay_THD[token].exp()[..., None]
        added_HE = value_1THE[0, token]
        if delta:
            added_HE = added_HE - torch.einsum("hde,hd->he", state_HDE, key_THD[token])
        if beta_1TH is not None:
            added_HE = added_HE * beta_1TH[0, token][:, None]
        state_HDE = state_HDE + key_THD[token][..., None] * added_HE[:, None]
        outs.append(torch.einsum("hde,hd->he", state_HDE, query_THD[token]))
    return torch.stack(outs)[None]
