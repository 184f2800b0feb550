"""`perf_event_open`, through ctypes: the C library has no wrapper of it, and the packages that do bring a compiler along.

Written after perf_event_open(2). Times are CLOCK_MONOTONIC's, so that they compare with Python's `time.monotonic`. Only what runs in
user mode counts: that is what kernel.perf_event_paranoid=2, most systems' setting, lets everybody see of his own process.
"""

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aweigh.memory.statistics.samples import SAMPLE_TYPE

HARDWARE, SOFTWARE = 0, 1
CPU_CYCLES = 0
PAGE_FAULTS = 2
_SYSTEM_CALLS = {"x86_64": 298, "aarch64": 241}
_CLOSE_ON_EXEC = 8
_MONOTONIC = 1
_DISABLED, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR, _PRECISE_SHIFT, _USE_CLOCK = 1 << 0, 1 << 5, 1 << 6, 15, 1 << 25
# type, size, config, sample_period, sample_type, read_format, flags, wakeup, bp_type, config1, config2, branch_sample_type,
# sample_regs_user, sample_stack_user, clock, sample_regs_intr, aux_watermark, sample_max_stack, reserved: PERF_ATTR_SIZE_VER5
_ATTRIBUTES = struct.Struct("=IIQQQQQIIQQQQIiQIHH")
_PARANOID = Path("/proc/sys/kernel/perf_event_paranoid")


@dataclass(frozen=True, slots=True)
class Event:
    """What is counted, and how often it is looked at: a sample every `period` times. `precise`: 0 to 3, how near the sample's
    instruction has to be to the one that caused it. `kernel`: the counter cannot leave the kernel out."""

    type: int
    config: int
    period: int
    precise: int = 0
    config1: int = 0
    kernel: bool = False

    def attributes(self) -> bytes:
        """The struct perf_event_attr."""
        flags = _DISABLED | self.precise << _PRECISE_SHIFT | _USE_CLOCK
        flags |= 0 if self.kernel else _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
        head = (self.type, _ATTRIBUTES.size, self.config, self.period, SAMPLE_TYPE, 0, flags, 0, 0, self.config1)
        return _ATTRIBUTES.pack(*head, 0, 0, 0, 0, _MONOTONIC, 0, 0, 0, 0)


def open_event(event: Event, thread: int) -> int:
    """Opens a counter of one thread of this process (its kernel number; 0 is the caller), on whatever processor it runs. It counts
    once it is enabled.

    Returns:
        a file descriptor, closed on exec.

    Raises:
        OSError: as perf_event_open does; ENOSYS where the number of the system call is not known.
    """
    number = _SYSTEM_CALLS.get(platform.machine())
    if number is None:
        raise OSError(errno.ENOSYS, f"perf_event_open has no known number on {platform.machine()}")
    library = ctypes.CDLL(None, use_errno=True)
    call: Callable[..., int] = library.syscall
    attributes = ctypes.create_string_buffer(event.attributes(), _ATTRIBUTES.size)
    arguments = (ctypes.c_long(number), attributes, ctypes.c_int(thread), ctypes.c_int(-1), ctypes.c_int(-1))
    descriptor = call(*arguments, ctypes.c_ulong(_CLOSE_ON_EXEC))
    if descriptor < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return descriptor


def why_not(event: Event) -> str | None:
    """Opens the event on the calling thread and closes it. Returns why that is not possible, in one sentence."""
    try:
        os.close(open_event(event, 0))
    except OSError as error:
        return in_words(error)
    return None


def in_words(error: OSError) -> str:
    """What an error of `open_event`, or of mapping its ring, means to whoever may change it."""
    name = errno.errorcode.get(error.errno or 0, str(error.errno))
    match error.errno:
        case errno.ENOENT:
            meaning = "this machine, often a virtual one, has no such performance counter"
        case errno.ENODEV | errno.EOPNOTSUPP:
            meaning = "the processor's counters do not give precise samples"
        case errno.EACCES | errno.EPERM:
            now = _PARANOID.read_text().strip() if _PARANOID.exists() else "unknown"
            meaning = f"not allowed: kernel.perf_event_paranoid is {now}, set it to 1 or give CAP_PERFMON"
        case errno.ENOSYS:
            meaning = "the kernel has no perf events, or a sandbox hides them"
        case errno.EMFILE | errno.ENFILE:
            meaning = "too many files are open: raise `ulimit -n`"
        case _:
            meaning = os.strerror(error.errno or 0)
    return f"{meaning} ({name})"
