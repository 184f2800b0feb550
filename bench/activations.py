"""What steps take of memory and what taking it costs: planned bytes with and without reuse, and steps whose process keeps what they free.

    python -m bench.activations

BERT-base, ViT-B/16 and ResNet-50 by size, and the prefill of a Llama of eight layers, float32, each through the engine's runner, on the
thread of one process that has the C library's own settings and of one that has those of a worker (`memory/heap.py`). The two take turns;
seconds are CPU time, which other processes disturb least, page faults are those of the whole step.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.record import Goal, Record, Series

NETWORKS = {"bert_base, batch 8": ("bert_base", 8), "vit_b, batch 8": ("vit_b", 8), "vit_b, batch 16": ("vit_b", 16), "resnet50, batch 8": ("resnet50", 8)}  # fmt: skip
PREFILL = "llama, 512 tokens"
CASES = (*NETWORKS, PREFILL)
LLAMA = {"model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816, "num_hidden_layers": 8, "num_attention_heads": 16, "vocab_size": 32000}  # fmt: skip
TOKENS, BLOCK = 512, 16
_AT_LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step to run, and the bytes that its plan says: with reuse and without."""

    step: Callable[[], object]
    shared: int
    apart: int


def network(name: str, batch: int, folder: Path) -> Prepared:
    """A network of `scripts/networks.py`, compiled and bound in this process."""
    import importlib

    import torch
    from safetensors.torch import save_file

    from aweigh.compiler.capture.exported import exported_bytes
    from aweigh.compiler.client import compile_graph
    from aweigh.proto.v1 import compiler_pb2

    torch.manual_seed(0)
    made = importlib.import_module("bench.scripts.networks").NETWORKS[name]().eval()
    inputs = made.inputs(batch)
    program = torch.export.export(made, inputs, strict=False)
    held = {**program.state_dict, **{n: one for n, one in program.constants.items() if isinstance(one, torch.Tensor)}}
    save_file({n: one.detach().clone().contiguous() for n, one in held.items()}, folder / "model.safetensors")
    model = bound(compile_graph(compiler_pb2.CompileRequest(graph=exported_bytes(program))), folder)
    function = model.function("main")
    given = [inputs[int(entry)] for entry in function.names]
    planned = function.plan.activations
    return Prepared(lambda: function.run(given), planned.bytes(()), planned.bytes_apart(()))


def prefill(folder: Path) -> Prepared:
    """A prompt of TOKENS tokens through a Llama with random weights."""
    import torch
    import transformers

    from aweigh.compiler.client import compile_model
    from aweigh.engine.core import ModelSpec, Sequence
    from aweigh.engine.run.forward import forward
    from aweigh.engine.schedule.instructions import PlanRow

    torch.manual_seed(0)
    config = transformers.LlamaConfig.from_dict(LLAMA)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    model = bound(compile_model(folder, dtype="float32"), folder)
    sequence = Sequence(ModelSpec("m", b"f", b"i", BLOCK), array("q", range(TOKENS)))
    row = PlanRow(1, 0, sequence, 0, TOKENS, (list(range(TOKENS // BLOCK)),), 1)
    planned = model.structure.plan("body").activations
    step = lambda: forward(model, [row], block_size=BLOCK)
    return Prepared(step, planned.bytes((TOKENS,)), planned.bytes_apart((TOKENS,)))


def bound(compiled: Any, folder: Path) -> Any:
    """A model with the weights of a checkpoint, as a worker has it."""
    import torch

    from aweigh.engine.run.model import Model
    from aweigh.engine.run.structure import Structure
    from aweigh.kernels import load as load_kernels
    from aweigh.memory.checkpoint.directory import Checkpoint
    from aweigh.memory.host_arena import HostArena
    from aweigh.memory.kv import KvStore
    from aweigh.memory.sources import Sources
    from aweigh.memory.weights import load
    from aweigh.proto.convert import program_from_message
    from aweigh.proto.convert_manifest import manifest_from_message

    program = program_from_message(compiled.program)
    structure = Structure(program, compiled.fingerprint, load_kernels("cpu"), torch.device("cpu"))
    arena = HostArena()
    structure.open_pools(KvStore(arena, 1 << 28), BLOCK)
    sources = Sources(Checkpoint(folder))
    return Model("m", structure, load(manifest_from_message(compiled.manifest), program.slots, sources, arena))


def child(case: str, *, keep: bool) -> None:
    """Prepares a case, prints its plan, and runs a step and prints what it took for each line that comes."""
    from aweigh.memory.heap import HEAP

    if keep:
        HEAP.hold()

    def work() -> None:
        import torch

        torch.set_num_threads(1)
        with tempfile.TemporaryDirectory(prefix="aweigh-") as folder, torch.inference_mode():
            prepared = prefill(Path(folder)) if case == PREFILL else network(*NETWORKS[case], Path(folder))
            prepared.step()
            print(json.dumps({"shared": prepared.shared, "apart": prepared.apart}), flush=True)
            for _ in sys.stdin:
                faults, begin = _faults(), time.thread_time()
                prepared.step()
                print(json.dumps({"seconds": time.thread_time() - begin, "faults": _faults() - faults}), flush=True)

    thread = threading.Thread(target=work)  # a worker's steps have a thread, too
    thread.start()
    thread.join()


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


class _Child:
    """The process of one case and one side."""

    def __init__(self, case: str, *, keep: bool) -> None:
        command = [sys.executable, "-m", "bench.activations", "--child", case, *(["--keep"] if keep else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = self.hear()

    def hear(self) -> dict[str, float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        while line and not line.startswith("{"):
            line = self.process.stdout.readline()
        found: dict[str, float] = json.loads(line)
        return found

    def step(self) -> dict[str, float]:
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)
        return self.hear()

    def close(self) -> None:
        self.process.communicate(timeout=60)


def measure(cases: list[str], rounds: int) -> Record:
    """Each case in turn."""
    series: dict[str, Series] = {}
    goals: dict[str, Goal] = {}
    facts: dict[str, Any] = {"dtype": "float32", "threads": 1}
    for case in cases:
        kept, plain = _Child(case, keep=True), _Child(case, keep=False)
        rows = [(kept.step(), plain.step()) for _ in range(rounds)]
        kept.close()
        plain.close()
        series[f"{case}, memory kept"] = Series(unit="s", values=[one["seconds"] for one, _ in rows])
        series[f"{case}, as it comes"] = Series(unit="s", values=[other["seconds"] for _, other in rows])
        ratio = statistics.median(other["seconds"] / one["seconds"] for one, other in rows)
        goals[f"{case}, as it comes / memory kept"] = Goal(value=ratio, at_least=_AT_LEAST)
        facts[case] = {
            "planned_bytes": kept.said["shared"],
            "planned_bytes_without_reuse": kept.said["apart"],
            "page_faults_memory_kept": statistics.median(one["faults"] for one, _ in rows),
            "page_faults_as_it_comes": statistics.median(other["faults"] for _, other in rows),
        }
        print(f"{case}: {ratio:.3f} {facts[case]}", file=sys.stderr)
    return Record(name="activations", series=series, goals=goals, facts=facts)


def main() -> None:
    """Measure and write `results/activations.json`."""
    parser = argparse.ArgumentParser(description="Memory of steps, and what taking it costs.")
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=CASES)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, keep=options.keep)
        return
    record = measure(options.cases, options.rounds)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
