"""The address table: where kernels look up, at run time, the address of a weight or of a layer of KV. Legend: A entries.

Neither compiled code nor a captured graph holds an address, only the table's and an entry's number. Whoever moves bytes rewrites
the entry between two steps, and everything stays valid.
"""

import torch
from torch import Tensor


class AddressTable:
    """An int64 tensor in device memory, one entry per slot (or per side of a KV layer), of one model or one pool."""

    def __init__(self, entries: int, device: torch.device) -> None:
        self.addresses_A = torch.zeros(entries, dtype=torch.int64, device=device)
        self._tensors: list[Tensor | None] = [None] * entries

    def __len__(self) -> int:
        return len(self._tensors)

    def place(self, entry: int, tensor: Tensor) -> None:
        """Points an entry at a tensor on the table's device. Legal between two steps only."""
        assert tensor.device == self.addresses_A.device, "a table holds addresses of its own device"
        self._tensors[entry] = tensor
        self.addresses_A[entry] = tensor.data_ptr()

    def place_all(self, tensors: list[Tensor]) -> None:
        """`place` for every entry, with one copy to the device."""
        assert len(tensors) == len(self._tensors)
        self._tensors = list(tensors)
        self.addresses_A.copy_(torch.tensor([tensor.data_ptr() for tensor in tensors], dtype=torch.int64))

    def tensor(self, entry: int) -> Tensor:
        """The view at an entry; it has dtype, shape and strides, and is valid until the entry is placed anew."""
        tensor = self._tensors[entry]
        assert tensor is not None, "an entry is placed before it is used"
        return tensor

    def check_integrity(self) -> None:
        """Proves that the table on the device says what the views say."""
        placed = [0 if tensor is None else tensor.data_ptr() for tensor in self._tensors]
        assert self.addresses_A.tolist() == placed
