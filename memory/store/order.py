"""The order in which a model uses its tensors, and what belongs together, from names alone.

The compiler numbers the slots of a Program by first use, a layer's slots as neighbours; the leaves of its manifest in the order of
slots are the order of use. Where there is no Program, names sorted as people count (layers.2 before layers.10) come near.
"""

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"(\d+)")


def natural(names: Iterable[str]) -> list[str]:
    """Sorted, with runs of digits as numbers."""
    return sorted(names, key=lambda name: [(len(part), part) if part.isdigit() else (0, part) for part in _parts(name)])


def by_use(names: Iterable[str], leaves: Sequence[str]) -> list[str]:
    """All of `names`: first those among `leaves`, in that order, then the rest in natural order."""
    every = set(names)
    used = [name for name in dict.fromkeys(leaves) if name in every]
    return used + natural(every.difference(used))


def layer(name: str) -> str:
    """The path of the layer that a tensor is of: up to the first component that is a number. Empty: of none."""
    return _up_to(name, 0)


def member(name: str) -> str:
    """The path of the numbered part of a layer that a tensor is of, such as an expert. Empty: of none."""
    inner = _up_to(name, -1)
    return inner if inner != layer(name) else ""


def _up_to(name: str, which: int) -> str:
    parts = name.split(".")
    numbers = [at for at, part in enumerate(parts[:-1]) if part.isdecimal() and part.isascii()]
    return ".".join(parts[: numbers[which] + 1]) if numbers else ""


def _parts(name: str) -> list[str]:
    return _NUMBER.split(name)
