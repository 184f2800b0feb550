"""Rows with drafts through the real kernels: in any bit what comes of one token after the other."""

from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from tests.engine.conftest import Tiny, made
from tests.engine.llama import Shape, program

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
from aweigh.proto.canonical import fingerprint
from aweigh.proto.dtypes import DType

BLOCK = 4
SPEC = ModelSpec("tiny", b"f", b"i", BLOCK)
TEXT = [7, 1, 5, 9, 30, 2, 8, 7, 1, 5, 9, 30, 2, 8, 7, 1, 5, 44, 3, 60, 61]


@pytest.fixture(scope="module")
def rounded(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """In bfloat16, its checkpoint, too."""
    from safetensors.torch import save_file

    shape = Shape(dtype=DType.BFLOAT16)
    found = made(shape, tmp_path_factory.mktemp("rounded"))
    tensors = {name: value.to(torch.bfloat16).contiguous() for name, value in found.module.state_dict().items()}
    save_file(tensors, found.directory / "model.safetensors")
    return replace(found, program=program(shape))


@pytest.fixture(params=["reference", "cpu"])
def kernels(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["tiny", "rounded"])
def model(request: pytest.FixtureRequest, kernels: str) -> Iterator[Model]:
    tiny: Any = request.getfixturevalue(request.param)
    arena = HostArena()
    structure = Structure(tiny.program, fingerprint(tiny.program), load_kernels(kernels), torch.device("cpu"))
    structure.open_pools(KvStore(arena, 1 << 20), BLOCK)
    weights = load(tiny.manifest, tiny.program.slots, Sources(Checkpoint(tiny.directory)), arena)
    with torch.inference_mode():
        yield Model("tiny", structure, weights)


def test_logits_of_drafts_are_those_of_one_token_after_the_other(model: Model) -> None:
    """Three rows of one step: with nine drafts, with three, and with none; after wrong drafts the right tokens are written over them."""
    blocks = [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], [12, 13, 14, 15, 16, 17]]
    texts = [TEXT, [token + 1 for token in TEXT], TEXT[::-1]]
    alone = []
    for text, held in zip(texts, blocks, strict=True):
        sequence = Sequence(SPEC, array("q", text))
        forward(model, [PlanRow(1, 0, sequence, 0, 10, (held,))], block_size=BLOCK)
        steps = [
            forward(model, [PlanRow(1, 0, sequence, at, 1, (held,), 1)], block_size=BLOCK).logits_RV
            for at in range(10, 20)
        ]
        alone.append(torch.cat(steps))

    def row(index: int, start: int, draft: list[int]) -> PlanRow:
        sequence = Sequence(SPEC, array("q", texts[index][: start + 1]))
        count = 1 + len(draft)
        return PlanRow(1, index, sequence, start, count, (blocks[index],), count, draft=tuple(draft))

    rows = [row(0, 10, texts[0][11:20]), row(1, 10, texts[1][11:14]), row(2, 10, [])]
    found = forward(model, rows, block_size=BLOCK).logits_RV
    assert torch.equal(found[:10], alone[0])
    assert torch.equal(found[10:14], alone[1][:4])
    assert torch.equal(found[14:], alone[2][:1])

    wrong = row(0, 12, [texts[0][13], 90, 91, 92, 93, 94])
    again = forward(model, [wrong], block_size=BLOCK).logits_RV
    assert torch.equal(again[:2], alone[0][2:4])
    after = forward(model, [row(0, 14, texts[0][15:18])], block_size=BLOCK).logits_RV
    assert torch.equal(after, alone[0][4:8])
