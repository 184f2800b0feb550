"""Bytes of files that no checkpoint directory holds: where torch.save put them, wherever that is."""

import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from aweigh.memory.host_arena import HostArena
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.program import Cast, FileBytes, Manifest, Permute, Slot, View, WeightExpression

F32 = DType.FLOAT32


def _leaf(path: Path, offset: int, shape: tuple[int, ...], dtype: DType = F32) -> FileBytes:
    status = path.stat()
    return FileBytes(str(path), status.st_size, status.st_mtime_ns, offset, dtype, shape)


def _load(arena: HostArena, *slots: tuple[WeightExpression, tuple[int, ...], DType]) -> Any:
    manifest = Manifest(tuple(expression for expression, _, _ in slots))
    return load(manifest, tuple(Slot(dtype, shape) for _, shape, dtype in slots), Sources(), arena)


def _saved(path: Path, tensor: torch.Tensor) -> int:
    """Saves a tensor; where its bytes begin."""
    torch.save({"w": tensor}, path)
    with zipfile.ZipFile(path) as archive:
        (entry,) = [entry for entry in archive.infolist() if entry.filename.endswith("data/0")]
        with archive.open(entry), path.open("rb") as raw:
            raw.seek(entry.header_offset + 26)
            name, extra = (int.from_bytes(raw.read(2), "little") for _ in range(2))
    return entry.header_offset + 30 + name + extra


def test_bytes_of_a_torch_archive_are_views_of_it(tmp_path: Path) -> None:
    values, arena = torch.randn(4, 6), HostArena()
    path = tmp_path / "model.pt"
    offset = _saved(path, values)
    weights = _load(
        arena,
        (_leaf(path, offset, (4, 6)), (4, 6), F32),
        (_leaf(path, offset + 24, (6,)), (6,), F32),
        (Cast(_leaf(path, offset, (24,)), DType.BFLOAT16), (24,), DType.BFLOAT16),
        (Permute(View(_leaf(path, offset, (24,)), (4, 6)), (1, 0)), (6, 4), F32),
        (_leaf(path, offset + 1, (2,)), (2,), F32),
    )
    expected = [values, values[1], values.view(-1).bfloat16(), values.T]
    for slot, value in enumerate(expected):
        assert torch.equal(weights.tensor(slot), value), slot
    odd = torch.frombuffer(bytearray(values.numpy().tobytes()[1:9]), dtype=torch.float32)
    assert weights.tensor(4).view(torch.int32).tolist() == odd.view(torch.int32).tolist()
    base = weights.tensor(0).untyped_storage().data_ptr()
    assert weights.tensor(1).untyped_storage().data_ptr() == base
    weights.close()
    arena.check_integrity()
    assert arena.mapped_bytes() == 0


def test_a_checkpoint_and_its_bytes_are_one_mapping(write: Any, tensors: dict[str, torch.Tensor]) -> None:
    path = write(tensors) / "model.safetensors"
    offset = path.stat().st_size - sum(tensor.nbytes for tensor in tensors.values())
    weights = _load(HostArena(), (_leaf(path, offset, (4, 6)), (4, 6), F32))
    assert torch.equal(weights.tensor(0), tensors["a"])


def test_a_file_that_was_replaced_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    offset = _saved(path, torch.zeros(8))
    before = _leaf(path, offset, (8,))
    _load(HostArena(), (before, (8,), F32))
    _saved(tmp_path / "new.pt", torch.ones(8))
    os.replace(tmp_path / "new.pt", path)
    os.utime(path, ns=(0, before.modified_ns + 1))
    with pytest.raises(CheckpointInvalid, match="replaced"):
        _load(HostArena(), (before, (8,), F32))
    assert torch.equal(_load(HostArena(), (_leaf(path, offset, (8,)), (8,), F32)).tensor(0), torch.ones(8))


def test_only_bytes_inside_of_files_of_weights_are_read(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    _saved(path, torch.zeros(8))
    size = path.stat().st_size
    secret, pipe = tmp_path / "secret.txt", tmp_path / "pipe"
    secret.write_bytes(b"a secret of the engine's user, of more than a few bytes")
    os.mkfifo(pipe)
    status = path.stat()
    for leaf, words in (
        (_leaf(path, size - 28, (8,)), "outside"),
        (_leaf(path, 1 << 63, (8,)), "outside"),
        (_leaf(path, 0, (1 << 61, 8)), "outside"),
        (_leaf(path, 0, (-1, 8)), "no valid shape"),
        (_leaf(path, 0, (1,) * 13), "no valid shape"),
        (_leaf(secret, 0, (8,)), "no file of weights"),
        (_leaf(pipe, 0, (8,)), "no regular file"),
        (FileBytes("model.pt", size, status.st_mtime_ns, 0, F32, (8,)), "no absolute path"),
        (FileBytes(str(tmp_path / "no.pt"), size, 0, 0, F32, (8,)), "cannot be opened"),
        (FileBytes("/a\0b", size, 0, 0, F32, (8,)), "cannot be opened"),
        (FileBytes(str(path), size + 1, status.st_mtime_ns, 0, F32, (8,)), "not the one"),
        ("w", "give its directory"),
    ):
        arena = HostArena()
        with pytest.raises(CheckpointInvalid, match=words):
            _load(arena, (leaf, (8,), F32))
        assert arena.mapped_bytes() == 0
