"""``make audit``: known vulnerabilities of what ``locks/dev.txt`` names, from the OSV service, minus dated waivers.

pip-audit asks; we only decide what an answer means. A waiver (``locks/waivers.toml``) names an advisory, a reason and
the day on which it ends: after that day the advisory counts again. Where the service cannot be reached nothing was
scanned: that is printed as such, and is a failure if ``AWEIGH_AUDIT=required`` (set it where the network allows).
pip-audit's PyPI source is not used: behind a mirror without its JSON interface it *skips* every package and succeeds.
"""

import datetime
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from house.tree import ROOT

WAIVERS = ROOT / "locks/waivers.toml"


def scan(command: str, lock: Path) -> dict[str, list[str]] | None:
    """Advisory ids by ``name version`` for the packages of ``lock``, or None if the service gave no answer."""
    arguments = ["--requirement", str(lock), "--require-hashes", "--disable-pip", "--vulnerability-service", "osv"]
    result = subprocess.run([command, *arguments, "--format", "json"], check=False, capture_output=True, text=True)
    try:
        return advisories(result.stdout)
    except ValueError:
        lines = result.stderr.strip().splitlines() or ["pip-audit printed nothing"]
        print(lines[-1], file=sys.stderr)
        return None


def advisories(text: str) -> dict[str, list[str]]:
    """Advisory ids by ``name version`` in pip-audit's JSON. Raises ValueError for another text or a skipped package."""
    found: dict[str, list[str]] = {}
    for package in json.loads(text)["dependencies"]:
        if "skip_reason" in package:
            raise ValueError(f"{package['name']} was skipped: {package['skip_reason']}")
        if ids := [advisory["id"] for advisory in package["vulns"]]:
            found[f"{package['name']} {package['version']}"] = ids
    return found


def waived(text: str, today: datetime.date) -> tuple[set[str], list[str]]:
    """The advisory ids that ``waivers.toml`` lets pass today, and one sentence per waiver that has ended or says too little."""
    passing, found = set(), []
    for entry in tomllib.loads(text).get("waiver", []):
        advisory, until = entry.get("id", "?"), entry.get("until")
        if not entry.get("reason") or not isinstance(until, datetime.date):
            found.append(f"the waiver for {advisory} needs a reason and a day (until = 2026-12-31).")
        elif until < today:
            found.append(f"the waiver for {advisory} ended on {until}: update the package, or renew it with a reason.")
        else:
            passing.add(advisory)
    return passing, found


def main(command: str) -> str | None:
    """What is wrong, or None. ``command`` is the path of pip-audit."""
    passing, found = waived(WAIVERS.read_text(encoding="utf-8"), datetime.datetime.now(tz=datetime.UTC).date())
    answer = scan(command, ROOT / "locks/dev.txt")
    if answer is None:
        text = "NOT scanned for known vulnerabilities: the OSV service gave no answer."
        if os.environ.get("AWEIGH_AUDIT") == "required":
            found.append(text)
        else:
            print(text)
    else:
        print(f"scanned for known vulnerabilities: {sum(map(len, answer.values()))} found, {len(passing)} waived.")
        found += [f"{name}: {', '.join(ids)}" for name, ids in answer.items() if set(ids) - passing]
    return "\n".join(found) or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
