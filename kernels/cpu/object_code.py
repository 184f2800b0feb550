"""Object files as code of this process: sections laid out in one piece of memory, addresses put in, then readable and executable only.

What LLVM's in-process compiler makes for x86-64 is an ELF file of the large code model: every reference is 64 bits wide and absolute, so that
linking is adding. Anything else in a file (another machine, another kind of reference, a name that nobody has) is refused, and
whoever asked compiles anew. No linker and no compiler of the user's machine is needed.

Format: System V ABI, chapters 4 and 5, and its AMD64 supplement, 4.4. Rejected: `cc -shared` and `dlopen`, since few machines of users have a
compiler; a file for `dlopen` written by hand, which is the same work and a dynamic section besides.
"""

import ctypes
import mmap
import platform
import struct
from collections.abc import Callable, Sequence

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_RELOCATION = struct.Struct("<QQq")
_MAGIC = b"\x7fELF\x02\x01"
_RELOCATABLE, _X86_64 = 1, 62
_SYMBOLS, _RELOCATIONS, _NO_BITS = 2, 4, 8
_ALLOCATED = 2
_ABSOLUTE = 1
"""R_X86_64_64."""
_UNWINDING = b".eh_frame"
_MOST = 1 << 24


class Unloadable(Exception):
    """No code for this process."""


class Object:
    """A loaded object file; its memory stays as long as it does."""

    def __init__(self, data: bytes, resolve: Callable[[str], int | None]) -> None:
        """`resolve` gives addresses of what the file only names. Raises Unloadable."""
        if platform.machine() not in ("x86_64", "AMD64"):
            raise Unloadable
        try:
            self._load(data, resolve)
        except (struct.error, IndexError, ValueError, OSError, StopIteration) as error:
            raise Unloadable from error

    def address(self, name: str) -> int:
        """Of a function. Raises Unloadable."""
        found = self._names.get(name)
        if found is None:
            raise Unloadable
        return found

    def _load(self, data: bytes, resolve: Callable[[str], int | None]) -> None:
        header = _HEADER.unpack_from(data)
        if header[0][:6] != _MAGIC or header[1:3] != (_RELOCATABLE, _X86_64):
            raise Unloadable
        start, size, count, names_at = header[6], header[11], header[12], header[13]
        sections = [_SECTION.unpack_from(data, start + size * number) for number in range(count)]
        names = sections[names_at][4]
        kept = [bool(one[2] & _ALLOCATED) and _text(data, names + one[0]) != _UNWINDING for one in sections]
        places, end = [0] * count, 0
        for number, one in enumerate(sections):
            if kept[number]:
                alignment = max(one[8], 1)
                places[number] = -(-end // alignment) * alignment
                end = places[number] + one[5]
        if not 0 < end <= _MOST:
            raise Unloadable
        self._memory = mmap.mmap(-1, end)
        base = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        for number, one in enumerate(sections):
            if kept[number] and one[1] != _NO_BITS:
                self._memory[places[number] : places[number] + one[5]] = data[one[4] : one[4] + one[5]]
        table = next(one for one in sections if one[1] == _SYMBOLS)
        self._names: dict[str, int] = {}
        symbols = self._symbols(data, table, sections[table[6]][4], base, places, kept, resolve)
        for one in sections:
            if one[1] == _RELOCATIONS and kept[one[7]]:
                self._relocate(data, one, places[one[7]], sections[one[7]][5], symbols)
        if ctypes.CDLL(None, use_errno=True).mprotect(
            ctypes.c_void_p(base), ctypes.c_size_t(end), mmap.PROT_READ | mmap.PROT_EXEC
        ):
            raise Unloadable

    def _symbols(
        self,
        data: bytes,
        table: Sequence[int],
        strings: int,
        base: int,
        places: Sequence[int],
        kept: Sequence[bool],
        resolve: Callable[[str], int | None],
    ) -> list[int | None]:
        found: list[int | None] = []
        for at in range(table[4], table[4] + table[5], _SYMBOL.size):
            name_at, _, _, section, value, _ = _SYMBOL.unpack_from(data, at)
            name = _text(data, strings + name_at).decode("ascii")
            if section == 0:
                found.append(resolve(name) if name else None)
            elif section < len(places) and kept[section]:
                found.append(base + places[section] + value)
                if name:
                    self._names[name] = base + places[section] + value
            else:
                found.append(None)
        return found

    def _relocate(
        self, data: bytes, section: Sequence[int], place: int, size: int, symbols: Sequence[int | None]
    ) -> None:
        for at in range(section[4], section[4] + section[5], _RELOCATION.size):
            offset, info, added = _RELOCATION.unpack_from(data, at)
            symbol = symbols[info >> 32]
            if info & 0xFFFFFFFF != _ABSOLUTE or symbol is None or offset + 8 > size:
                raise Unloadable
            struct.pack_into("<Q", self._memory, place + offset, (symbol + added) & 0xFFFFFFFFFFFFFFFF)


def _text(data: bytes, start: int) -> bytes:
    return data[start : data.index(0, start)]
