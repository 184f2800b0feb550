"""A recurrent Program by hand: what a structure refuses of it, and that steps over it answer as one run does, whatever comes between."""

import dataclasses
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
HEADS, SIZE, VOCABULARY = 2, 4, 11
HIDDEN = HEADS * SIZE
STATES: tuple[State, ...] = (RecurrentState(F32, (HIDDEN, 2)), RecurrentState(F32, (HEADS, SIZE, SIZE)))
WITH_PEAKS = RecurrentState(F32, (HEADS, SIZE, SIZE + 1))


def kind(*dims: Any) -> TensorType:
    return TensorType(F32, dims)


def program(states: tuple[State, ...] = STATES, **changed: dict[str, Any]) -> Program:
    """Embeddings, a convolution of width 3, a delta rule on what it gives, and the table again. `changed`: attributes, by op."""

    def op(name: str, operands: Any, result: TensorType, **attributes: Any) -> Op:
        said = attributes | changed.get(name.replace(".", "_"), {})
        return Op(name, operands, (result,), tuple(sorted(said.items())))

    table, taps = kind(VOCABULARY, HIDDEN), kind(HIDDEN, 1, 3)
    heads = kind(1, T, HEADS, SIZE)
    ops = (
        op("weight", (), table, slot=0),  # 2
        op("weight", (), taps, slot=1),  # 3
        op("embedding", (0, 2), kind(1, T, HIDDEN)),  # 4
        op("aten.transpose.int", (4,), kind(1, HIDDEN, T), dim0=1, dim1=2),  # 5
        op("causal_conv", (5, 3), kind(1, HIDDEN, T), state=0, groups=HIDDEN),  # 6
        op("aten.transpose.int", (6,), kind(1, T, HIDDEN), dim0=1, dim1=2),  # 7
        op("aten.reshape.default", (7,), heads, shape=(1, T, HEADS, SIZE)),  # 8
        op("aten.sum.dim_IntList", (8,), kind(1, T, HEADS), dim=(3,)),  # 9
        op("aten.sigmoid.default", (9,), kind(1, T, HEADS)),  # 10
        op("aten.neg.default", (10,), kind(1, T, HEADS)),  # 11
        op("scan", (8, 8, 8, 11, None, 10), heads, state=1, delta=True),  # 12
        op("aten.reshape.default", (12,), kind(1, T, HIDDEN), shape=(1, T, HIDDEN)),  # 13
    )
    ids = TensorType(DType.INT64, (1, T))
    inputs = (FunctionInput("token_ids", ids), FunctionInput("positions", ids))
    body = Function("body", ("T",), inputs, (Block(ops, yields=(13,)),), (FunctionOutput("hidden", 14),))
    logits = (op("weight", (), table, slot=0), op("linear", (0, 1), kind(1, T, VOCABULARY)))
    given = (FunctionInput("hidden", kind(1, T, HIDDEN)),)
    head = Function("head", ("R",), given, (Block(logits, yields=(2,)),), (FunctionOutput("logits", 3),))
    return Program((Slot(F32, (VOCABULARY, HIDDEN)), Slot(F32, (HIDDEN, 1, 3))), states, (body, head))


def logarithmic(state: State, **changed: Any) -> Program:
    """The same with a scan by logarithms in the delta rule's place; `changed`: attributes of it."""
    made = program((STATES[0], state))
    body = made.functions[0]
    (block,) = body.blocks
    out, peak = block.ops[10].results[0], kind(1, T, HEADS)
    scan = Op("log_scan", (8, 8, 8, 11, 10), (out, peak), tuple(sorted({"state": 1, **changed}.items())))
    flat = dataclasses.replace(block.ops[11])  # reads value 12, the scan's first result
    block = Block((*block.ops[:10], scan, flat), yields=(14,))
    function = dataclasses.replace(body, blocks=(block,), outputs=(FunctionOutput("hidden", 15),))
    return dataclasses.replace(made, functions=(function, made.functions[1]))


def structure(made: Program) -> Structure:
    return Structure(made, b"f", load_kernels("reference"), torch.device("cpu"))


@pytest.fixture(params=["scan", "log_scan", "exclusive"])
def model(request: Any, tmp_path: Any) -> Iterator[Model]:
    made, arena, numbers = PROGRAMS[request.param], HostArena(), torch.Generator().manual_seed(0)
    weights = {str(n): torch.randn(slot.shape, generator=numbers) for n, slot in enumerate(made.slots)}
    save_file(weights, tmp_path / "model.safetensors")
    manifest = Manifest(list(weights))
    held = structure(made)
    held.open_pools(KvStore(arena, 1 << 20), 4)
    with torch.inference_mode():
        yield Model("m", held, load(manifest, made.slots, Sources(Checkpoint(str(tmp_path))), arena))


PROGRAMS = {
    "scan": program(),
    "log_scan": logarithmic(WITH_PEAKS),
    "exclusive": logarithmic(WITH_PEAKS, exclusive=True, start=0.0),
}
SPEC = ModelSpec("m", b"f", b"i", 4)


def row(tokens: list[int], start: int, states: tuple[int, int]) -> PlanRow:
    sequence = Sequence(SPEC, array("q", tokens))
    return PlanRow(1, 0, sequence, start, len(tokens) - start, (), len(tokens) - start, 0, states)


def test_steps_forks_and_repetitions_answer_as_one_run(model: Model) -> None:
    tokens = [3, 1, 4, 1, 5, 9, 2, 6]
    whole = forward(model, [row(tokens, 0, (-1, 0))]).logits_RV
    forward(model, [row(tokens[:3], 0, (-1, 1))])
    lost = forward(model, [row(tokens[:5], 3, (1, 2))]).logits_RV
    mixed = forward(model, [row([7, 7], 0, (-1, 3)), row(tokens[:5], 3, (1, 2))]).logits_RV
    assert torch.equal(mixed[2:], lost), "the step that was run again gives the same bits"
    fork = forward(model, [row([*tokens[:5], 8], 5, (2, 4)), row(tokens, 5, (2, 5))]).logits_RV
    assert torch.equal(torch.cat((mixed[2:], fork[1:])), whole[3:])
    assert not torch.equal(fork[0], whole[5])


def test_models_of_one_block_each_have_no_pool_of_keys(model: Model) -> None:
    assert model.structure.pool is None and model.structure.state_pool is not None
    model.structure.close_pools()
    store = model.structure.state_pool.store
    assert isinstance(store, KvStore)
    assert store.take(model.structure.state_pool, store.slabs) is not None


def test_a_scan_by_logarithms_keeps_its_peak_beside_its_sums() -> None:
    structure(logarithmic(WITH_PEAKS, exclusive=True, start=0.0))
    with pytest.raises(ProgramInvalid, match=r"\[H, D, E \+ 1\], float32"):
        structure(logarithmic(STATES[1]))
    with pytest.raises(ProgramInvalid, match="the start is a number"):
        structure(logarithmic(WITH_PEAKS, start="soon"))


LIES: dict[str, tuple[Program, str]] = {
    "a state of keys": (program((KeyValueState(1, 4, 4, F32), STATES[1])), "no RecurrentState"),
    "a state that is too small": (
        program((RecurrentState(F32, (HIDDEN, 1)), STATES[1])),
        "the state is the last inputs",
    ),
    "a state of another dtype": (
        program((STATES[0], RecurrentState(DType.BFLOAT16, (HEADS, SIZE, SIZE)))),
        r"\[H, D, E\], float32",
    ),
    "a state that does not exist": (program(scan={"state": 2}), "uses state 2 of 2"),
    "groups that do not divide": (program(causal_conv={"groups": 3}), "fits x in its groups"),
    "no groups": (program(causal_conv={"groups": 0}), "there is a group"),
    "a state as large as a disk": (program((*STATES, RecurrentState(F32, (1 << 30, 1 << 30)))), "no valid shape"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_program_that_lies_about_states_is_refused(lie: str) -> None:
    made, why = LIES[lie]
    with pytest.raises(ProgramInvalid, match=why):
        structure(made)


def test_a_state_has_one_op() -> None:
    made = program()
    body = made.functions[0]
    (block,) = body.blocks
    twice = dataclasses.replace(block, ops=(*block.ops, dataclasses.replace(block.ops[10])))
    function = dataclasses.replace(body, blocks=(twice,), outputs=(FunctionOutput("hidden", 15),))
    with pytest.raises(ProgramInvalid, match="recurrent state 1 is used by two ops"):
        structure(dataclasses.replace(made, functions=(function, made.functions[1])))
