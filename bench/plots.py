"""The plots of docs/performance.md, out of the result files: `python -m bench.plots`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.record import RESULTS

DOCS = Path(__file__).parents[1] / "docs"
WORKLOADS = ("decode 1", "decode 8", "decode 32", "prefill 512")
SIDES = {"aweigh": "#2a6f97", "openvino": "#e07a5f", "llama.cpp": "#81b29a"}
KINDS = {"": "bfloat16", "_int8": "8 bits", "_int4": "4 bits"}


def shares(record: dict[str, Any]) -> dict[str, dict[str, float]]:
    """By workload and side: medians over the ceiling."""
    medians = {name: series["median"] for name, series in record["series"].items()}
    found: dict[str, dict[str, float]] = {}
    for name, goal in record["goals"].items():
        workload = name.partition(":")[0]
        if "share of" in name and workload in WORKLOADS:
            ceiling = medians[f"{workload}, aweigh"] / goal["value"]
            rates = {side: medians[f"{workload}, {side}"] for side in SIDES if f"{workload}, {side}" in medians}
            found[workload] = {side: rate / ceiling for side, rate in rates.items()}
    return found


def write(results: Path = RESULTS, docs: Path = DOCS) -> list[Path]:
    """Writes docs/performance.svg. Returns what was written."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "aweigh"
    from matplotlib import pyplot

    files = {kind: results / f"peers_model_0_5b{kind}.json" for kind in KINDS}
    records = {kind: json.loads(path.read_text()) for kind, path in files.items() if path.exists()}
    figure, axes = pyplot.subplots(1, len(records), figsize=(4.2 * len(records), 3.4), sharey=True, squeeze=False)
    for axis, (kind, record) in zip(axes[0], records.items(), strict=True):
        found = shares(record)
        for place, workload in enumerate(WORKLOADS):
            for index, (side, share) in enumerate(found.get(workload, {}).items()):
                middle = place + (index - 1) * 0.27
                label = side if place == 0 else None
                axis.bar(middle, 100 * share, width=0.25, color=SIDES[side], label=label)
                axis.annotate(f"{100 * share:.0f}", (middle, 100 * share), ha="center", va="bottom", fontsize=7)
        axis.set_title(KINDS[kind], fontsize=10)
        axis.set_xticks(range(len(WORKLOADS)), [name.replace("512", "") for name in WORKLOADS], fontsize=8)
        axis.axhline(100, color="#999999", linewidth=0.8, linestyle="--")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("% of the ceiling")
    axes[0][0].set_ylim(0, 125)
    axes[0][0].legend(frameon=False, fontsize=8, loc="upper left", ncols=len(SIDES))
    figure.tight_layout()
    path = docs / "performance.svg"
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return [path]


if __name__ == "__main__":
    print(*write(), sep="\n")
