"""The ring buffer of samples: every record is found, whole, wherever it lies, and no bytes can harm the reader."""

import mmap
import struct

from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.statistics.samples import Lost, Sample, drain, parse

PAGE = mmap.PAGESIZE
HEAD, TAIL, OFFSET, SIZE = 1024, 1032, 1040, 1048


def sample(number: int) -> bytes:
    return struct.pack("=IHHQIIQQ", 9, 2, 40, 1000 + number, 7, 8, number * 10**9, 4096 * number)


def lost(count: int) -> bytes:
    return struct.pack("=IHHQQ", 2, 0, 24, 1, count)


class Kernel:
    """The side that writes: a control page and data of `size` bytes, both as the kernel lays them out."""

    def __init__(self, size: int, modern: bool = True) -> None:
        self.ring = bytearray(PAGE + size)
        self.size = size
        if modern:
            struct.pack_into("=QQ", self.ring, OFFSET, PAGE, size)

    def write(self, data: bytes) -> None:
        (head,) = struct.unpack_from("=Q", self.ring, HEAD)
        for byte in data:
            self.ring[PAGE + head % self.size] = byte
            head += 1
        struct.pack_into("=Q", self.ring, HEAD, head)

    def read(self) -> list[Sample | Lost]:
        return list(parse(drain(memoryview(self.ring), PAGE)))

    @property
    def room(self) -> int:
        head, tail = struct.unpack_from("=QQ", self.ring, HEAD)
        return self.size - int(head - tail)


def test_samples_say_who_when_and_where() -> None:
    kernel = Kernel(PAGE)
    kernel.write(sample(3))
    assert kernel.read() == [Sample(instruction=1003, thread=8, time=3.0, address=3 * 4096)]
    assert kernel.read() == [] and kernel.room == PAGE


@given(st.lists(st.integers(1, 100), min_size=1, max_size=40))
def test_nothing_is_lost_or_doubled_over_the_end(batches: list[int]) -> None:
    kernel = Kernel(4096)
    written = 0
    for batch in batches:
        kernel.write(b"".join(sample(number) for number in range(written, written + batch)))
        found = kernel.read()
        assert [item.address // 4096 for item in found if isinstance(item, Sample)] == list(
            range(written, written + batch)
        )
        written += batch


def test_a_full_ring_is_read_whole() -> None:
    kernel = Kernel(4000)
    kernel.write(b"".join(map(sample, range(30))))
    kernel.read()
    kernel.write(b"".join(map(sample, range(100))))
    assert len(kernel.read()) == 100


def test_kernels_that_do_not_say_where_data_lies() -> None:
    kernel = Kernel(PAGE, modern=False)
    kernel.write(sample(1))
    assert len(kernel.read()) == 1


def test_lost_samples_are_counted() -> None:
    data = sample(1) + lost(17) + struct.pack("=IHHQ", 13, 0, 16, 5) + sample(2)
    found = list(parse(data))
    assert [item.samples for item in found if isinstance(item, Lost)] == [17, 5]
    assert sum(isinstance(item, Sample) for item in found) == 2


def test_other_records_are_passed_over() -> None:
    assert len(list(parse(struct.pack("=IHHQ", 3, 0, 16, 0) + sample(1)))) == 1


def test_a_size_that_cannot_be_ends_the_batch() -> None:
    for size in (0, 4, 12, 48, 65535):
        assert list(parse(struct.pack("=IHH", 9, 0, size) + bytes(32))) == [Lost(1)]
    assert list(parse(sample(1)[:20])) == [Lost(1)]
    assert list(parse(struct.pack("=IHHQ", 9, 0, 16, 0))) == [Lost(1)], "a sample that is too short for its fields"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_an_end(data: bytes) -> None:
    assert len(list(parse(data))) <= len(data) // 8 + 1


@given(st.binary(min_size=32, max_size=32))
def test_any_control_page_is_read_within_bounds(control: bytes) -> None:
    ring = bytearray(2 * PAGE)
    ring[HEAD : HEAD + 32] = control
    assert len(drain(memoryview(ring), PAGE)) <= PAGE
    assert ring[HEAD : HEAD + 8] == ring[TAIL : TAIL + 8], "what was read, or could not be, is the kernel's again"
