"""Sizes of blocks, warps and splits by kernel, architecture and class of shapes: found once on a card, kept in `tuned.csv` beside this file, read at the first call.

A process never tries sizes out: a cold start would wait for it, and two processes could choose differently, which shows in the last bits. What the table does
not say is as its caller says. `python -m bench.gpu --tune` adds the lines of the card that it runs on.

A class says nothing of how many rows or sequences a call has, since sizes decide in which order sums are made: of one model on one card that is one order.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import torch

KEPT = Path(__file__).parent / "tuned.csv"
COLUMNS = ("kernel", "architecture", "shape", "sizes")
Key = tuple[str, str, str]
asked: set[tuple[str, str]] = set()
"""Kernels and classes of shapes that were asked for, for whoever measures."""
_tried: dict[tuple[str, str], Mapping[str, int]] = {}


@cache
def architecture_of(device: torch.device) -> str:
    """As in the table: "sm_90", "gfx942"; "" for what is no card."""
    if device.type != "cuda":
        return ""
    properties = torch.cuda.get_device_properties(device)
    if torch.version.hip:
        return str(properties.gcnArchName).partition(":")[0]
    return f"sm_{properties.major}{properties.minor}"


def parse(text: str) -> dict[str, int]:
    """Sizes as the table writes them: "STEP=64 num_warps=8".

    Raises:
        ValueError: that is no list of whole numbers above 0 with names.
    """
    sizes = {}
    for part in text.split():
        name, _, value = part.partition("=")
        if not (name and value.isdecimal() and int(value)):
            raise ValueError(f"{part!r} in {KEPT.name} is no size: write NAME=NUMBER")
        sizes[name] = int(value)
    return sizes


def read(path: Path) -> dict[Key, dict[str, int]]:
    """What a table says.

    Raises:
        ValueError: it is none.
    """
    with path.open(newline="") as file:
        columns, *lines = csv.reader(file)
    if tuple(columns) != COLUMNS:
        raise ValueError(f"{path.name} has the columns {', '.join(columns)}: it needs {', '.join(COLUMNS)}")
    return {(kernel, architecture, shape): parse(sizes) for kernel, architecture, shape, sizes in lines}


def write(path: Path, table: Mapping[Key, Mapping[str, int]]) -> None:
    """Writes a table, in the order of its keys."""
    lines = [(*key, " ".join(f"{name}={size}" for name, size in sizes.items())) for key, sizes in sorted(table.items())]
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])


@cache
def _table() -> dict[Key, dict[str, int]]:
    return read(KEPT)


def sizes_for(kernel: str, shape: str, device: torch.device, /, num_warps: int = 4, **otherwise: int) -> dict[str, int]:
    """The sizes of a kernel for a class of shapes on a device: `num_warps`, and one for each name that is given, which says what holds without a line."""
    asked.add((kernel, shape))
    sizes = {**otherwise, "num_warps": num_warps}
    found = _tried.get((kernel, shape)) or _table().get((kernel, architecture_of(device), shape), {})
    assert found.keys() <= sizes.keys(), f"{kernel} has no sizes {', '.join(found.keys() - sizes.keys())}"
    return {**sizes, **found}


@contextmanager
def trying(kernel: str, shape: str, sizes: Mapping[str, int]) -> Iterator[None]:
    """Within, these sizes hold. For whoever measures."""
    _tried[kernel, shape] = sizes
    try:
        yield
    finally:
        del _tried[kernel, shape]
