"""A Program that chooses keys, by hand: what a structure refuses of it, and that chunks, batches and forks answer as one run does."""

from array import array
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from aweigh.engine.core import ModelSpec, Sequence
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
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.expression import Symbol
from aweigh.proto.program import (
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    KeyValueState,
    Manifest,
    Op,
    Program,
    RecurrentState,
    Slot,
    State,
    TensorType,
)

T, F32 = Symbol(0), DType.FLOAT32
HEADS, SIZE, VOCABULARY, COUNT, BLOCK = 2, 4, 11, 2, 2
HIDDEN, CHOSEN = HEADS * SIZE, COUNT * BLOCK + BLOCK - 1
STATES: tuple[State, ...] = (KeyValueState(1, SIZE, 0, F32), KeyValueState(HEADS, SIZE, SIZE, F32))


def kind(*dims: Any) -> TensorType:
    return TensorType(F32, dims)


def program(states: tuple[State, ...] = STATES, selection: TensorType | None = None, **changed: Any) -> Program:
    """Embeddings, a choice of keys by them, attention over what was chosen, and the table again. `changed`: attributes, by op."""

    def op(name: str, operands: Any, result: TensorType, **attributes: Any) -> Op:
        said = attributes | changed.get(name, {})
        return Op(name, operands, (result,), tuple(sorted(said.items())))

    table, heads = kind(VOCABULARY, HIDDEN), kind(1, HEADS, T, SIZE)
    chosen = selection or TensorType(DType.INT32, (1, T, CHOSEN))
    ops = (
        op("weight", (), table, slot=0),  # 2
        op("embedding", (0, 2), kind(1, T, HIDDEN)),  # 3
        op("aten.reshape.default", (3,), kind(1, T, HEADS, SIZE), shape=(1, T, HEADS, SIZE)),  # 4
        op("aten.slice.Tensor", (3,), kind(1, T, SIZE), dim=2, start=0, end=SIZE),  # 5
        op("select", (4, 5), chosen, state=0, count=COUNT, scale=1.0, block=BLOCK),  # 6
        op("aten.transpose.int", (4,), heads, dim0=1, dim1=2),  # 7
        op("attend", (7, 7, 7, None, None, 6), kind(1, T, HEADS, SIZE), state=1, scale=0.5),  # 8
        op("aten.reshape.default", (8,), kind(1, T, HIDDEN), shape=(1, T, HIDDEN)),  # 9
    )
    ids = TensorType(DType.INT64, (1, T))
    inputs = (FunctionInput("token_ids", ids), FunctionInput("positions", ids))
    body = Function("body", ("T",), inputs, (Block(ops, yields=(9,)),), (FunctionOutput("hidden", 10),))
    logits = (op("weight", (), table, slot=0), op("linear", (0, 1), kind(1, T, VOCABULARY)))
    given = (FunctionInput("hidden", kind(1, T, HIDDEN)),)
    head = Function("head", ("R",), given, (Block(logits, yields=(2,)),), (FunctionOutput("logits", 3),))
    return Program((Slot(F32, (VOCABULARY, HIDDEN)),), states, (body, head))


def structure(made: Program) -> Structure:
    return Structure(made, b"f", load_kernels("reference"), torch.device("cpu"))


@pytest.fixture
def model(tmp_path: Any) -> Iterator[Model]:
    made, arena, numbers = program(), HostArena(), torch.Generator().manual_seed(0)
    weights = {str(n): torch.randn(slot.shape, generator=numbers) for n, slot in enumerate(made.slots)}
    save_file(weights, tmp_path / "model.safetensors")
    manifest = Manifest(list(weights))
    held = structure(made)
    held.open_pools(KvStore(arena, 1 << 20), 4)
    with torch.inference_mode():
        yield Model("m", held, load(manifest, made.slots, Sources(Checkpoint(str(tmp_path))), arena))


def row(tokens: list[int], start: int, *blocks: int) -> PlanRow:
    sequence = Sequence(ModelSpec("m", b"f", b"i", 4), array("q", tokens))
    return PlanRow(1, 0, sequence, start, len(tokens) - start, (list(blocks),), len(tokens) - start, 0)


def test_chunks_batches_and_forks_answer_as_one_run(model: Model) -> None:
    def step(rows: list[PlanRow]) -> torch.Tensor:
        return forward(model, rows, block_size=4).logits_RV

    tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 8, 7]
    whole = step([row(tokens, 0, 0, 1, 2)])
    assert model.structure.pool is not None
    model.structure.pool.key(0)[3:].fill_(float("nan"))
    step([row(tokens[:3], 0, 7)])
    mixed = step([row([7, 7], 0, 6), row(tokens[:8], 3, 7, 4)])
    fork = step([row([*tokens[:8], 10], 8, 7, 4, 5), row(tokens, 8, 7, 4, 3)])
    assert torch.equal(torch.cat((mixed[2:], fork[1:])), whole[3:])
    assert not torch.equal(fork[0], whole[8])


LIES: dict[str, tuple[Program, str]] = {
    "a recurrent state": (program((RecurrentState(F32, (SIZE,)), STATES[1])), "no KeyValueState"),
    "a state with values": (program((KeyValueState(1, SIZE, SIZE, F32), STATES[1])), "one head of keys, no values"),
    "a state of many heads": (program((KeyValueState(2, SIZE, 0, F32), STATES[1])), "one head of keys, no values"),
    "attention over no values": (program((STATES[0], KeyValueState(HEADS, SIZE, 0, F32))), "the value fits its state"),
    "nothing to choose": (program(select={"count": 0}), "`count` and `block` are positive"),
    "blocks of nothing": (program(select={"block": 0}), "`count` and `block` are positive"),
    "more than it says": (program(select={"count": 3}), "the Program declares torch.int32|gives torch.int32"),
    "a selection of another type": (program(selection=TensorType(DType.INT64, (1, T, CHOSEN))), "gives torch.int32"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_program_that_lies_about_choices_is_refused(lie: str) -> None:
    made, why = LIES[lie]
    with pytest.raises(ProgramInvalid, match=why):
        structure(made)
