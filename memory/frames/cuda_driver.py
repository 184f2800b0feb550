"""`aweigh.memory.frames.driver.Driver` through cuda-bindings, in torch's own context of the device.

The primary context is retained, never another one made: torch's tensors, streams and events live in it. It is made current in each call, so verbs may be
called from any thread, and leave the calling thread's current device as the one that a worker owns.

Streams are non-blocking: they do not wait for the default stream, on which torch computes, nor it for them. Stream 0 of torch is named as the legacy
default stream, since the environment can make 0 mean another one.

Pinned memory is anonymous huge pages of ours that the driver registers: a disk reads into those twice as fast as into 4 KiB pages, of which the driver makes
its own (`cuMemHostAlloc`, taken where it registers nothing). Prior art: ServerlessLLM registers memory of its own as well.

Needs cuda-bindings (the extra `gpu`) and NVIDIA's driver; whichever is missing is said in a sentence.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from aweigh.memory.frames import virtual_memory
from aweigh.memory.frames.driver import Access, DriverFailed
from aweigh.memory.frames.view import tensor_at

_LEGACY_STREAM = 1
_HUGE = 2 << 20


class CudaDriver:
    """One device's. Lives as long as its process."""

    def __init__(self, device: torch.device) -> None:
        """Raises ValueError with a sentence where there is no driver, no such device, or one without virtual memory management."""
        try:
            from cuda.bindings import driver
        except ImportError as error:
            raise ValueError(f"an arena on {device} needs cuda-bindings ({error}): pip install 'aweigh[gpu]'") from None
        self._cuda: Any = driver
        index = device.index or 0
        self.device = torch.device("cuda", index)
        try:
            self._call("cuInit", 0)
            self._device = self._call("cuDeviceGet", index)
            attribute = driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED
            manages = self._call("cuDeviceGetAttribute", attribute, self._device)
            self._context = self._call("cuDevicePrimaryCtxRetain", self._device)
        except (RuntimeError, OSError, MemoryError) as error:
            raise ValueError(f"an arena on {device} needs NVIDIA's driver, which says: {error}") from None
        if not manages:
            raise ValueError(f"{device} has no virtual memory management: leave --arena-bytes out")
        self._location = driver.CUmemLocation()
        self._location.type = driver.CUmemLocationType.CU_MEM_LOCATION_TYPE_DEVICE
        self._location.id = index
        self._properties = driver.CUmemAllocationProp()
        self._properties.type = driver.CUmemAllocationType.CU_MEM_ALLOCATION_TYPE_PINNED
        self._properties.location = self._location
        minimum = driver.CUmemAllocationGranularity_flags.CU_MEM_ALLOC_GRANULARITY_MINIMUM
        self.granularity = int(self._enter("cuMemGetAllocationGranularity", self._properties, minimum))
        self._access = {access: self._describe(access) for access in Access}
        self._aside: Any = None
        self._registered: dict[int, int] = {}  # pinned memory of ours, by address

    # Memory and addresses

    @property
    def memory(self) -> tuple[int, int]:
        """See `Driver.memory`."""
        free, total = self._enter("cuMemGetInfo")
        return int(free), int(total)

    def reserve(self, size: int, alignment: int) -> int:
        """See `Driver.reserve`."""
        return int(self._enter("cuMemAddressReserve", size, alignment, 0, 0))

    def unreserve(self, address: int, size: int) -> None:
        """See `Driver.unreserve`."""
        self._enter("cuMemAddressFree", address, size)

    def create(self, size: int) -> int:
        """See `Driver.create`."""
        return int(self._enter("cuMemCreate", size, self._properties, 0))

    def destroy(self, handle: int) -> None:
        """See `Driver.destroy`."""
        self._enter("cuMemRelease", handle)

    def map(self, address: int, size: int, handle: int) -> None:
        """See `Driver.map`."""
        self._enter("cuMemMap", address, size, 0, handle, 0)

    def unmap(self, address: int, size: int) -> None:
        """See `Driver.unmap`."""
        self._enter("cuMemUnmap", address, size)

    def allow(self, address: int, size: int, access: Access) -> None:
        """See `Driver.allow`."""
        self._enter("cuMemSetAccess", address, size, [self._access[access]], 1)

    def tensor(self, address: int, size: int, keeper: object) -> Tensor:
        """See `Driver.tensor`."""
        return tensor_at(address, size, self.device, keeper)

    # Host memory and copies

    def pin(self, size: int) -> int:
        """See `Driver.pin`."""
        try:
            return self._register(-(-size // _HUGE) * _HUGE)
        except DriverFailed:
            return int(self._enter("cuMemHostAlloc", size, self._cuda.CU_MEMHOSTALLOC_PORTABLE))

    def unpin(self, address: int) -> None:
        """See `Driver.unpin`."""
        size = self._registered.pop(address, 0)
        if not size:
            self._enter("cuMemFreeHost", address)
            return
        self._enter("cuMemHostUnregister", address)
        virtual_memory.unmap(address, size)

    def copy(self, target: int, source: int, size: int, stream: int) -> None:
        """See `Driver.copy`."""
        self._enter("cuMemcpyHtoDAsync", target, source, size, stream)

    # Streams and events

    def new_stream(self) -> int:
        """See `Driver.new_stream`."""
        return int(self._enter("cuStreamCreate", self._cuda.CUstream_flags.CU_STREAM_NON_BLOCKING.value))

    def end_stream(self, stream: int) -> None:
        """See `Driver.end_stream`."""
        self._enter("cuStreamDestroy", stream)

    def current_stream(self) -> int:
        """See `Driver.current_stream`."""
        return torch.cuda.current_stream(self.device).cuda_stream or _LEGACY_STREAM

    def new_event(self) -> int:
        """See `Driver.new_event`. Who waits for it sleeps."""
        flags = self._cuda.CUevent_flags
        return int(
            self._enter("cuEventCreate", flags.CU_EVENT_DISABLE_TIMING.value | flags.CU_EVENT_BLOCKING_SYNC.value)
        )

    def end_event(self, event: int) -> None:
        """See `Driver.end_event`."""
        with contextlib.suppress(OSError):  # the context is lost, and its events with it
            self._enter("cuEventDestroy", event)

    def record(self, event: int, stream: int) -> None:
        """See `Driver.record`."""
        self._enter("cuEventRecord", event, stream)

    def has_passed(self, event: int) -> bool:
        """See `Driver.has_passed`."""
        self._call("cuCtxSetCurrent", self._context)
        (status,) = self._cuda.cuEventQuery(event)
        if status == self._cuda.CUresult.CUDA_ERROR_NOT_READY:
            return False
        self._check("cuEventQuery", status)
        return True

    def wait(self, event: int) -> None:
        """See `Driver.wait`."""
        self._enter("cuEventSynchronize", event)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """See `Driver.aside`."""
        stream: Any = self._aside or torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        self._aside = stream
        try:
            with torch.cuda.stream(stream):
                yield
                stream.synchronize()
        except torch.OutOfMemoryError as error:
            raise MemoryError(str(error)) from error

    def _register(self, size: int) -> int:
        """Pins memory of ours. Raises DriverFailed, MemoryError."""
        try:
            address = virtual_memory.reserve(size, _HUGE, virtual_memory.READ | virtual_memory.WRITE)
        except OSError as error:
            raise MemoryError(f"{size} bytes cannot be reserved: {error}") from error
        try:
            with contextlib.suppress(OSError):  # no huge pages, or an older kernel: pinning makes it resident as well
                virtual_memory.advise(address, size, virtual_memory.HUGE_PAGES)
                virtual_memory.advise(address, size, virtual_memory.POPULATE_WRITE)
            self._enter("cuMemHostRegister", address, size, self._cuda.CU_MEMHOSTREGISTER_PORTABLE)
        except (OSError, MemoryError):
            virtual_memory.unmap(address, size)
            raise
        self._registered[address] = size
        return address

    def _describe(self, access: Access) -> Any:
        described = self._cuda.CUmemAccessDesc()
        described.location = self._location
        described.flags = self._cuda.CUmemAccess_flags(int(access))
        return described

    def _enter(self, name: str, *arguments: Any) -> Any:
        """A call in the device's context."""
        self._call("cuCtxSetCurrent", self._context)
        return self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> Any:
        status, *found = getattr(self._cuda, name)(*arguments)
        self._check(name, status)
        return found[0] if len(found) == 1 else found

    def _check(self, name: str, status: Any) -> None:
        results = self._cuda.CUresult
        if status == results.CUDA_SUCCESS:
            return
        _, text = self._cuda.cuGetErrorString(status)
        reason = f"{name}: {getattr(status, 'name', status)}" + (f" ({text.decode()})" if text else "")
        raise MemoryError(reason) if status == results.CUDA_ERROR_OUT_OF_MEMORY else DriverFailed(reason)
