"""Checkpoint reading: what is read is what was written, and every lie is refused with the tensor's name."""

import errno
import json
import mmap
import os
import struct
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from aweigh.memory.checkpoint.directory import INDEX, Checkpoint
from aweigh.memory.checkpoint.header import parse_header
from aweigh.memory.host_arena import HostArena
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound


def _file(tmp_path: Path, header: Any, data: bytes = b"\0" * 24) -> Path:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    return tmp_path


def _tensor(**changes: Any) -> dict[str, Any]:
    return {"weird.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24], **changes}}


def test_reads_what_the_reference_implementation_wrote(tmp_path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, tmp_path / "model.safetensors")
    checkpoint, arena = Checkpoint(tmp_path), HostArena()
    assert set(checkpoint.names) == set(tensors)
    for name, expected in tensors.items():
        raw = arena.map(checkpoint.file(name), checkpoint.extent(name))
        assert torch.equal(raw.view(expected.dtype).view(expected.shape), expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"data_offsets": [0, 25]},
        {"data_offsets": [0, 1 << 62]},
        {"data_offsets": [-4, 20]},
        {"data_offsets": [24, 0]},
        {"data_offsets": [0, 20]},
        {"data_offsets": [0, 24.0]},
        {"data_offsets": [False, 24]},
        {"data_offsets": [0]},
        {"shape": [2, 4]},
        {"shape": [1 << 63, 3]},
        {"shape": [1 << 62, 1 << 62]},
        {"shape": [-2, -3]},
        {"shape": [6] + [1] * 20},
        {"shape": "23"},
        {"dtype": "F64"},
        {"dtype": "F33"},
        {"dtype": 4},
    ],
)
def test_a_lying_tensor_is_refused_by_name(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(CheckpointInvalid, match=r"weird\.weight"):
        Checkpoint(_file(tmp_path, _tensor(**changes)))


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}}, 12),
        ({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "b": {"dtype": "F32", "shape": [2], "data_offsets": [12, 20]}}, 20),
        ({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, 9),
        ({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, 7),
        (b'{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}', 2),
        (b"[]", 0),
        (b'{"a":' + b"[" * 100_000, 0),
        (b'{"a":NaN}', 0),
        (b"\x80\x04\x95pickled", 0),
        ({"a": []}, 0),
    ],
    ids=["overlap", "hole", "tail", "truncated", "twice", "list", "deep", "nan", "pickle", "no-object"],
)  # fmt: skip
def test_a_lying_header_is_refused(tmp_path: Path, header: Any, data: int) -> None:
    with pytest.raises(CheckpointInvalid):
        Checkpoint(_file(tmp_path, header, b"\0" * data))


@pytest.mark.parametrize("length", [1 << 63, (1 << 64) - 1, 8 << 60, 200_000_000, 1000])
def test_a_header_longer_than_the_file_is_refused_at_once(tmp_path: Path, length: int) -> None:
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", length) + b"{}")
    begun = time.process_time()
    with pytest.raises(CheckpointInvalid):
        Checkpoint(tmp_path)
    assert time.process_time() - begun < 0.1


def test_only_regular_files_are_opened(tmp_path: Path, write: Any, tensors: dict[str, torch.Tensor]) -> None:
    os.mkfifo(tmp_path / "model.safetensors")
    with pytest.raises(CheckpointInvalid, match="regular"):
        Checkpoint(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "model.safetensors").symlink_to("/dev/zero")
    with pytest.raises(CheckpointInvalid, match="regular"):
        Checkpoint(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "model.safetensors").symlink_to("nowhere")
    with pytest.raises(CheckpointInvalid, match="cannot be opened"):
        Checkpoint(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    write(tensors, "blob")
    (tmp_path / "model.safetensors").symlink_to("blob")
    assert set(Checkpoint(tmp_path).names) == set(tensors)


def test_shards_are_found_through_the_index(tmp_path: Path, write: Any, tensors: dict[str, torch.Tensor]) -> None:
    write({"a": tensors["a"]}, "x-1.safetensors")
    write({"b": tensors["b"]}, "x-2.safetensors")
    index = {"weight_map": {"a": "x-1.safetensors", "b": "x-2.safetensors"}}
    (tmp_path / INDEX).write_text(json.dumps(index))
    checkpoint = Checkpoint(tmp_path)
    assert checkpoint.file("a") is not checkpoint.file("b")
    with pytest.raises(CheckpointInvalid, match="'nothing'"):
        checkpoint.file("nothing")


@pytest.mark.parametrize("name", ["../x.safetensors", "/etc/passwd", "pytorch_model.bin", "sub/x.safetensors", 7, "gone.safetensors", "a\0.safetensors"])  # fmt: skip
def test_an_index_cannot_point_elsewhere(tmp_path: Path, name: Any) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {"a": name}}))
    with pytest.raises(CheckpointInvalid):
        Checkpoint(tmp_path)


class _Marker:
    """A pickle of this would leave a file behind when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.ckpt", "model.safetensors", INDEX])
def test_a_pickle_is_refused_and_never_run(tmp_path: Path, name: str) -> None:
    torch.save(_Marker(tmp_path / "ran"), tmp_path / name)
    with pytest.raises(CheckpointInvalid):
        Checkpoint(tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("directory", ["relative", "/nowhere/at/all", "/etc/passwd", "/\0"])
def test_what_is_no_directory_is_not_found(directory: str) -> None:
    with pytest.raises(ModelNotFound):
        Checkpoint(directory)


def test_foreign_types_are_legal_in_a_file() -> None:
    text = b'{"x":{"dtype":"U16","shape":[1],"data_offsets":[0,2]}}'
    assert parse_header(text, 8 + len(text) + 2, "f")["x"].dtype is None


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (OSError(errno.ENODEV, "No such device"), CheckpointInvalid, "cannot be mapped .No such device."),
        (OSError(errno.EACCES, "Permission denied"), CheckpointInvalid, "cannot be mapped .Permission denied."),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), MemoryError, "cannot be mapped: Cannot allocate memory"),
        (OSError(errno.EMFILE, "Too many"), MemoryError, "Too many open files"),
        (ValueError("mmap length is greater than file size"), CheckpointInvalid, "has become shorter"),
    ],
)
def test_a_file_that_cannot_be_mapped_is_named(
    failure: Exception, kind: type[Exception], words: str, write: Any, tensors: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = write(tensors)
    checkpoint, arena = Checkpoint(directory), HostArena()

    def fail(*arguments: Any, **keywords: Any) -> None:
        raise failure

    monkeypatch.setattr(mmap, "mmap", fail)
    with pytest.raises(kind, match=f"{directory}/model.safetensors .*{words}|{directory}/model.safetensors {words}"):
        arena.map(checkpoint.file("a"), checkpoint.extent("a"))
    assert arena.mapped_bytes() == 0
    arena.check_integrity()


def test_a_file_that_shrinks_before_it_is_mapped_is_named(write: Any, tensors: Any) -> None:
    directory = write(tensors)
    checkpoint = Checkpoint(directory)
    os.truncate(directory / "model.safetensors", 100)
    with pytest.raises(CheckpointInvalid, match=r"model\.safetensors has become shorter"):
        HostArena().map(checkpoint.file("a"), checkpoint.extent("a"))


def test_a_disk_that_fails_is_no_bug_of_ours(write: Any, tensors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = write(tensors)

    def fail(*arguments: Any) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pread", fail)
    with pytest.raises(CheckpointInvalid, match=r"model\.safetensors cannot be read: Input/output error"):
        Checkpoint(directory)


def test_a_path_that_no_file_system_takes_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="absolute path"):
        Checkpoint(str(tmp_path / ("x" * 300)))


def test_advice_that_is_not_taken_is_no_failure(write: Any, tensors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Mapping(mmap.mmap):
        def madvise(self, *arguments: int) -> None:
            raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(mmap, "mmap", Mapping)
    checkpoint = Checkpoint(write(tensors))
    raw = HostArena().map(checkpoint.file("a"), checkpoint.extent("a"))
    assert torch.equal(raw.view(torch.float32).view(4, 6), tensors["a"])
