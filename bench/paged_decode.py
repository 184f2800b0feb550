"""Decoding with a model that is a third larger than its arena: how near a step comes to what must be read and computed.

    python -m bench.paged_decode [--rounds 7] [--model model-0.5b] [--llama LLAMA_BENCH --gguf FILE]

Of N frames that every step uses, an arena of C must read at least N - C a step (Belady's MIN on a loop). The bound of a step is the longer of
two times: reading that much at the rate that the disk gives (four threads, 4 MiB each, past the page cache, no code of ours), and the same step
with everything resident. The page cache is not used, as on a machine whose memory is full. Steps of all sides take turns, and their logits are
compared.

llama.cpp, if it is named, decodes with the same weights in bfloat16 (`gguf` made of the same directory), mapped, under a limit of
memory: as many bytes as our arena has for weights, and what it was seen to take beside its file without a limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.cold_load import evicted, limit
from bench.make_model import made
from bench.memory_limit import limited
from bench.record import Goal, Record, Series

BLOCK = 16
SHARE = 0.75
KV_FRAMES = 16


def stepper(compiled: Any, folder: Path, frames: int) -> tuple[Callable[[], tuple[float, Any]], Any]:
    """A function that decodes one token and returns its seconds and logits, and the pager below."""
    import time

    import torch

    from aweigh.engine.core import ModelSpec, Sequence
    from aweigh.engine.run.forward import forward
    from aweigh.engine.run.model import Model
    from aweigh.engine.run.structure import Structure
    from aweigh.engine.schedule.instructions import PlanRow
    from aweigh.kernels import load as load_kernels
    from aweigh.memory.checkpoint.directory import Checkpoint
    from aweigh.memory.core import PAGE_BYTES
    from aweigh.memory.kv import KvStore
    from aweigh.memory.paging.arena import PagedArena
    from aweigh.memory.paging.pager import Pager
    from aweigh.memory.sources import Sources
    from aweigh.memory.weights import load
    from aweigh.proto.convert import program_from_message
    from aweigh.proto.convert_manifest import manifest_from_message

    program = program_from_message(compiled.program)
    structure = Structure(program, compiled.fingerprint, load_kernels("cpu"), torch.device("cpu"))
    pager = Pager(frames + KV_FRAMES, map_cached=False)
    pager.touch()
    arena = PagedArena(pager)
    structure.open_pools(KvStore(arena, KV_FRAMES * PAGE_BYTES), BLOCK)
    assert structure.pool is not None
    blocks = structure.pool.grow()
    assert blocks is not None
    sources = Sources(Checkpoint(folder))
    model = Model("m", structure, load(manifest_from_message(compiled.manifest), program.slots, sources, arena))
    tokens = Sequence(ModelSpec("m", b"f", b"i", BLOCK), array("q", [11, 12, 13, 14]))

    def step() -> tuple[float, Any]:
        row = PlanRow(1, 0, tokens, 3, 1, ([blocks[0]],), 1)
        with torch.inference_mode():
            begin = time.perf_counter()
            logits = forward(model, [row], block_size=BLOCK).logits_RV
            return time.perf_counter() - begin, logits.clone()

    return step, pager


def regions(pager: Any) -> int:
    """Frames of all that a model has."""
    return sum(paged.region.frames for paged in pager._paged.values())


def llama(program: Path, gguf: Path, most_bytes: int, threads: int) -> tuple[float, int]:
    """Seconds a token of llama.cpp in so many bytes, and the most that it had. The file's pages are its own: they were dropped before."""
    evicted(gguf)
    words = [str(program), "-m", str(gguf), "-t", str(threads), "-p", "0", "-n", "8", "-r", "1", "-o", "json"]
    with limited(most_bytes) as group:
        done = subprocess.run(
            [*group.start, *words, "-lm", "mmap"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
        peak = group.peak()
    return 1.0 / float(json.loads(done.stdout)[0]["avg_ts"]), peak


def measure(model: str, rounds: int, peer: tuple[Path, Path] | None) -> Record:
    """Take turns `rounds` times, after one that does not count."""
    import torch

    from aweigh.compiler.client import compile_model

    folder = made(model)
    file = folder / "model.safetensors"
    compiled = compile_model(folder)
    resident, whole = stepper(compiled, folder, file.stat().st_size * 5 // 4 >> 21)
    total = regions(whole)
    room = int(total * SHARE)
    paged, _ = stepper(compiled, folder, room)
    disk = limit(file)
    own = 0
    if peer is not None:
        own = max(llama(*peer, 1 << 40, torch.get_num_threads())[1] - peer[1].stat().st_size, 0)
    values: dict[str, list[float]] = {"resident step": [], "paged step": [], "disk": []}
    for number in range(rounds + 1):
        (here, expected), (there, found), rate = resident(), paged(), disk()
        assert torch.equal(found, expected), "the answer changed"
        if number:
            values["resident step"].append(here)
            values["paged step"].append(there)
            values["disk"].append(rate)
            if peer is not None:
                seconds = llama(*peer, own + (room << 21), torch.get_num_threads())[0]
                values.setdefault("llama.cpp, mapped", []).append(seconds)
    series = {name: Series(unit="s", values=seconds) for name, seconds in values.items()}
    missing = (total - room) * (1 << 21) / file.stat().st_size
    bound = max(series["resident step"].median, series["disk"].median * missing)
    goals = {"share of the bound": Goal(value=bound / series["paged step"].median, at_least=0.85)}
    if peer is not None:
        other = series["llama.cpp, mapped"].median / series["paged step"].median
        goals["llama.cpp under the same limit / paged step"] = Goal(value=other, at_least=2.0)
    return Record(
        name="paged_decode",
        series=series,
        goals=goals,
        facts={
            "model": model,
            "frames_of_the_model": total,
            "frames_for_weights": room,
            "bound_s": round(bound, 4),
            "tokens_equal": True,
        },
    )


def main() -> None:
    """Measure and write `results/paged_decode.json`."""
    parser = argparse.ArgumentParser(description="A model that is larger than its arena.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--llama", type=Path, help="llama.cpp's llama-bench, to compare with; needs --gguf, and root for its limit"
    )
    parser.add_argument("--gguf", type=Path, help="the same model for llama.cpp, bfloat16")
    options = parser.parse_args()
    record = measure(options.model, options.rounds, (options.llama, options.gguf) if options.llama else None)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
