"""Prints the software bill of materials of a CPU installation: CycloneDX 1.6 JSON, made from ``locks/cpu.txt``.

Made from the lock and not from an environment, so that two machines print the same bytes: no time, no serial number.
"""

import json
import sys
import tomllib

from aweigh import __version__
from house.bill import Package, locked
from house.tree import ROOT


def document() -> dict[str, object]:
    """The bill as CycloneDX 1.6, ready for ``json.dumps``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    subject = {"type": "application", "bom-ref": "aweigh", "name": "aweigh", "version": __version__}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**subject, "licenses": [{"expression": project["license"]}]}},
        "components": [_component(package) for package in locked("cpu")],
    }


def _component(package: Package) -> dict[str, object]:
    name = f"pkg:pypi/{package.name}@{package.version.replace('+', '%2B')}"
    digests = [{"alg": "SHA-256", "content": digest} for digest in package.hashes]
    return {
        "type": "library",
        "bom-ref": name,
        "name": package.name,
        "version": package.version,
        "purl": name,
        "licenses": [{"expression": package.licence}] if package.licence else [],
        "externalReferences": [
            {"type": "distribution", "url": f"https://pypi.org/project/{package.name}/", "hashes": digests}
        ],
    }


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1)
    sys.stdout.write("\n")
