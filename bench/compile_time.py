"""How long a model waits for its Program: at first sight, and when another checkpoint of its structure was seen before.

    python -m bench.compile_time [--rounds 5]

Each run is a fresh process with an empty cache, as a script's process is. Of a first sight the importing of torch and transformers by the
compiler's process is told apart: it is paid once for all models of a script.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.record import Goal, Record, Series

DEPTHS = (8, 32, 64)
_ASK = """
import json, sys, time
from aweigh.compiler.client import compile_model
begin = time.perf_counter()
stages = []
def tell(stage, done=0, total=0, /, *, of_bytes=False):
    stages.append((stage, time.perf_counter()))
compile_model(sys.argv[1], tell=tell)
end = time.perf_counter()
imported = next((later for (stage, _), (_, later) in zip(stages, stages[1:]) if stage == "importing transformers"), begin)
print(json.dumps({"whole": end - begin, "compiled": end - imported}))
"""


def write_checkpoint(folder: Path, depth: int) -> None:
    """Saves a Llama of so many layers; how wide they are is nothing to the compiler."""
    import transformers

    config = transformers.LlamaConfig(
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=depth,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=256,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)


def ask(folder: Path, cache: Path) -> dict[str, float]:
    """Seconds of one request in a process of its own: `whole`, and `compiled` without the compiler's imports."""
    environment = {**os.environ, "AWEIGH_CACHE": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(folder)], env=environment, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measures, prints and records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    compiled: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    whole: list[float] = []
    known: list[float] = []
    with tempfile.TemporaryDirectory(prefix="aweigh-bench-") as temporary:
        root = Path(temporary)
        for depth in DEPTHS:
            write_checkpoint(root / f"depth-{depth}", depth)
        write_checkpoint(root / "again", 32)
        for number in range(rounds):
            cache = root / f"cache-{number}"
            for depth in DEPTHS:
                seen = ask(root / f"depth-{depth}", cache)
                compiled[depth].append(seen["compiled"])
                if depth == 32:
                    whole.append(seen["whole"])
            known.append(ask(root / "again", cache)["whole"])
    series = {
        **{f"first sight of {depth} layers": Series(unit="s", values=compiled[depth]) for depth in DEPTHS},
        "first sight of 32 layers with the compiler's imports": Series(unit="s", values=whole),
        "another checkpoint of a known structure": Series(unit="s", values=known),
    }
    middle = {depth: series[f"first sight of {depth} layers"].median for depth in DEPTHS}
    record = Record(
        name="compile_time",
        series=series,
        goals={
            "first sight, s": Goal(value=middle[32], at_most=3.0),
            "known structure, s": Goal(value=series["another checkpoint of a known structure"].median, at_most=0.2),
            "64 layers / 8 layers": Goal(value=middle[64] / middle[8]),
        },
    )
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
