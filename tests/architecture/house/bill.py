"""The bill of materials: what the locks name, with hashes, and the licence that each package declares.

Read from two places: ``locks/*.txt`` for names, versions and hashes; the installed packages' own metadata for licences.
A package that says its licence only in prose is mapped by hand in ``_SAID``, with where it was read; a package of which
nothing is known is a fault, and so is a copyleft licence that would bind a program that uses us.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from house.tree import ROOT

# The words of License fields and classifiers that are no SPDX expression, as the packages of the locks spell them.
_SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Packages whose metadata name no licence; read in the LICENSE file inside their wheel.
_SAID = {"torch-mlir": "Apache-2.0 WITH LLVM-exception"}
_BINDING = re.compile(r"\bA?GPL", re.IGNORECASE)
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True, kw_only=True)
class Package:
    """One locked package: normalised name, exact version, SHA-256 hashes (hex) of its files, SPDX licence or None."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str | None


def locked(name: str, root: Path = ROOT) -> list[Package]:
    """The packages of ``locks/NAME.txt`` that this platform needs, sorted by name. Licences from what is installed."""
    text = (root / "locks" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return sorted(filter(None, map(_package, lines)), key=lambda package: package.name)


def _package(line: str) -> Package | None:
    requirement = Requirement(line.split("--hash", 1)[0].strip())
    if requirement.marker and not requirement.marker.evaluate():
        return None
    (pin,) = requirement.specifier
    name = canonicalize_name(requirement.name)
    hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return Package(name=name, version=pin.version, hashes=hashes, licence=_licence(name))


def _licence(name: str) -> str | None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    fields = {key: [str(value) for value in about.get_all(key) or []] for key in ("License-Expression", "License")}
    classifiers = [str(line) for line in about.get_all("Classifier") or []]
    said = [line.rsplit("::", 1)[1].strip() for line in classifiers if line.startswith("License ::")]
    for words in (*fields["License-Expression"], _SAID.get(name), *fields["License"], *said):
        if words and (spdx := _SPDX.get(words, words)) and _EXPRESSION.fullmatch(spdx):
            return spdx
    return None


def faults(root: Path = ROOT) -> list[str]:
    """One sentence per package without pin, hash or known licence, and per dependency that no lock names."""
    packages = {package.name: package for package in locked("dev", root)}
    found = [
        f"{package.name} {package.version} has no hash: run `make lock`."
        for package in packages.values()
        if not package.hashes
    ]
    for package in packages.values():
        if package.licence is None:
            found.append(
                f"{package.name} {package.version} declares no known licence: read it and add it to house.bill."
            )
        elif _BINDING.search(package.licence):
            found.append(f"{package.name} {package.version} is under {package.licence}, which would bind our users.")
    stray = [package.name for package in locked("cpu", root) if packages.get(package.name) != package]
    found += [f"locks/cpu.txt and locks/dev.txt differ about {name}: run `make lock`." for name in stray]
    for requirement in _required(root):
        held = packages.get(canonicalize_name(requirement.name))
        if held is None or not requirement.specifier.contains(held.version.split("+")[0]):
            found.append(f"pyproject.toml asks for {requirement}, which locks/dev.txt does not hold: run `make lock`.")
    return found


def _required(root: Path) -> list[Requirement]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    return [Requirement(line) for line in (*project["dependencies"], *extras["cpu"], *extras["dev"])]


if __name__ == "__main__":
    sys.exit("\n".join(faults()) or None)
