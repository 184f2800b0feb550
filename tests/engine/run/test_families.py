"""Steps of other families on tapes: transformers' logits, and the same bits off tapes, alone, in a batch and in chunks."""

from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tests.engine.run.families import BLOCK, FAMILIES, bound, checkpoint

from aweigh.engine.core import ModelSpec, Sequence
from aweigh.engine.run import model as models
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Model
from aweigh.engine.schedule.instructions import PlanRow

TOKENS = [7, 1, 5, 9, 30, 2, 8, 3, 3, 60, 11, 4, 198, 17]
OTHER = [4, 4, 9]
BLOCKS = [2, 0, 5, 7]
SPEC = ModelSpec("m", b"f", b"i", BLOCK)


@pytest.fixture(autouse=True)
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def row(tokens: list[int], start: int, blocks: list[int], wanted: int) -> PlanRow:
    """The tokens from `start` on, the logits of the last `wanted`."""
    return PlanRow(1, 0, Sequence(SPEC, array("q", tokens)), start, len(tokens) - start, (blocks,), wanted)


def logits(model: Model, *rows: PlanRow) -> torch.Tensor:
    with torch.inference_mode():
        return forward(model, rows, block_size=BLOCK).logits_RV


def every_way(model: Model) -> list[torch.Tensor]:
    """All logits of TOKENS: at once, in chunks, and token by token, from the eighth on beside somebody else; tapes come with the third."""
    found = []
    for _ in range(3):
        at_once = logits(model, row(TOKENS, 0, BLOCKS, len(TOKENS)))
        chunks = [(0, 5), (5, 6), (6, 11), (11, 14)]
        parts = [logits(model, row(TOKENS[:end], start, BLOCKS, end - start)) for start, end in chunks]
        alone = [logits(model, row(TOKENS[: end + 1], end, BLOCKS, 1)) for end in range(8)]
        beside = [
            logits(model, row(OTHER, 0, [3], 1), row(TOKENS[: end + 1], end, BLOCKS, 1))[1:]
            for end in range(8, len(TOKENS))
        ]
        found += [at_once, torch.cat(parts), torch.cat(alone + beside)]
    return found


QUICK = {"llama", "gpt2", "bloom", "gpt_oss"}
"""One of each: rotary embeddings, learned positions, slopes, experts with sinks."""


@pytest.mark.parametrize(
    "family", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAMILIES]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_family(family: str, dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = checkpoint(family, tmp_path, dtype)
    with monkeypatch.context() as patch:
        patch.setattr(models, "covers", lambda *_: False)
        apart = logits(bound(tmp_path), row(TOKENS, 0, BLOCKS, len(TOKENS)))
    model = bound(tmp_path)
    found = every_way(model)
    assert model.function("body")._compositions, "tapes were played"
    assert all(torch.equal(one, apart) for one in found)
    with torch.inference_mode():
        exact = module.float()(torch.tensor([TOKENS])).logits[0]
    error = float((apart.double() - exact).norm() / exact.norm())
    assert error < (1e-4 if dtype is torch.float32 else 0.1), error
