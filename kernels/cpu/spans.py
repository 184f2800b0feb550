"""What records of a tape read and write, as ranges of addresses: whether one has to wait for another."""

from collections.abc import Sequence

from torch import Tensor

Span = tuple[int, int]


def span_of(tensor: Tensor) -> Span:
    """From the first byte of a tensor to behind its last one."""
    start = tensor.data_ptr()
    last = sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride(), strict=True))
    return start, start + (last + 1) * tensor.itemsize


def meet(spans: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether some byte lies in one of either."""
    return any(first < end and start < last for first, last in spans for start, end in others)
