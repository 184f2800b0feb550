"""A driver without a device: it keeps the books of the real one, and refuses what that refuses or what would be a fault on a card.

Its device memory is host memory that is really mapped and really moves (a memfd behind reserved addresses), so tensors over it are CPU tensors, contents
can be compared, and touching what is not mapped ends the process, as on a card it ends the context.
"""

import contextlib
import ctypes
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.core import FRAME_BYTES
from aweigh.memory.frames.driver import Access, DriverFailed
from aweigh.memory.frames.view import tensor_at

_SHARED_FIXED = 0x01 | 0x10
_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long)


class FakeDriver:
    """`aweigh.memory.frames.driver.Driver`. A test says when streams have done what they were told (`finish`), and which call fails (`fail`)."""

    def __init__(self, size: int = 1 << 30, granularity: int = 1 << 21, *, seals: bool = True) -> None:
        self.device = torch.device("cpu")
        self.granularity = granularity
        self.seals = seals
        self.many_at_once = True
        self.size = size
        self.used = 0
        self.calls: dict[str, int] = {}
        self.faults: list[str] = []  # what would have ended the context of a card
        self.slow: set[int] = set()  # streams that do nothing until `finish`
        self.torch_s = False  # what lies outside of all reserved addresses is memory of torch's, and may be touched
        self.lazy = False  # streams do what an event is behind when somebody waits for it, and nothing before
        self.stream_of: Callable[[], int] = lambda: 1
        self.pinned: dict[int, int] = {}
        self.most_pinned = 1 << 40
        self.ranges: dict[int, int] = {}
        self.mapped: dict[int, tuple[int, int]] = {}  # by address: size and handle
        self.access: dict[int, Access] = {}
        self.handles: dict[int, int] = {}
        self.events: dict[int, int] = {}  # by event: what its stream must have done
        self.streams: set[int] = {1}
        self._of: dict[int, int] = {}  # by event, its stream
        self._told: dict[int, int] = {}
        self._done: dict[int, int] = {}
        self._work: list[tuple[int, int, Callable[[], object]]] = []  # stream, number, copy that was not done yet
        self._reads: list[tuple[int, int, int, int]] = []  # stream, number, range that a kernel reads
        self._fails: dict[str, list[int]] = {}
        self._numbers = itertools.count(2)
        self._changed = threading.Condition(threading.RLock())
        self._file = os.memfd_create("device")
        self._end = 0

    # What a test says

    def fail(self, call: str, *numbers: int) -> None:
        """The n-th calls of a verb from now on fail: 1 is the next one."""
        self._fails[call] = [self.calls.get(call, 0) + number for number in numbers]

    def launch(self, stream: int, address: int, size: int) -> None:
        """A kernel that reads a range, on a stream."""
        with self._changed:
            self._touch("a kernel", address, size)
            self._reads.append((stream, self._tell(stream), address, size))
            self._proceed(stream)

    def finish(self, stream: int) -> None:
        """Has a stream do all that it was told, from now on at once."""
        with self._changed:
            self.slow.discard(stream)
            self._proceed(stream)

    def finish_all(self) -> None:
        for stream in list(self.slow):
            self.finish(stream)

    def check(self) -> None:
        """Proves that nothing happened that a card would not have survived."""
        assert not self.faults, self.faults

    # Memory and addresses

    @property
    def memory(self) -> tuple[int, int]:
        return self.size - self.used, self.size

    def reserve(self, size: int, alignment: int) -> int:
        self._call("reserve")
        address = virtual_memory.reserve(size, alignment)
        self.ranges[address] = size
        return address

    def unreserve(self, address: int, size: int) -> None:
        self._call("unreserve")
        with self._changed:
            if self.ranges.get(address) != size or any(address <= at < address + size for at in self.mapped):
                raise self._wrong("cuMemAddressFree of what is mapped, or was not reserved")
            del self.ranges[address]
        virtual_memory.unmap(address, size)

    def create(self, size: int) -> int:
        self._call("create")
        if size % self.granularity or self.used + size > self.size:
            raise MemoryError("cuMemCreate: CUDA_ERROR_OUT_OF_MEMORY")
        self.used += size
        handle, self._end = self._end, self._end + size
        os.ftruncate(self._file, self._end)
        self.handles[handle] = size
        return handle

    def destroy(self, handle: int) -> None:
        self._call("destroy")
        if any(other == handle for _, other in self.mapped.values()):
            raise self._wrong("a handle was given back that is mapped")
        self.used -= self.handles.pop(handle)

    def map(self, address: int, size: int, handle: int) -> None:
        self._call("map")
        with self._changed:
            if not any(begin <= address and address + size <= begin + length for begin, length in self.ranges.items()):
                raise self._wrong("cuMemMap outside of what is reserved")
            if any(address < at + length and at < address + size for at, (length, _) in self.mapped.items()):
                raise self._wrong("cuMemMap over what is mapped")
            if (
                self.handles.get(handle) != size
                or address % self.granularity
                or any(h == handle for _, h in self.mapped.values())
            ):
                raise self._wrong("cuMemMap of a part, out of line, or of one handle twice")
            if _libc.mmap(address, size, 0, _SHARED_FIXED, self._file, handle) != address:
                raise self._wrong(os.strerror(ctypes.get_errno()))
            self.mapped[address] = size, handle

    def unmap(self, address: int, size: int) -> None:
        self._call("unmap")
        with self._changed:
            inside = self._inside(address, size)
            if len(inside) > 1 and not self.many_at_once:
                raise DriverFailed("cuMemUnmap: CUDA_ERROR_INVALID_VALUE")
            for stream, number, begin, length in self._reads:
                if number > self._done.get(stream, 0) and begin < address + size and address < begin + length:
                    self.faults.append(f"cuMemUnmap under a kernel of stream {stream}")
            for at in inside:
                virtual_memory.hide(at, self.mapped.pop(at)[0])
                self.access.pop(at, None)

    def allow(self, address: int, size: int, access: Access) -> None:
        self._call("allow")
        if access is Access.READ and not self.seals:
            raise DriverFailed("cuMemSetAccess: CUDA_ERROR_NOT_SUPPORTED")
        with self._changed:
            for at in self._inside(address, size):
                self.access[at] = access
            protection = virtual_memory.READ | (virtual_memory.WRITE if access is Access.READ_WRITE else 0)
            virtual_memory.protect(address, size, protection)

    def tensor(self, address: int, size: int, keeper: object) -> Tensor:
        return tensor_at(address, size, self.device, keeper)

    # Host memory and copies

    def pin(self, size: int) -> int:
        self._call("pin")
        if sum(self.pinned.values()) + size > self.most_pinned:
            raise MemoryError("cuMemHostAlloc: CUDA_ERROR_OUT_OF_MEMORY")
        address = virtual_memory.reserve(-(-size // 4096) * 4096, 4096, virtual_memory.READ | virtual_memory.WRITE)
        self.pinned[address] = size
        return address

    def unpin(self, address: int) -> None:
        self._call("unpin")
        virtual_memory.unmap(address, -(-self.pinned.pop(address) // 4096) * 4096)

    def copy(self, target: int, source: int, size: int, stream: int) -> None:
        self._call("copy")
        with self._changed:
            self._touch("a copy", target, size, writes=True)
            number = self._tell(stream)
            self._work.append((stream, number, partial(ctypes.memmove, target, source, size)))
            self._reads.append((stream, number, target, size))
            self._proceed(stream)

    # Streams and events

    def new_stream(self) -> int:
        self._call("new_stream")
        stream = next(self._numbers)
        self.streams.add(stream)
        return stream

    def end_stream(self, stream: int) -> None:
        self.streams.remove(stream)

    def current_stream(self) -> int:
        return self.stream_of()

    def new_event(self) -> int:
        self._call("new_event")
        event = next(self._numbers)
        self.events[event] = 0
        return event

    def end_event(self, event: int) -> None:
        del self.events[event]

    def record(self, event: int, stream: int) -> None:
        self._call("record")
        with self._changed:
            assert event in self.events and stream in self.streams
            self.events[event], self._of[event] = self._told.get(stream, 0), stream

    def has_passed(self, event: int) -> bool:
        self._call("has_passed")
        with self._changed:
            return self.events[event] <= self._done.get(self._of.get(event, 0), 0)

    def wait(self, event: int) -> None:
        self._call("wait")
        with self._changed:
            told, stream = self.events[event], self._of.get(event, 0)
            if self.lazy:
                self._do(stream, told)
            assert self._changed.wait_for(lambda: told <= self._done.get(stream, 0), 60), "nobody finished the stream"

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        self._call("aside")
        yield

    # The books

    def _call(self, name: str) -> None:
        with self._changed:
            self.calls[name] = number = self.calls.get(name, 0) + 1
            if number in self._fails.get(name, ()):
                kind = MemoryError if name in ("create", "pin", "map", "reserve") else DriverFailed
                raise kind(f"{name}: it was told to fail")

    def _inside(self, address: int, size: int) -> list[int]:
        """The mappings that a range consists of."""
        found = sorted(at for at in self.mapped if address <= at < address + size)
        if sum(self.mapped[at][0] for at in found) != size or not found or found[0] != address:
            raise self._wrong("a range is not mapped, or mapped in part")
        return found

    def _touch(self, who: str, address: int, size: int, *, writes: bool = False) -> None:
        if self.torch_s and not any(begin <= address < begin + length for begin, length in self.ranges.items()):
            return
        pages = range(address // FRAME_BYTES * FRAME_BYTES, address + size, FRAME_BYTES)
        wanted = (Access.READ_WRITE,) if writes else (Access.READ, Access.READ_WRITE)
        if any(self.access.get(page) not in wanted for page in pages):
            self.faults.append(f"{who} touched what is not mapped for it")
            raise DriverFailed("CUDA_ERROR_ILLEGAL_ADDRESS")

    def _tell(self, stream: int) -> int:
        assert stream in self.streams
        self._told[stream] = self._told.get(stream, 0) + 1
        return self._told[stream]

    def _proceed(self, stream: int) -> None:
        if stream not in self.slow and not self.lazy:
            self._do(stream, self._told.get(stream, 0))

    def _do(self, stream: int, upto: int) -> None:
        for entry in [entry for entry in self._work if entry[0] == stream and entry[1] <= upto]:
            entry[2]()
            self._work.remove(entry)
        self._done[stream] = max(upto, self._done.get(stream, 0))
        self._reads = [entry for entry in self._reads if entry[0] != stream or entry[1] > upto]
        self._changed.notify_all()

    def _wrong(self, what: str) -> DriverFailed:
        """What we must never ask for: an error of the driver that a test also finds afterwards."""
        self.faults.append(what)
        return DriverFailed(f"CUDA_ERROR_INVALID_VALUE: {what}")
