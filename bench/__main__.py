"""The table of docs/performance.md, all of it: one measurement after the other, then the plots.

    python -m bench [--openvino PYTHON] [--llama FOLDER] [--files FOLDER] [--only NAME]

`make bench PEERS="..."` runs this. Peers take part where they are named. FOLDER of --files has the same model for them, as MODEL-KIND.gguf and MODEL-KIND-openvino
(KIND: bf16, int8, int4); what is not there is left out. The machine should have nothing else to do: figures are ratios within one run, but threads that
wait for their turn are in them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.record import RESULTS

MODEL = "model-0.5b"


def measurements(openvino: str | None, llama: Path | None, files: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Result and command of each."""

    def peers(kind: str) -> list[str]:
        words: list[str] = []
        converted = files and files / f"{MODEL}-{kind}-openvino"
        if openvino and converted and converted.exists():
            words += ["--openvino", openvino, str(converted)]
        gguf = files and files / f"{MODEL}-{kind}.gguf"
        if llama and gguf and gguf.exists():
            words += ["--llama", str(llama), "--gguf", str(gguf)]
        return words

    step = ["bench.native_step"]
    gguf = files and files / f"{MODEL}-bf16.gguf"
    if llama and gguf and gguf.exists():
        step += ["--llama", str(llama / "llama-bench"), "--gguf", str(gguf)]
    yield "native_step", step
    yield "peers_model_0_5b", ["bench.peers", *peers("bf16")]
    for kind in ("int8", "int4"):
        yield f"peers_model_0_5b_{kind}", ["bench.peers", "--bits", kind, *peers(kind)]
    yield "lookup", ["bench.lookup"]


def table(name: str) -> None:
    """Prints what a measurement claims."""
    from rich.console import Console
    from rich.table import Table

    found = Table(title=name, title_justify="left")
    for column in ("figure", "value", "asked"):
        found.add_column(column, justify="left" if column == "figure" else "right")
    for figure, goal in json.loads((RESULTS / f"{name}.json").read_text())["goals"].items():
        asked = f">= {goal['at_least']}" if "at_least" in goal else f"<= {goal['at_most']}" if "at_most" in goal else ""
        found.add_row(figure, f"{goal['value']:.3g}", asked, style=None if goal.get("met", True) else "red")
    Console().print(found)


def main() -> int:
    """Measures, prints the claims, plots. Returns 1 where a measurement failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="The table of docs/performance.md.")
    parser.add_argument("--openvino", help="a Python with openvino-genai")
    parser.add_argument("--llama", type=Path, help="the folder of llama.cpp's programs")
    parser.add_argument("--files", type=Path, help="the model as the peers read it")
    parser.add_argument("--only", action="append", default=[], help="a result's name; may be repeated")
    options = parser.parse_args()
    threads = str(len(os.sched_getaffinity(0)))
    failed = []
    for name, words in measurements(options.openvino, options.llama, options.files):
        if options.only and name not in options.only:
            continue
        environment = {**os.environ, "OMP_NUM_THREADS": threads}
        command = [sys.executable, "-m", *words]
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            failed.append(name)
        else:
            table(name)
    from bench.plots import write

    print(*write(), sep="\n")
    if failed:
        print("failed: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
