"""Manifests over checkpoints: views where possible, made once where not, shared by models, refused where they do not fit."""

from pathlib import Path
from typing import Any

import pytest
import torch

import aweigh.memory.expression as expression_module
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.device_arena import DeviceArena
from aweigh.memory.host_arena import HostArena
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.program import (
    Cast,
    Chunk,
    Concatenate,
    Manifest,
    Permute,
    Slot,
    Stack,
    Tensor,
    View,
    WeightExpression,
)

F32 = DType.FLOAT32


def _load(directory: Path, arena: HostArena, *slots: tuple[WeightExpression, tuple[int, ...], DType]) -> Any:
    manifest = Manifest(tuple(expression for expression, _, _ in slots))
    return load(manifest, tuple(Slot(dtype, shape) for _, shape, dtype in slots), Sources(Checkpoint(directory)), arena)


def test_loading_tells_how_many_bytes_are_in_place(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    told: list[tuple[int, int]] = []
    slots = (Slot(F32, (4, 6)), Slot(F32, (6, 4)), Slot(F32, (0, 5)))
    manifest = Manifest(("a", Permute("a", (1, 0)), "empty"))
    load(
        manifest,
        slots,
        Sources(Checkpoint(write(tensors))),
        HostArena(),
        lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 192), (96, 192), (192, 192), (192, 192)]


def test_views_touch_no_byte_and_made_slots_are_right(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    directory, arena = write(tensors), HostArena()
    a, b, c = tensors["a"], tensors["b"], tensors["c"]
    literal = torch.arange(3, dtype=torch.float32)
    weights = _load(
        directory,
        arena,
        ("a", (4, 6), F32),
        (View("a", (2, 12)), (2, 12), F32),
        (Chunk("a", 0, 1, 2), (2, 6), F32),
        (Chunk("a", 1, 2, 3), (4, 3), F32),
        (Permute("a", (1, 0)), (6, 4), F32),
        (Stack(("a", "c"), 0), (2, 4, 6), F32),
        (Concatenate(("a", "c"), 1), (4, 12), F32),
        (Cast("b", F32), (3, 6), F32),
        (Tensor(F32, (3,), literal.numpy().tobytes()), (3,), F32),
        ("empty", (0, 5), F32),
        (View(Chunk("a", 1, 0, 3), (12,)), (12,), F32),
    )
    expected = [a, a.view(2, 12), a[1:3], a[:, 2:5], a.T, torch.stack((a, c)), torch.cat((a, c), 1), b.float(), literal, torch.zeros(0, 5), a[:, :3].reshape(12)]  # fmt: skip
    for slot, value in enumerate(expected):
        assert torch.equal(weights.tensor(slot), value), slot
    base = weights.tensor(0).untyped_storage().data_ptr()
    shared = [weights.tensor(slot).untyped_storage().data_ptr() == base for slot in range(len(expected))]
    assert shared == [True, True, True, True, False, False, False, False, False, True, False]
    weights.addresses.check_integrity()
    arena.check_integrity()
    weights.close()
    arena.check_integrity()
    assert arena.mapped_bytes() == 0


def test_two_models_of_one_checkpoint_share_every_byte(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    directory, arena = write(tensors), HostArena()
    slots: Any = (("a", (4, 6), F32), (Stack(("a", "c"), 0), (2, 4, 6), F32))
    first = _load(directory, arena, *slots)
    before = arena.mapped_bytes()
    second = _load(directory, arena, *slots)
    assert arena.mapped_bytes() == before
    assert first.addresses.addresses_A.tolist() == second.addresses.addresses_A.tolist()
    first.close()
    assert torch.equal(second.tensor(0), tensors["a"])
    arena.check_integrity()


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        ("nothing", (4, 6)),
        ("a", (6, 4)),
        ("b", (3, 6)),
        (View("a", (5, 5)), (5, 5)),
        (View("a", (1 << 62, 1 << 62)), (1, 1)),
        (Permute("a", (0, 0)), (4, 6)),
        (Permute("a", (1,)), (4, 6)),
        (Chunk("a", 2, 0, 1), (4, 6)),
        (Chunk("a", 0, 3, 2), (2, 6)),
        (Chunk("a", 0, 2**63, 2**63), (2, 6)),
        (Stack(("a", "b"), 0), (2, 4, 6)),
        (Stack((), 0), (0,)),
        (Stack(("a", "a"), 3), (4, 6, 2)),
        (Concatenate(("a", "empty"), 0), (4, 6)),
        (Concatenate(("a", "a"), 2), (4, 6)),
    ],
)
def test_manifests_that_do_not_fit_are_refused(
    write: Any, tensors: dict[str, torch.Tensor], expression: WeightExpression, shape: tuple[int, ...]
) -> None:
    arena = HostArena()
    with pytest.raises(CheckpointInvalid):
        _load(write(tensors), arena, ("c", (4, 6), F32), (expression, shape, F32))
    assert arena.mapped_bytes() == 0


def test_deep_manifests_are_refused(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    expression: WeightExpression = "a"
    for _ in range(40):
        expression = View(expression, (4, 6))
    with pytest.raises(CheckpointInvalid, match="deep"):
        _load(write(tensors), HostArena(), (expression, (4, 6), F32))


def test_views_outlive_the_model_that_made_them(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    arena = HostArena()
    weights = _load(write(tensors), arena, ("a", (4, 6), F32))
    view = weights.tensor(0)
    weights.close()
    del weights
    assert torch.equal(view, tensors["a"])


def test_an_arena_of_copies_gives_the_same_bytes(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    sources, arena = Sources(Checkpoint(write(tensors))), DeviceArena(torch.device("cpu"))
    manifest = Manifest(("a", Stack(("a", "c"), 0), Chunk("b", 0, 1, 2)))
    slots = (Slot(F32, (4, 6)), Slot(F32, (2, 4, 6)), Slot(DType.BFLOAT16, (2, 6)))
    weights = load(manifest, slots, sources, arena)
    again = load(manifest, slots, sources, arena)
    for slot, expected in enumerate((tensors["a"], torch.stack((tensors["a"], tensors["c"])), tensors["b"][1:])):
        assert torch.equal(weights.tensor(slot), expected)
        assert weights.tensor(slot).data_ptr() == again.tensor(slot).data_ptr()
    weights.close()
    assert torch.equal(again.tensor(0), tensors["a"])
    again.close()
    assert arena.mapped_bytes() == 0


def test_a_tensor_at_an_odd_place_is_copied(tmp_path: Path) -> None:
    values = torch.tensor([1.5, -2.0])
    header = b'{"odd":{"dtype":"F32","shape":[2],"data_offsets":[1,9]},"one":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'
    text = header + b" " * (-len(header) % 8)
    raw = len(text).to_bytes(8, "little") + text + b"\x07" + values.numpy().tobytes()
    (tmp_path / "model.safetensors").write_bytes(raw)
    weights = _load(tmp_path, HostArena(), ("odd", (2,), F32), (View("one", (1, 1)), (1, 1), DType.UINT8))
    assert torch.equal(weights.tensor(0), values)
    assert weights.tensor(1).item() == 7


def test_a_join_that_grows_beyond_the_checkpoint_is_refused(
    write: Any, tensors: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expression_module, "JOIN_SPARE_BYTES", 0)
    wide = Concatenate((Concatenate(("a",) * 100, 0),) * 10, 0)
    with pytest.raises(CheckpointInvalid, match="a join of"):
        _load(write(tensors), HostArena(), (Chunk(wide, 0, 0, 4), (4, 6), F32))
