"""What a device gives at most: bytes a second that a copy moves, and operations a second of a product of matrices by the vendor's library."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

RUNS = 15
COPIED = 1 << 30
SIDE = 8192


def timed(call: Callable[[], object], device: torch.device) -> list[float]:
    """Seconds of each of RUNS calls, after two that do not count. On a card the cache is cleared before each, and events of its own clock tell."""
    if device.type != "cuda":
        return [_host(call) for _ in range(RUNS + 2)][2:]
    dirt = torch.empty(256 << 20, dtype=torch.int8, device=device)
    marks = [(_event(), _event()) for _ in range(RUNS + 2)]
    for begin, end in marks:
        dirt.zero_()
        begin.record()
        call()
        end.record()
    torch.cuda.synchronize(device)
    return [begin.elapsed_time(end) / 1e3 for begin, end in marks[2:]]


def _event() -> torch.cuda.Event:
    return torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]


def _host(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def copy_rates(device: torch.device, size: int = COPIED) -> list[float]:
    """Bytes a second that are read and written by copies of `size` bytes within the device."""
    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return [2 * size / seconds for seconds in timed(lambda: target.copy_(source), device)]


def matrix_rates(device: torch.device, dtype: torch.dtype, side: int = SIDE) -> list[float]:
    """Operations a second of a product of two square matrices."""
    a, b = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    return [2 * side**3 / seconds for seconds in timed(lambda: a @ b, device)]
