"""Host memory that a device's driver has pinned, in slots of equal size: pinned once, since it takes long and cannot be reclaimed."""

import contextlib
import logging
import weakref

from aweigh.memory.frames.driver import Driver
from aweigh.memory.mapping import Anonymous
from aweigh.memory.mover.core import BLOCK_BYTES

_log = logging.getLogger(__name__)


class Slots:
    """`addresses` of slots, aligned as unbuffered reads must be. Pinned or not, the memory lives as long as this."""

    def __init__(self, begin: int, count: int, size: int, keeper: object = None) -> None:
        first = -(-begin // BLOCK_BYTES) * BLOCK_BYTES
        self.addresses = [first + number * size for number in range(count)]
        self._keeper = keeper


def pinned(driver: Driver, count: int, size: int) -> Slots:
    """As many slots of `size` bytes (a multiple of 4096) as can be pinned of `count`: half of them, half of that, and so on; perhaps none."""
    wanted = count
    while count:
        try:
            begin = driver.pin(count * size + BLOCK_BYTES)
        except (MemoryError, OSError) as error:
            _log.warning("%d bytes of host memory cannot be pinned: %s", count * size, error)
            count //= 2
            continue
        slots = Slots(begin, count, size)
        weakref.finalize(slots, _unpin, driver, begin).atexit = False  # the process ends, and what it pinned with it
        if count < wanted:
            _log.warning("%d bytes of host memory are pinned, of %d", count * size, wanted * size)
        return slots
    return Slots(0, 0, size)


def staging(driver: Driver, count: int, size: int) -> Slots:
    """The same, and one slot of ordinary memory where nothing can be pinned: copies are slower then. Raises MemoryError."""
    slots = pinned(driver, count, size)
    if slots.addresses:
        return slots
    _log.warning("weights go to %s through memory that is not pinned: raise the limit on locked memory", driver.device)
    memory = Anonymous(size + BLOCK_BYTES).bytes_B
    return Slots(memory.data_ptr(), 1, size, memory)


def _unpin(driver: Driver, address: int) -> None:
    with contextlib.suppress(OSError):  # the context is lost, and its memory with it
        driver.unpin(address)
