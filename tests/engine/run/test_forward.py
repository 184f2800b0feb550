"""The runner against transformers: whole prompts, chunks, decodes and ragged batches over paged KV."""

from array import array
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from aweigh.engine.core import ModelSpec, Segment, Sequence
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Model
from aweigh.engine.run.structure import Structure
from aweigh.engine.schedule.instructions import CopyBlock, PlanRow
from aweigh.kernels import load as load_kernels
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.memory.sources import Sources
from aweigh.memory.statistics.runner import ExactSource
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint

BLOCK = 4
SPEC = ModelSpec("tiny", b"f", b"i", BLOCK)


@pytest.fixture
def model(tiny: Any) -> Iterator[Model]:
    arena = HostArena()
    structure = Structure(tiny.program, fingerprint(tiny.program), load_kernels("reference"), torch.device("cpu"))
    structure.open_pools(KvStore(arena, 1 << 20), BLOCK)
    with torch.inference_mode():
        yield Model(
            "tiny", structure, load(tiny.manifest, tiny.program.slots, Sources(Checkpoint(tiny.directory)), arena)
        )


def row(sequence: Sequence, start: int, count: int, blocks: list[int], logits: int) -> PlanRow:
    return PlanRow(1, 0, sequence, start, count, (blocks,), logits)


def sequence(tokens: list[int]) -> Sequence:
    return Sequence(SPEC, array("q", tokens))


def close(found: torch.Tensor, expected: torch.Tensor) -> bool:
    return torch.allclose(found, expected, atol=2e-4, rtol=1e-4)


def test_a_prompt_gives_transformers_logits(tiny: Any, model: Model) -> None:
    tokens = list(range(3, 14))
    result = forward(model, [row(sequence(tokens), 0, 11, [5, 1, 7], 11)], block_size=BLOCK)
    assert close(result.logits_RV, tiny.logits(tokens))


def test_chunks_and_decodes_of_several_sequences_mix(tiny: Any, model: Model) -> None:
    a, b = sequence([7, 1, 5, 9, 30, 2, 8]), sequence([4, 4, 60, 11])
    blocks_a, blocks_b = [3, 0], [2]
    forward(model, [row(a, 0, 3, blocks_a, 0)], block_size=BLOCK)
    mixed = forward(model, [row(b, 0, 3, blocks_b, 1), row(a, 3, 3, blocks_a, 2)], block_size=BLOCK)
    last = forward(model, [row(a, 6, 1, blocks_a, 1), row(b, 3, 1, blocks_b, 1)], block_size=BLOCK)
    expected_a, expected_b = tiny.logits(list(a.tokens)), tiny.logits(list(b.tokens))
    assert close(mixed.logits_RV, torch.cat((expected_b[2:3], expected_a[4:6])))
    assert close(last.logits_RV, torch.cat((expected_a[6:7], expected_b[3:4])))


def test_copied_blocks_continue_alike(tiny: Any, model: Model) -> None:
    a = sequence([7, 1, 5])
    forward(model, [row(a, 0, 3, [3], 0)], block_size=BLOCK)
    fork = sequence([7, 1, 5, 42])
    found = forward(model, [row(fork, 3, 1, [6], 1)], [CopyBlock(0, 3, 6)], block_size=BLOCK)
    assert close(found.logits_RV, tiny.logits([7, 1, 5, 42])[3:])


def test_optional_outputs_come_only_when_asked_for(tiny: Any, model: Model) -> None:
    tokens = [9, 8, 7, 6]
    plain = forward(model, [row(sequence(tokens), 0, 4, [0], 1)], block_size=BLOCK)
    assert not plain.outputs
    asked = forward(model, [row(sequence(tokens), 0, 4, [0], 1)], outputs=("hidden_states",), block_size=BLOCK)
    expected = tiny.module(torch.tensor([tokens]), output_hidden_states=True).hidden_states
    assert close(asked.outputs["hidden_states"], torch.stack(expected[:-1]))
    assert torch.equal(asked.logits_RV, plain.logits_RV)


def test_embeddings_may_stand_for_tokens(tiny: Any, model: Model) -> None:
    tokens = [9, 8, 7, 6, 5, 4]
    given = sequence([9, -1, -1, -1, 5, 4])
    table = tiny.module.model.embed_tokens.weight
    given.segments = [Segment(1, 3, table[torch.tensor([8, 7, 6])].detach())]
    forward(model, [row(given, 0, 2, [0, 1], 0)], block_size=BLOCK)
    found = forward(model, [row(given, 2, 4, [0, 1], 4)], block_size=BLOCK)
    assert close(found.logits_RV, tiny.logits(tokens)[2:])


def test_every_read_is_counted_exactly(tiny: Any, model: Model) -> None:
    for _ in range(3):
        forward(model, [row(sequence([1, 2]), 0, 2, [0], 1)], block_size=BLOCK)
    source = ExactSource()
    model.count(source)
    uses = {record.extent: record.uses for record in source.records(0.0)}
    assert set(uses) == {extent.name for extent in model.weights.extents}
    assert set(uses.values()) == {3}


def test_the_vocabulary_is_read_off_the_program(tiny: Any, model: Model) -> None:
    assert model.structure.vocabulary == tiny.shape.vocabulary


def test_rotary_positions_have_no_end(model: Model) -> None:
    assert not model.structure.looks_up_positions
