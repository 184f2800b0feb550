"""Writes ``docs/licences.md`` from the locks and the installed packages, or says that it is stale (``--check``)."""

import sys

from house.bill import locked
from house.tree import ROOT

PAGE = ROOT / "docs/licences.md"
_HEAD = """# Licences of what we depend on

Written by `make licences`; do not edit. *run*: needed to run scripts and engines on a CPU (`locks/cpu.txt`); *dev*: needed
to test and check (`locks/dev.txt`). The list is that of Linux; nothing here is copied into this repository.

| package | version | licence | for |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page. Raises LookupError if a locked package declares no licence that we know."""
    run = {package.name for package in locked("cpu")}
    rows = []
    for package in locked("dev"):
        if package.licence is None:
            raise LookupError(f"{package.name} declares no known licence: read it and add it to house.bill.")
        use = "run" if package.name in run else "dev"
        rows.append(f"| {package.name} | {package.version} | {package.licence} | {use} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
    elif not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page():
        sys.exit(f"{PAGE.relative_to(ROOT)} is stale: run `make licences`.")
