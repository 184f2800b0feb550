"""What the pages say of coverage is what the measurement says."""

import json

from house.tree import ROOT


def test_pages_tell_the_measured_coverage() -> None:
    types = json.loads((ROOT / "bench/results/coverage.json").read_text(encoding="utf-8"))
    told = f"{sum(entry['equal'] for entry in types.values())} of {len(types)}"
    assert f"**{told} types are equal**" in (ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    assert f"transformers: {told} give equal tokens" in (ROOT / "README.md").read_text(encoding="utf-8")
