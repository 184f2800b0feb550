"""The Triton master: attention, paged and within a batch, KV write, norms, rotary embedding, gates, experts and products with weights of few bits on a
GPU; everything else is the reference, by composition.

With TRITON_INTERPRET=1 in the environment before Triton is imported, the same kernels run on CPU tensors, slowly.
"""

from collections.abc import Iterable
from functools import partial

import torch

from aweigh.kernels.base import Kernels, LowBitKind
from aweigh.kernels.reference.activation import activation
from aweigh.kernels.reference.causal_conv import causal_conv
from aweigh.kernels.reference.choosing import softmax, topk
from aweigh.kernels.reference.dequantize import dequantize
from aweigh.kernels.reference.embedding import embedding
from aweigh.kernels.reference.log_scan import log_scan
from aweigh.kernels.reference.mlp import gated_mlp
from aweigh.kernels.reference.norm import add
from aweigh.kernels.reference.scan import scan
from aweigh.kernels.reference.select import select
from aweigh.kernels.triton.attention import attend
from aweigh.kernels.triton.experts import experts
from aweigh.kernels.triton.gate import gated
from aweigh.kernels.triton.layer_norm import add_layer_norm, layer_norm
from aweigh.kernels.triton.linear import linear, merged_linear
from aweigh.kernels.triton.rms_norm import add_rms_norm, rms_norm
from aweigh.kernels.triton.rotary import rotary, rotary_pairs
from aweigh.kernels.triton.sample import best, draw
from aweigh.kernels.triton.varlen import varlen_attend
from aweigh.kernels.triton.write import write_kv


class TritonKernels:
    """`aweigh.kernels.base.Kernels`; the first block is Triton, the second torch."""

    name = "triton"

    def prepare(self, dtypes: Iterable[torch.dtype], low_bit: Iterable[LowBitKind] = ()) -> None:
        """Triton compiles a kernel per shape when it first meets it."""

    write_kv = staticmethod(write_kv)
    attend = staticmethod(attend)
    varlen_attend = staticmethod(varlen_attend)
    rms_norm = staticmethod(rms_norm)
    add_rms_norm = staticmethod(add_rms_norm)
    layer_norm = staticmethod(layer_norm)
    add_layer_norm = staticmethod(add_layer_norm)
    rotary = staticmethod(rotary)
    rotary_pairs = staticmethod(rotary_pairs)
    linear = staticmethod(linear)
    merged_linear = staticmethod(merged_linear)
    gated_mlp = staticmethod(partial(gated_mlp, products=merged_linear, between=gated))
    experts = staticmethod(experts)
    best = staticmethod(best)
    draw = staticmethod(draw)

    select = staticmethod(select)
    causal_conv = staticmethod(causal_conv)
    scan = staticmethod(scan)
    log_scan = staticmethod(log_scan)
    add = staticmethod(add)
    embedding = staticmethod(embedding)
    dequantize = staticmethod(dequantize)
    softmax = staticmethod(softmax)
    topk = staticmethod(topk)
    activation = staticmethod(activation)


def make() -> Kernels:
    """Returns the master."""
    return TritonKernels()
