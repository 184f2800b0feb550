"""The native master: MLIR compiled for this processor where that is faster, the reference for the rest. CPUs only."""

from collections.abc import Iterable
from functools import partial

import torch

from aweigh.kernels import mlir
from aweigh.kernels.base import Kernels, LowBitKind
from aweigh.kernels.cpu.attend import attend
from aweigh.kernels.cpu.attend import prepare as prepare_attention
from aweigh.kernels.cpu.best import best
from aweigh.kernels.cpu.best import prepare as prepare_best
from aweigh.kernels.cpu.choosing import softmax, topk
from aweigh.kernels.cpu.experts import experts
from aweigh.kernels.cpu.gate import activation, gated
from aweigh.kernels.cpu.gate import prepare as prepare_activations
from aweigh.kernels.cpu.layer_norm import add_layer_norm, layer_norm
from aweigh.kernels.cpu.layer_norm import prepare as prepare_layer_norms
from aweigh.kernels.cpu.linear import linear, merged_linear
from aweigh.kernels.cpu.linear import prepare as prepare_projections
from aweigh.kernels.cpu.low_bit_linear import prepare as prepare_low_bit
from aweigh.kernels.cpu.native import openmp
from aweigh.kernels.cpu.rms_norm import add_rms_norm, rms_norm
from aweigh.kernels.cpu.rms_norm import prepare as prepare_norms
from aweigh.kernels.cpu.rotary import prepare as prepare_rotations
from aweigh.kernels.cpu.rotary import rotary, rotary_pairs
from aweigh.kernels.cpu.tape import walker
from aweigh.kernels.cpu.write import prepare as prepare_writes
from aweigh.kernels.cpu.write import write_kv
from aweigh.kernels.reference import ReferenceKernels
from aweigh.kernels.reference.mlp import gated_mlp


class CpuKernels(ReferenceKernels):
    """`aweigh.kernels.base.Kernels` for CPUs."""

    name = "cpu"

    def prepare(self, dtypes: Iterable[torch.dtype], low_bit: Iterable[LowBitKind] = ()) -> None:
        """See `Kernels.prepare`: half a second per dtype, once per process."""
        for dtype in set(dtypes):
            prepare_attention(dtype)
            prepare_projections(dtype)
            prepare_norms(dtype)
            prepare_layer_norms(dtype)
            prepare_rotations(dtype)
            prepare_writes(dtype)
            prepare_activations(dtype)
            prepare_best(dtype)
        for matrix in set(low_bit):
            prepare_low_bit(matrix.dtype, matrix.kind, matrix.scale, has_zeros=matrix.has_zeros)
        walker()

    attend = staticmethod(attend)
    rms_norm = staticmethod(rms_norm)
    add_rms_norm = staticmethod(add_rms_norm)
    layer_norm = staticmethod(layer_norm)
    add_layer_norm = staticmethod(add_layer_norm)
    best = staticmethod(best)
    softmax = staticmethod(softmax)
    topk = staticmethod(topk)
    linear = staticmethod(linear)
    merged_linear = staticmethod(merged_linear)
    rotary = staticmethod(rotary)
    rotary_pairs = staticmethod(rotary_pairs)
    write_kv = staticmethod(write_kv)
    activation = staticmethod(activation)
    gated_mlp = staticmethod(partial(gated_mlp, products=merged_linear, between=gated))
    experts = staticmethod(experts)  # type: ignore[assignment]  # the reference's also takes how to project


def make() -> Kernels:
    """Returns the master.

    Raises:
        ModuleNotFoundError: no MLIR bindings, or no OpenMP runtime beside torch.
    """
    mlir.provider()
    openmp()
    return CpuKernels()
