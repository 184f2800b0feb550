"""What the task of a low-bit projection is given: the table of `operands.py`, whose x is float32 or, for pairs, bfloat16, and per projection

address of the packed weight, columns of a group, address of b or 0, address of y [N, O] contiguous, O, address of the entry of the address
table for the packed weight or 0, for b or 0, 0: how many parts of its outputs were taken,
address of scales, of their entry or 0, address of zeros or 0, of their entry or 0
"""

from typing import Any

from aweigh.kernels.cpu import builder as b
from aweigh.kernels.cpu.builder import Value
from aweigh.kernels.cpu.operands import Operand, address


class LowBitOperand(Operand):
    """One projection of the table, read."""

    FIELDS = 12

    def __init__(self, entry: Value, element: Any) -> None:
        super().__init__(entry, element)
        self.group = self.w_stride
        self.scales = address(entry, 8, 9)
        self.zeros = address(entry, 10, 11)
        self.taken = b.offset(entry, b.integer(7), b.integer_type())
