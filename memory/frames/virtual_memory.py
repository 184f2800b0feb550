"""The system calls that frames are moved by, as functions that raise OSError. Addresses and sizes in bytes.

`mremap` with MREMAP_DONTUNMAP | MREMAP_FIXED (Linux 5.7) moves page tables and leaves the source range mapped and empty, so there is
never a hole that a stranger's mmap could take. Python's mmap module knows neither addresses nor mremap to a place.
"""

import ctypes
import os
from typing import NoReturn

NONE, READ, WRITE = 0, 1, 2
HUGE_PAGES, POPULATE_WRITE = 14, 23  # of madvise
_PRIVATE, _FIXED, _ANONYMOUS, _NORESERVE = 0x02, 0x10, 0x20, 0x4000
_MOVE = 1 | 2 | 4  # MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP
_FAILED = ctypes.c_void_p(-1).value

_libc = ctypes.CDLL(None, use_errno=True)
_address, _size, _int, _long = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_long
_libc.mmap.restype, _libc.mmap.argtypes = _address, (_address, _size, _int, _int, _int, _long)
_libc.mremap.restype, _libc.mremap.argtypes = _address, (_address, _size, _size, _int, _address)
_libc.mprotect.argtypes = (_address, _size, _int)
_libc.madvise.argtypes = (_address, _size, _int)
_libc.munmap.argtypes = (_address, _size)


def reserve(size: int, alignment: int, protection: int = NONE) -> int:
    """Private anonymous addresses that cost nothing until they are touched. `size` is a multiple of `alignment`."""
    found = _libc.mmap(None, size + alignment, protection, _PRIVATE | _ANONYMOUS | _NORESERVE, -1, 0)
    if found == _FAILED:
        _fail("mmap")
    begin: int = -(-found // alignment) * alignment
    if begin > found:
        unmap(found, begin - found)
    unmap(begin + size, found + alignment - begin)
    return begin


def move(source: int, size: int, target: int) -> None:
    """Moves what lies in a range of one mapping to another place, whose own content is gone then; the source stays mapped, and empty."""
    if _libc.mremap(source, size, size, _MOVE, target) != target:
        _fail("mremap")


def protect(begin: int, size: int, protection: int) -> None:
    if _libc.mprotect(begin, size, protection):
        _fail("mprotect")


def advise(begin: int, size: int, advice: int) -> None:
    if _libc.madvise(begin, size, advice):
        _fail("madvise")


def show_file(begin: int, size: int, descriptor: int, offset: int) -> None:
    """Puts a file's pages into a reserved range, read-only. `begin` and `offset` are multiples of 4096."""
    if _libc.mmap(begin, size, READ, _PRIVATE | _FIXED, descriptor, offset) != begin:
        _fail("mmap of a file")


def hide(begin: int, size: int) -> None:
    """Puts untouchable addresses in the place of whatever a range shows."""
    if _libc.mmap(begin, size, NONE, _PRIVATE | _FIXED | _ANONYMOUS | _NORESERVE, -1, 0) != begin:
        _fail("mmap")


def unmap(begin: int, size: int) -> None:
    if size and _libc.munmap(begin, size):
        _fail("munmap")


def _fail(call: str) -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, f"{call}: {os.strerror(number)}")
