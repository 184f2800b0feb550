"""How long files may be: none over 400 lines, half of the sources under 100.

A file that outgrows this holds a second noun: split it by noun.
"""

import statistics
import sys
from pathlib import Path

from house.tree import ROOT, files, is_generated, sources

LONGEST = 400
MEDIAN = 100
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "stuff"}


def faults(root: Path = ROOT) -> list[str]:
    """One sentence per broken rule, none when all hold."""
    found = []
    for path in files(".py", root):
        if is_generated(path):
            continue
        if (lines := count(path)) > LONGEST:
            found.append(f"{path.relative_to(root)} has {lines} lines, more than {LONGEST}: split it by noun.")
        if path.stem in VAGUE:
            found.append(f"{path.relative_to(root)} names nothing: move each function beside its user, or find a noun.")
    lengths = [count(path) for path in sources(root)]
    if lengths and (median := statistics.median(lengths)) >= MEDIAN:
        found.append(f"half of the sources have {median:.0f} lines or more, {MEDIAN} is the limit: split the big ones.")
    return found


def count(path: Path) -> int:
    """The number of lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
