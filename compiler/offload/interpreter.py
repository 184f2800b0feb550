"""The interpreter's own options, in front of a script, and which of them keep our import hooks out.

``-I`` and ``-E`` do not look at PYTHONPATH, on which the hooks travel, and ``-S`` loads no `site`, which is what runs them. The first two
are reached by a startup file in site-packages (`startup_file.py`); nothing reaches ``-S``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_FLAGS = frozenset("bBdEiIOPqRsSuvx")
_VALUED = frozenset("WX")
_PROGRAMS = frozenset("cm")


@dataclass(frozen=True, slots=True)
class Options:
    """One word of options. `flags`: its letters; `words`: it and its value; `program`: it says what to run, so options end here."""

    flags: frozenset[str]
    words: tuple[str, ...]
    program: bool = False


def options(word: str, rest: Iterator[str]) -> Options | None:
    """Reads ``-u``, ``-Bu``, ``-X dev``, ``-m module``, ``-Ic code``, with the value out of `rest` where it is a word of its own.

    None for a word that python does not know. Raises StopIteration where a value is missing.
    """
    flags: set[str] = set()
    for at, letter in enumerate(word[1:], 2):
        if letter in _VALUED | _PROGRAMS:
            words = (word,) if word[at:] else (word, next(rest))
            return Options(frozenset(flags), words, letter in _PROGRAMS)
        if letter not in _FLAGS:
            return None
        flags.add(letter)
    return Options(frozenset(flags), (word,)) if flags else None


def flags(arguments: tuple[str, ...]) -> frozenset[str]:
    """The letters of all options in front of the program in `python ARGUMENTS...`."""
    found: set[str] = set()
    rest = iter(arguments)
    for word in rest:
        if not word.startswith("-"):
            break
        try:
            read = options(word, rest)
        except StopIteration:
            break
        if read is None:
            break
        found |= read.flags
        if read.program:
            break
    return frozenset(found)


def obstacle(found: frozenset[str], *, startup_file: bool) -> str | None:
    """One sentence on why the hooks would not get into an interpreter with these options, or None."""
    if "S" in found:
        return "python -S loads no site, so there is no way in: leave out -S, or `import aweigh.auto` in the script"
    if found & {"I", "E"} and not startup_file:
        letter = min(found & {"I", "E"}, key="IE".index)
        return (
            f"python -{letter} does not look at PYTHONPATH, on which the hooks travel: run `aweigh hook install` once"
        )
    return None
