"""How much of a file's range the page cache holds: what lies there is mapped and not read.

`cachestat` (Linux 6.5) answers for a descriptor without mapping anything. `mincore` would need a mapping, and calls everything resident that
the caller may not write to.
"""

import ctypes
import os
import platform

_CACHESTAT = 451  # on every architecture
_PAGE = os.sysconf("SC_PAGE_SIZE")
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class _Range(ctypes.Structure):
    _fields_ = (("offset", ctypes.c_uint64), ("length", ctypes.c_uint64))


class _Counts(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("cached", "dirty", "writeback", "evicted", "recent"))


def is_cached(descriptor: int, offset: int, length: int) -> bool:
    """Whether the page cache holds all of a range. False where the system does not say."""
    if platform.system() != "Linux" or not length:
        return False
    begin = offset // _PAGE * _PAGE
    wanted = _Range(begin, offset + length - begin)
    counts = _Counts()
    arguments = (ctypes.c_long(_CACHESTAT), ctypes.c_int(descriptor), ctypes.byref(wanted), ctypes.byref(counts))
    if _libc.syscall(*arguments, ctypes.c_uint(0)) != 0:
        return False
    return bool(counts.cached * _PAGE >= wanted.length)
