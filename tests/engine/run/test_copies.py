"""Copies of weights that a model keeps: bounded, counted, and gone with it."""

import gc
import weakref
from pathlib import Path

import pytest
import torch
from tests.engine.run.modules import model, run
from torch import Tensor, nn

from aweigh.kernels.cpu import packed
from aweigh.memory.copies import Copies

pytestmark = pytest.mark.skipif(not packed.packs(torch.float32), reason="torch carries no oneDNN here")

ROWS = torch.randn(3, 8, generator=torch.Generator().manual_seed(1))
BYTES = 4 * (8 * 16 + 16 + 16 * 4 + 4)


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 4)).eval()


def right(found: Tensor) -> bool:
    with torch.inference_mode():
        return torch.allclose(found, network()(ROWS), atol=1e-6)


def test_copies_are_counted_once_and_given_back(tmp_path: Path) -> None:
    copies = Copies()
    others = {id(one) for one in gc.get_objects() if type(one) is packed.PackedLinear}
    loaded = model(network(), (ROWS,), tmp_path, copies=copies)
    assert copies.bytes == 0, "what is never called is never copied"
    for _ in range(2):
        assert right(run(loaded, ROWS)[0])
        assert copies.bytes == BYTES
    held = [weakref.ref(one) for one in gc.get_objects() if type(one) is packed.PackedLinear and id(one) not in others]
    assert len(held) == 2
    loaded.release()
    gc.collect()
    assert copies.bytes == 0 and not any(one() for one in held)
    assert right(run(loaded, ROWS)[0]), "a call that waited while its model was released"
    assert copies.bytes == 0


@pytest.mark.parametrize(("most", "taken"), [(0, 0), (BYTES - 1, 0), (BYTES, BYTES), (2 * BYTES - 1, BYTES)])
def test_what_has_no_room_for_copies_computes_without(most: int, taken: int, tmp_path: Path) -> None:
    copies = Copies(most)
    for number in range(2):
        directory = tmp_path / str(number)
        directory.mkdir()
        assert right(run(model(network(), (ROWS,), directory, copies=copies), ROWS)[0])
        assert copies.bytes == taken


def test_a_copy_is_smaller_than_half_of_what_is_available() -> None:
    assert not Copies(1 << 62).take(1 << 61)
