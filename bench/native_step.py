"""A decode step as one start of native code, beside the same steps one by one, and beside what reading the weights takes.

    python -m bench.native_step [--model model-0.5b] [--rounds 30] [--context 64] [--llama LLAMA_BENCH --gguf FILE]

Both ways take turns and must give the same bits. The limit is the time in which as many threads read the weights that a token needs
(all but the embedding's table) where they lie, with loads of one vector after the other and prefetches in native code, measured in the same rounds. Time outside
native code is a step's time less what passed between start and end of its native starts. llama.cpp, if it is named, decodes the same weights
in bfloat16 on as many threads.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.make_model import made
from bench.record import Goal, Record, Series

BLOCK = 16
_STREAMS = 8
"""Vectors that are summed side by side where the limit is measured."""
_NEXT = 1024
"""Elements ahead that are asked for: a page."""


def reader(weights: Sequence[Any]) -> Callable[[], float]:
    """A function that reads tensors where they lie, on all threads, and returns the seconds that it took."""
    import torch

    from aweigh.kernels import mlir
    from aweigh.kernels.cpu import builder as b
    from aweigh.kernels.cpu.builder import LANES, Value
    from aweigh.kernels.cpu.native import compiled

    chunk = _STREAMS * LANES

    def task(table: Value, thread: Value, threads: Value) -> None:
        sink = b.pointer_field(table, 2)
        kind = b.vector_type(LANES, mlir.ir.IntegerType.get_signless(32))
        element = kind.element_type

        def tensor(index: Value, sums: list[Value]) -> list[Value]:
            entry = b.offset(table, b.add(b.multiply(index, b.integer(2)), b.integer(3)), b.integer_type())
            source = b.pointer_field(entry, 1)
            part = b.round_down(b.divide(b.field(entry, 0), threads), chunk)
            first = b.multiply(thread, part)
            return b.fold(first, b.add(first, part), chunk, sums, lambda at, sums: read(source, at, sums))

        def read(source: Value, at: Value, sums: list[Value]) -> list[Value]:
            starts = [b.offset(source, b.add(at, b.integer(i * LANES)), element) for i in range(_STREAMS)]
            for start in starts:
                b.prefetch(b.offset(start, b.integer(_NEXT), element))
            loaded = [b.load(start, kind, 4) for start in starts]
            return [mlir.arith.addi(total, vector) for total, vector in zip(sums, loaded, strict=True)]

        sums = b.fold(b.integer(0), b.field(table, 1), 1, [b.filled_integers(kind, 0)] * _STREAMS, tensor)
        for i, total in enumerate(sums):
            at = b.add(b.multiply(thread, b.integer(chunk)), b.integer(i * LANES))
            b.store(total, b.offset(sink, at, element), 4)

    native, threads = compiled(lambda: task), torch.get_num_threads()
    places = [entry for one in weights for entry in (one.nbytes // 4, one.data_ptr())]
    sink = torch.empty(threads * chunk, dtype=torch.int32)

    def run() -> float:
        begin = time.perf_counter()
        native.run((threads, len(weights), sink.data_ptr(), *places))
        return time.perf_counter() - begin

    return run


class Decoder:
    """A model in this process that decodes a token behind so many others, again and again."""

    def __init__(self, folder: Path, context: int) -> None:
        import torch

        from aweigh.compiler.client import compile_model
        from aweigh.engine.core import ModelSpec
        from aweigh.engine.core import Sequence as Tokens
        from aweigh.engine.run.forward import forward
        from aweigh.engine.run.model import Model
        from aweigh.engine.run.structure import Structure
        from aweigh.engine.schedule.instructions import PlanRow
        from aweigh.kernels import load as load_kernels
        from aweigh.memory.checkpoint.directory import Checkpoint
        from aweigh.memory.host_arena import HostArena
        from aweigh.memory.kv import KvStore
        from aweigh.memory.sources import Sources
        from aweigh.memory.weights import load
        from aweigh.proto.convert import program_from_message
        from aweigh.proto.convert_manifest import manifest_from_message

        compiled, arena = compile_model(folder), HostArena()
        program = program_from_message(compiled.program)
        structure = Structure(program, compiled.fingerprint, load_kernels("cpu"), torch.device("cpu"))
        structure.open_pools(KvStore(arena, 1 << 28), BLOCK)
        manifest = manifest_from_message(compiled.manifest)
        self.model = Model("m", structure, load(manifest, program.slots, Sources(Checkpoint(folder)), arena))
        slots = [slot for function in ("body", "head") for slot in structure.plan(function).reads]
        self.weights = [self.model.weights.tensor(slot) for slot in slots]
        self.bytes = sum(one.nbytes for one in self.weights)
        tokens = Tokens(ModelSpec("m", b"f", b"i", BLOCK), array("q", [11 + i % 100 for i in range(context + 1)]))
        blocks = list(range(context // BLOCK + 1))

        def run(start: int, count: int) -> Any:
            row = PlanRow(1, 0, tokens, start, count, (blocks,), 1)
            with torch.inference_mode():
                return forward(self.model, [row], block_size=BLOCK).logits_RV

        run(0, context)
        self._run: Callable[[], Any] = lambda: run(context, 1)

    def step(self, *, composed: bool) -> tuple[float, Any]:
        """Seconds of a step and its logits."""
        for name in ("body", "head"):
            self.model.function(name)._composes = composed
        begin = time.perf_counter()
        logits = self._run()
        return time.perf_counter() - begin, logits


class Clock:
    """Seconds inside native code since `start`."""

    def __init__(self) -> None:
        from aweigh.kernels.cpu.native import Native
        from aweigh.kernels.cpu.tape import Ready

        self.seconds = 0.0
        for kind in (Native, Ready):
            setattr(kind, "run", self._timed(kind.run))  # noqa: B010  (a method, for the time of this measurement)

    def _timed(self, run: Callable[..., None]) -> Callable[..., None]:
        def timed(*arguments: Any) -> None:
            begin = time.perf_counter()
            run(*arguments)
            self.seconds += time.perf_counter() - begin

        return timed


def llama(program: Path, gguf: Path, threads: int) -> float:
    """Seconds a token of llama.cpp."""
    words = [str(program), "-m", str(gguf), "-t", str(threads), "-p", "0", "-n", "32", "-r", "1", "-o", "json"]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return 1.0 / float(json.loads(done.stdout)[0]["avg_ts"])


def measure(name: str, rounds: int, context: int, peer: tuple[Path, Path] | None) -> Record:
    """Take turns `rounds` times, after three that do not count."""
    import torch

    decoder = Decoder(made(name), context)
    read = reader(decoder.weights)
    values: dict[str, list[float]] = {"steps one by one": [], "composed": [], "reading the weights": []}
    outside: list[float] = []
    clock = Clock()
    for number in range(rounds + 3):
        apart, expected = decoder.step(composed=False)
        clock.seconds = 0.0
        together, found = decoder.step(composed=True)
        between = together - clock.seconds
        limit = read()
        assert torch.equal(expected, found), "the answer changed"
        if number >= 3:
            for key, seconds in zip(values, (apart, together, limit), strict=True):
                values[key].append(seconds)
            outside.append(between / together)
    if peer is not None:
        values["llama.cpp"] = [llama(*peer, torch.get_num_threads()) for _ in range(5)]
    series = {key: Series(unit="s", values=seconds) for key, seconds in values.items()}
    composed = series["composed"].median
    goals = {
        "share of the read limit": Goal(value=series["reading the weights"].median / composed, at_least=0.9),
        "one by one / composed": Goal(value=series["steps one by one"].median / composed),
        "outside native code": Goal(value=sorted(outside)[len(outside) // 2], at_most=0.03),
    }
    if peer is not None:
        goals["llama.cpp / composed"] = Goal(value=series["llama.cpp"].median / composed, at_least=1.2)
    made_of = decoder.model.function("body").composition((1,))
    return Record(
        name="native_step",
        series=series,
        goals=goals,
        facts={
            "model": name,
            "context": context,
            "threads": torch.get_num_threads(),
            "tokens/s": {key: round(1 / one.median, 1) for key, one in series.items()},
            "tokens/s at best": {key: round(1 / min(one.values), 1) for key, one in series.items()},
            "GB that a token reads": round(decoder.bytes / 1e9, 3),
            "steps of the body on tapes": f"{made_of.native.total()} of {(made_of.native + made_of.apart).total()}, {made_of.tapes} starts",
            "same_bits": True,
        },
    )


def main() -> None:
    """Measure and write `results/native_step.json`."""
    parser = argparse.ArgumentParser(description="A decode step as one start of native code.")
    parser.add_argument("--model", default="model-0.5b")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--context", type=int, default=64)
    parser.add_argument("--llama", type=Path, help="llama.cpp's llama-bench, to compare with; needs --gguf")
    parser.add_argument("--gguf", type=Path, help="the same model for llama.cpp, bfloat16")
    options = parser.parse_args()
    peer = (options.llama, options.gguf) if options.llama else None
    record = measure(options.model, options.rounds, options.context, peer)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
