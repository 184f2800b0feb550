"""Composed steps against the steps that they are made of: the same bits, whatever the batch, and nobody's results are written over."""

import dataclasses
import shutil
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tests.engine.llama import manifest, program

from aweigh.engine.core import ModelSpec, Sequence
from aweigh.engine.run import model as models
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.engine.schedule.instructions import PlanRow
from aweigh.kernels import load as load_kernels
from aweigh.kernels.base import Ragged
from aweigh.kernels.cpu import block
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.memory.paging.arena import PagedArena
from aweigh.memory.paging.pager import Pager
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint
from aweigh.proto.dtypes import DType
from aweigh.proto.program import Program

BLOCK = 4
SPEC = ModelSpec("m", b"f", b"i", BLOCK)
TOKENS = [7, 1, 5, 9, 30, 2, 8, 3, 3, 60, 11, 4]
Make = Callable[..., Model]


@pytest.fixture(params=[1, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def model_of(made: Program, weights: Any, directory: Path, arena: Any) -> Model:
    structure = Structure(made, fingerprint(made), load_kernels("cpu"), torch.device("cpu"))
    structure.open_pools(KvStore(arena, 4 << 20), BLOCK)
    return Model("m", structure, load(weights, made.slots, Sources(Checkpoint(directory)), arena))


@pytest.fixture(params=[DType.FLOAT32, DType.BFLOAT16])
def make(request: pytest.FixtureRequest, tiny: Any, tmp_path: Path) -> Make:
    """Makes the tiny model, of a Program that may be changed before."""
    shape = dataclasses.replace(tiny.shape, dtype=request.param)
    directory = tiny.directory
    if request.param is DType.BFLOAT16:
        directory = tmp_path
        tensors = load_file(tiny.directory / "model.safetensors")
        save_file({name: one.bfloat16() for name, one in tensors.items()}, directory / "model.safetensors")
    frequencies = tiny.module.model.rotary_emb.inv_freq.float().numpy().tobytes()

    def made(change: Callable[[Program], Program] = lambda same: same) -> Model:
        return model_of(change(program(shape)), manifest(shape, frequencies), directory, HostArena())

    return made


def logits(model: Model, *rows: tuple[list[int], int, list[int]]) -> torch.Tensor:
    """Of a step whose rows are (tokens, how many were computed before, blocks)."""
    plan = [
        PlanRow(1, 0, Sequence(SPEC, array("q", tokens)), start, len(tokens) - start, (blocks,), 1)
        for tokens, start, blocks in rows
    ]
    with torch.inference_mode():
        return forward(model, plan, block_size=BLOCK).logits_RV


def steps(model: Model) -> list[torch.Tensor]:
    """A prompt, then decodes alone and beside another sequence, each size several times."""
    found = [logits(model, (TOKENS[:6], 0, [2, 0, 5])) for _ in range(3)]
    found += [logits(model, (TOKENS[: 7 + more], 6 + more, [2, 0, 5])) for more in range(4)]
    other = [4, 4, 9]
    found += [logits(model, (TOKENS[:11], 10, [2, 0, 5]), (other, 0, [3])) for _ in range(3)]
    return found


def uncomposed(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Any]) -> Any:
    with monkeypatch.context() as patch:
        patch.setattr(models, "covers", lambda *_: False)
        return run()


def test_the_same_bits(make: Make, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = uncomposed(monkeypatch, lambda: steps(make()))
    model = make()
    assert all(torch.equal(found, right) for found, right in zip(steps(model), expected, strict=True))
    body = model.function("body")
    made = body.composition((1,))
    assert made.tapes == 1 and made.native.total() == 17 and made.apart.total() < 11, "what makes angles is torch's"
    assert [len(runs.runs) for runs in body._compositions.values()] == [len(made.runs)] * 3, "sizes that came again"


def test_a_result_outlives_the_next_run(make: Make) -> None:
    model = make()
    kept = [logits(model, (TOKENS[:6], 0, [0, 1])) for _ in range(3)]
    copies = [one.clone() for one in kept]
    logits(model, (TOKENS[1:7], 0, [0, 1]))
    assert all(torch.equal(one, copy) for one, copy in zip(kept, copies, strict=True))
    assert model.function("head").composition((3,)).tapes == 0, "one call is not worth a tape"


def test_steps_that_no_tape_holds_stand_between_tapes(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """An activation without native code, in every layer."""

    def other(made: Program) -> Program:
        def changed(op: Any) -> Any:
            attributes = tuple((name, "mish" if name == "activation" else value) for name, value in op.attributes)
            return dataclasses.replace(op, attributes=attributes)

        functions = tuple(
            dataclasses.replace(
                function,
                blocks=tuple(
                    dataclasses.replace(block, ops=tuple(map(changed, block.ops))) for block in function.blocks
                ),
            )
            for function in made.functions
        )
        return dataclasses.replace(made, functions=functions)

    expected = uncomposed(monkeypatch, lambda: steps(make(other)))
    model = make(other)
    assert all(torch.equal(found, right) for found, right in zip(steps(model), expected, strict=True))
    layers = len(model.structure.program.states)
    assert model.function("body").composition((1,)).tapes == layers


def test_optional_outputs_leave_a_tape(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(model: Model) -> list[torch.Tensor]:
        found = []
        for _ in range(3):
            row = PlanRow(1, 0, Sequence(SPEC, array("q", TOKENS[:5])), 0, 5, ([0, 1],), 1)
            with torch.inference_mode():
                found.append(
                    forward(model, [row], outputs=("hidden_states",), block_size=BLOCK).outputs["hidden_states"]
                )
        return found

    expected = uncomposed(monkeypatch, lambda: run(make()))
    assert all(torch.equal(found, right) for found, right in zip(run(make()), expected, strict=True))


def test_too_much_for_the_block_runs_step_by_step(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [logits(make(), (TOKENS[:6], 0, [0, 1])) for _ in range(2)]
    monkeypatch.setattr(block, "SIZE", 4096)
    model = make()
    found = [logits(model, (TOKENS[:6], 0, [0, 1])) for _ in range(3)]
    assert all(torch.equal(one, expected[0]) for one in found)
    assert model.function("body").composition((6,)).native.total() == 0


def test_a_batch_of_another_length_is_refused(make: Make) -> None:
    model = make()
    for _ in range(2):
        logits(model, (TOKENS[:3], 0, [0]))
    body = model.function("body")
    ragged = Ragged.of([2], [2], [[0]], BLOCK)
    kind = torch.bfloat16 if model.structure.program.slots[0].dtype is DType.BFLOAT16 else torch.float32
    inputs = {"embeddings": torch.zeros(1, 3, 64, dtype=kind), "positions": torch.arange(3).unsqueeze(0)}
    with pytest.raises(ValueError, match="3 queries in a step of 2 tokens"), torch.inference_mode():
        body.run([inputs[name] for name in body.names], ragged)


def test_weights_that_come_and_go_give_the_same(tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage by stage while they come, on tapes while all of them are held, and again after they were taken away."""
    shutil.copy(tiny.directory / "model.safetensors", tmp_path)
    expected = uncomposed(monkeypatch, lambda: steps(model_of(tiny.program, tiny.manifest, tmp_path, HostArena())))
    pager = Pager(40, map_cached=False)
    model = model_of(tiny.program, tiny.manifest, tmp_path, PagedArena(pager))
    assert model.structure.pool is not None and len(model.structure.pool.grow() or ()) > 5
    for _ in range(2):
        found = steps(model)
        assert all(torch.equal(one, right) for one, right in zip(found, expected, strict=True))
    body = model.function("body")
    assert body._compositions and body._paged is not None and body._paged._ticket, "the last steps found all of it held"
    model.release()
    model.weights.close()
    model.structure.close_pools()
    pager.close()


def test_the_oldest_composition_goes_when_there_are_many(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_MOST_COMPOSITIONS", 2)
    model = make()
    runs = [[logits(model, (TOKENS[:count], 0, [0, 1])) for count in (1, 2, 3, 4)] for _ in range(4)]
    assert all(torch.equal(one, first) for found in runs for one, first in zip(found, runs[0], strict=True))
    assert [values for values, _, _ in model.function("body")._compositions] == [(3,), (4,)]
