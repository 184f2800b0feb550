"""Rows of a table. Legend: T tokens in batch, V vocabulary, C hidden."""

from torch import Tensor
from torch.nn import functional

from aweigh.kernels.weight import Weight, tensor_of


def embedding(ids_T: Tensor, table_VC: Weight) -> Tensor:
    """See `Kernels.embedding`."""
    return functional.embedding(ids_T, tensor_of(table_VC))
