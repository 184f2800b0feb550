"""What frames of a device ask of its driver: a dozen verbs, whose oracle in tests is a fake that keeps the driver's books.

Addresses, sizes and handles are ints; sizes are in bytes. Verbs may be called from any thread, and make the device's context its current one.
"""

import enum
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch
    from torch import Tensor


class Access(enum.IntEnum):
    """What may be done with a mapped range, in the driver's own numbers."""

    READ = 1
    READ_WRITE = 3


class DriverFailed(OSError):
    """The driver refused a call. The message is a sentence with its name for the reason."""


class Driver(Protocol):
    """One device's. Verbs raise MemoryError where there is no memory, else DriverFailed."""

    @property
    def device(self) -> "torch.device":
        """The device that tensors of its memory are on."""

    @property
    def memory(self) -> tuple[int, int]:
        """Free and all memory of the device."""

    @property
    def granularity(self) -> int:
        """Memory is created, and mapped, in multiples of this."""

    # Memory and addresses

    def reserve(self, size: int, alignment: int) -> int:
        """Addresses that nothing is mapped at."""

    def unreserve(self, address: int, size: int) -> None:
        """Gives back what `reserve` gave, when nothing is mapped there."""

    def create(self, size: int) -> int:
        """A handle of memory of the device that has no address."""

    def destroy(self, handle: int) -> None:
        """Gives memory back that is mapped nowhere."""

    def map(self, address: int, size: int, handle: int) -> None:
        """Puts all of a handle's memory at reserved addresses. Nobody may touch it before `allow`."""

    def unmap(self, address: int, size: int) -> None:
        """Takes away what is mapped in a range, every byte of it. Nothing that runs may touch it."""

    def allow(self, address: int, size: int, access: Access) -> None:
        """Says what the device may do with a range, every byte of which is mapped."""

    def tensor(self, address: int, size: int, keeper: object) -> "Tensor":
        """A range as uint8 [size] whose storage begins at `address`; it, and its views, keep `keeper`. Asks nothing of the bytes."""

    # Host memory and copies

    def pin(self, size: int) -> int:
        """Address of host memory that copies read at the speed of the link."""

    def unpin(self, address: int) -> None:
        """Gives back what `pin` gave."""

    def copy(self, target: int, source: int, size: int, stream: int) -> None:
        """Begins to copy from host memory, pinned or not, to the device."""

    # Streams and events

    def new_stream(self) -> int:
        """A stream that does not wait for the others."""

    def end_stream(self, stream: int) -> None:
        """Gives a stream back."""

    def current_stream(self) -> int:
        """The stream that this thread's tensor operators go to."""

    def new_event(self) -> int:
        """An event that has passed."""

    def end_event(self, event: int) -> None:
        """Gives an event back. Does not raise."""

    def record(self, event: int, stream: int) -> None:
        """From now on the event passes when all that the stream was told up to now is done."""

    def has_passed(self, event: int) -> bool:
        """Whether an event has passed."""

    def wait(self, event: int) -> None:
        """Returns when an event has passed; other threads run meanwhile."""

    def aside(self) -> AbstractContextManager[object]:
        """Tensor operators inside go to a stream of their own, and are done when it is left."""
