"""The reference master: plain torch. The oracle of the other masters, and what today's CPU engine computes with."""

from collections.abc import Iterable

import torch

from aweigh.kernels.base import Kernels, LowBitKind
from aweigh.kernels.reference.activation import activation
from aweigh.kernels.reference.attention import attend
from aweigh.kernels.reference.best import best
from aweigh.kernels.reference.causal_conv import causal_conv
from aweigh.kernels.reference.choosing import softmax, topk
from aweigh.kernels.reference.dequantize import dequantize
from aweigh.kernels.reference.draw import draw
from aweigh.kernels.reference.embedding import embedding
from aweigh.kernels.reference.experts import experts
from aweigh.kernels.reference.linear import linear, merged_linear
from aweigh.kernels.reference.log_scan import log_scan
from aweigh.kernels.reference.mlp import gated_mlp
from aweigh.kernels.reference.norm import add, add_layer_norm, add_rms_norm, layer_norm, rms_norm
from aweigh.kernels.reference.rotary import rotary, rotary_pairs
from aweigh.kernels.reference.scan import scan
from aweigh.kernels.reference.select import select
from aweigh.kernels.reference.varlen import varlen_attend
from aweigh.kernels.reference.write import write_kv


class ReferenceKernels:
    """`aweigh.kernels.base.Kernels` in plain torch, on any device; tuned for one-token steps on a CPU."""

    name = "reference"

    def prepare(self, dtypes: Iterable[torch.dtype], low_bit: Iterable[LowBitKind] = ()) -> None:
        """There is nothing to compile."""

    write_kv = staticmethod(write_kv)
    attend = staticmethod(attend)
    varlen_attend = staticmethod(varlen_attend)
    select = staticmethod(select)
    causal_conv = staticmethod(causal_conv)
    scan = staticmethod(scan)
    log_scan = staticmethod(log_scan)
    rms_norm = staticmethod(rms_norm)
    add_rms_norm = staticmethod(add_rms_norm)
    layer_norm = staticmethod(layer_norm)
    add_layer_norm = staticmethod(add_layer_norm)
    add = staticmethod(add)
    rotary = staticmethod(rotary)
    rotary_pairs = staticmethod(rotary_pairs)
    embedding = staticmethod(embedding)
    dequantize = staticmethod(dequantize)
    best = staticmethod(best)
    softmax = staticmethod(softmax)
    topk = staticmethod(topk)
    linear = staticmethod(linear)
    merged_linear = staticmethod(merged_linear)
    activation = staticmethod(activation)
    gated_mlp = staticmethod(gated_mlp)
    experts = staticmethod(experts)
    draw = staticmethod(draw)


def make() -> Kernels:
    """Returns the master."""
    return ReferenceKernels()
