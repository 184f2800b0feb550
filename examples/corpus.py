"""The text that the example model learns from: the sources of the Python standard library.

Every source file is one document, and every function in it is another one, dedented, so that the model
learns both how files read and where a function ends.  Files are held out whole (with their functions):
a model that had seen a function inside its file would be examined on what it knows by heart.
"""

from __future__ import annotations

import ast
import hashlib
import sysconfig
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = {
    "site-packages": "not the standard library",
    "test": "assertions about everything, in a style of its own",
    "tests": "the same",
    "idlelib": "an application",
    "turtledemo": "drawings",
    "pydoc_data": "one huge table of help texts",
    "encodings": "tables of characters",
    "lib2to3": "grammar tables and fixers for Python 2",
    "__phello__": "a test of frozen modules",
}
LONGEST_FILE_BYTES = 400_000
LONGEST_FUNCTION_CHARACTERS = 4_000
HELD_OUT_SHARE = 20  # one file in twenty


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Documents to learn from (`train`) and documents of other files to be examined on (`held_out`)."""

    train: tuple[str, ...]
    held_out: tuple[str, ...]


def library_root() -> Path:
    """The folder of the running interpreter's standard library."""
    return Path(sysconfig.get_paths()["stdlib"])


def source_files(root: Path) -> Iterator[Path]:
    """The library's source files in a fixed order."""
    for path in sorted(root.rglob("*.py")):
        folders = path.relative_to(root).parts[:-1]
        if not LEFT_OUT.keys() & set(folders) and 0 < path.stat().st_size < LONGEST_FILE_BYTES:
            yield path


def functions(source: str) -> Iterator[str]:
    """Each function of a file, dedented, with its decorators and without the functions nested in it."""
    lines = source.splitlines(keepends=True)
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop(0)
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append(child)
                continue
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            text = textwrap.dedent("".join(lines[first - 1 : child.end_lineno])).rstrip() + "\n"
            if len(text) <= LONGEST_FUNCTION_CHARACTERS:
                yield text


def is_held_out(name: str) -> bool:
    """Whether the file of this name (relative to the library's root) is kept for the examination."""
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT_SHARE == 0


def read_corpus(root: Path | None = None) -> Corpus:
    """Read the library below `root` (the running interpreter's, by default)."""
    root = root or library_root()
    train: list[str] = []
    held_out: list[str] = []
    for path in source_files(root):
        try:
            source = path.read_text(encoding="utf-8").expandtabs(8)
            parts = [source, *functions(source)]
        except (UnicodeDecodeError, SyntaxError):
            continue
        (held_out if is_held_out(path.relative_to(root).as_posix()) else train).extend(parts)
    return Corpus(train=tuple(train), held_out=tuple(held_out))
