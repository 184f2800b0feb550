"""The kernel's ring buffer of samples, read as bytes. Written after perf_event_open(2) and include/uapi/linux/perf_event.h.

Records lie one behind the other, each with a header (type, flags, size) and a size of whole 8 bytes, and run over the end of the
buffer to its beginning. Only two kinds are asked for: samples, and the number of samples that found no room. A record whose size
cannot be, or that runs out of what was written, ends the reading of its batch: nothing behind it can be trusted, and it counts as lost.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

IP, TID, TIME, ADDRESS = 1 << 0, 1 << 1, 1 << 2, 1 << 3
SAMPLE_TYPE = IP | TID | TIME | ADDRESS
_LOST, _SAMPLE, _LOST_SAMPLES = 2, 9, 13
_HEADER = struct.Struct("=IHH")  # type, flags, size
_BODY = struct.Struct("=QIIQQ")  # instruction, process, thread, nanoseconds, address
_COUNT = struct.Struct("=QQ")  # id, samples that were lost
_ONE = struct.Struct("=Q")
_CONTROL = struct.Struct("@Q")  # native: one load, one store, where "=" goes byte by byte
_HEAD, _TAIL, _OFFSET, _SIZE = (
    1024,
    1032,
    1040,
    1048,
)  # of perf_event_mmap_page: data_head, data_tail, data_offset, data_size


class Sample(NamedTuple):
    """One access: who (`instruction`, `thread`), when (`time`, seconds of CLOCK_MONOTONIC) and where (`address`)."""

    instruction: int
    thread: int
    time: float
    address: int


@dataclass(frozen=True, slots=True)
class Lost:
    """So many samples found no room, or could not be read."""

    samples: int


def parse(data: memoryview | bytes) -> Iterator[Sample | Lost]:
    """The samples of a run of records. Never raises, whatever the bytes are."""
    position, end = 0, len(data)
    while position < end:
        if end - position < _HEADER.size:
            yield Lost(1)
            return
        kind, _, size = _HEADER.unpack_from(data, position)
        if size < _HEADER.size or size % 8 or size > end - position:
            yield Lost(1)
            return
        room = size - _HEADER.size
        if kind == _SAMPLE and room >= _BODY.size:
            instruction, _, thread, nanoseconds, address = _BODY.unpack_from(data, position + _HEADER.size)
            yield Sample(instruction, thread, nanoseconds / 1e9, address)
        elif kind == _LOST and room >= _COUNT.size:
            yield Lost(_COUNT.unpack_from(data, position + _HEADER.size)[1])
        elif kind == _LOST_SAMPLES and room >= _ONE.size:
            yield Lost(_ONE.unpack_from(data, position + _HEADER.size)[0])
        elif kind in (_SAMPLE, _LOST, _LOST_SAMPLES):
            yield Lost(1)
        position += size


def drain(ring: memoryview, page: int) -> bytes:
    """Takes what was written since the last call out of a mapped ring, and says to the kernel that its room is free.

    Args:
        ring: uint8 [1 + 2^n pages], writable: the control page, then the data.
        page: bytes of a page.

    On x86 a load of the head orders the loads behind it, and what the interpreter does between two of its operations is far more
    than the barrier that other processors want.
    """
    head, tail, offset, size = (_CONTROL.unpack_from(ring, at)[0] for at in (_HEAD, _TAIL, _OFFSET, _SIZE))
    if not size:  # kernels before 4.1 leave both out
        offset, size = page, len(ring) - page
    if offset + size > len(ring) or head - tail > size or head < tail:
        _CONTROL.pack_into(ring, _TAIL, head)
        return b""
    begin, stop = tail % size, head % size
    whole = ring[offset : offset + size]
    if head == tail:
        return b""
    data = bytes(whole[begin:stop]) if begin < stop else bytes(whole[begin:]) + bytes(whole[:stop])
    _CONTROL.pack_into(ring, _TAIL, head)
    return data
