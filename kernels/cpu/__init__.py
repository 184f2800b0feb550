"""The native master: MLIR compiled for this processor where that is faster, the reference for the rest. CPUs only."""

from collections.abc import Iterable
from functools import partial

import torch

from aweigh.kernels import mlir
from aweigh.kernels.base import Kernels
from aweigh.kernels.cpu.linear import linear, merged_linear, prepare
from aweigh.kernels.cpu.native import openmp
from aweigh.kernels.reference import ReferenceKernels
from aweigh.kernels.reference.experts import experts
from aweigh.kernels.reference.mlp import gated_mlp


class CpuKernels(ReferenceKernels):
    """`aweigh.kernels.base.Kernels` for CPUs."""

    name = "cpu"

    def prepare(self, dtypes: Iterable[torch.dtype]) -> None:
        """See `Kernels.prepare`: a fifth of a second per dtype, once per process."""
        prepare(dtypes)

    linear = staticmethod(linear)
    merged_linear = staticmethod(merged_linear)
    gated_mlp = staticmethod(partial(gated_mlp, project=linear))
    experts = staticmethod(partial(experts, project=linear))


def make() -> Kernels:
    """Returns the master.

    Raises:
        ModuleNotFoundError: no MLIR bindings, or no OpenMP runtime beside torch.
    """
    mlir.provider()
    openmp()
    return CpuKernels()
