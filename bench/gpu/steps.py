"""Whole steps of a model through the engine's own runner: decode at several sizes of batch and context, and prefill.

Legend: R rows whose logits are wanted, V vocabulary.
"""

from __future__ import annotations

import struct
import tempfile
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import torch

from aweigh.engine.core import ModelSpec, Sequence
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.engine.schedule.instructions import PlanRow
from aweigh.kernels import load as load_kernels
from aweigh.memory.arena import arena_for
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.kv import KvStore
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.convert import program_from_message
from aweigh.proto.convert_manifest import manifest_from_message
from aweigh.proto.v1 import program_pb2
from bench.gpu.limits import timed
from bench.gpu.program import SHAPES, hollow
from bench.record import Goal, Series

BLOCK = 16
DECODE = 0.8
PREFILL = 0.6
Measured = tuple[dict[str, Series], dict[str, Goal], dict[str, object]]


class Loaded:
    """The model of a Program file on a device, with random weights, and room for so many tokens' keys and values."""

    def __init__(self, path: Path, master: str, device: torch.device, kv_bytes: int) -> None:
        name, program_bytes, manifest_bytes, fingerprint = parts(path)
        program = program_from_message(program_pb2.Program.FromString(program_bytes))
        manifest = manifest_from_message(program_pb2.Manifest.FromString(manifest_bytes))
        arena = arena_for(device)
        self.structure = Structure(program, fingerprint, load_kernels(master), device)
        self.structure.open_pools(KvStore(arena, kv_bytes), BLOCK)
        with tempfile.TemporaryDirectory() as temporary:
            sources = Sources(Checkpoint(hollow(Path(temporary), SHAPES[name.decode()])))
            self.weights = load(manifest, program.slots, sources, arena)
            sources.close()
        if device.type == "cuda":
            for slot in range(len(program.slots)):
                self.weights.tensor(slot).normal_(0.0, 0.02)
        self.model = Model("m", self.structure, self.weights)
        self.spec = ModelSpec("m", b"f", b"i", BLOCK)
        pool = self.structure.pool
        assert pool is not None
        self.blocks: list[int] = []
        while (more := pool.grow()) is not None:
            self.blocks += more

    def step(self, sequences: int, context: int, count: int) -> Callable[[], object] | None:
        """A step of so many sequences, each of which adds `count` tokens to its context; None where their keys and values find no room."""
        each = -(-context // BLOCK)
        if each * sequences > len(self.blocks):
            return None
        tokens = array("q", [7]) * context
        rows = []
        for number in range(sequences):
            own = self.blocks[number * each : (number + 1) * each]
            sequence = Sequence(self.spec, tokens)
            rows.append(PlanRow(number + 1, 0, sequence, context - count, count, (own,), 1))

        def run() -> object:
            with torch.inference_mode():
                return forward(self.model, rows, block_size=BLOCK).logits_RV

        return run


def parts(path: Path) -> list[bytes]:
    """What `program.py` wrote: name, Program, manifest, fingerprint."""
    data = path.read_bytes()
    found = []
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        found.append(data[at + 8 : at + 8 + length])
        at += 8 + length
    return found


def measure_steps(
    path: Path, master: str, device: torch.device, copied: Series, multiplied: Series, until: float
) -> Measured:
    """Series and goals of decode (bytes of weights and context over the copy rate) and of prefill (operations over the matrix rate)."""
    free = torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else 1 << 28
    weights = sum(struct_bytes(path))
    loaded = Loaded(path, master, device, max(1 << 24, int(0.85 * free) - weights))
    pool = loaded.structure.pool
    assert pool is not None
    of_a_token = pool.block_bytes / BLOCK
    series: dict[str, Series] = {}
    goals: dict[str, Goal] = {}
    left_out: list[str] = []
    for sequences in (1, 8, 64, 256):
        for context in (1024, 8192, 32768):
            name = f"decode {sequences} x {context}"
            run = loaded.step(sequences, context, 1) if time.monotonic() < until else None
            if run is None:
                left_out.append(name)
                continue
            series[name] = Series(unit="s", values=timed(run, device))
            ideal = (weights + of_a_token * sequences * context) / copied.median
            least = DECODE if sequences == 1 else None
            goals[f"{name}: share of the copy rate"] = Goal(value=ideal / series[name].median, at_least=least)
    for count in (512, 2048):
        name = f"prefill {count}"
        run = loaded.step(1, count, count) if time.monotonic() < until else None
        if run is None:
            left_out.append(name)
            continue
        series[name] = Series(unit="s", values=timed(run, device))
        ideal = weights * count / multiplied.median  # two operations for each weight of two bytes
        goals[f"{name}: share of the matrix rate"] = Goal(value=ideal / series[name].median, at_least=PREFILL)
    return series, goals, {"steps_left_out": left_out, "weight_bytes": weights}


def struct_bytes(path: Path) -> list[int]:
    """Bytes of each slot that a token reads: of all but the embedding, which is the largest beside the head, a row."""
    program = program_from_message(program_pb2.Program.FromString(parts(path)[1]))
    sizes = [slot.dtype.size for slot in program.slots]
    for index, slot in enumerate(program.slots):
        for dim in slot.shape:
            sizes[index] *= dim
    sizes.remove(max(sizes))
    return sizes
