"""Export: a directory that works as the first one did."""

import json
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import put, read_back, read_files, small, write

from aweigh.memory.checkpoint.directory import INDEX, Checkpoint
from aweigh.memory.store import assets
from aweigh.memory.store.assets import read_assets
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.export import export
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest


def test_several_files_with_an_index_there_and_back(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    out = tmp_path / "new" / "out"
    export(store, "m", out, shard_bytes=4_000_000)
    weights = sorted(path.name for path in out.glob("*.safetensors"))
    assert weights == [f"model-0000{at}-of-00003.safetensors" for at in (1, 2, 3)]
    assert read_files(out) == small()
    index = json.loads((out / INDEX).read_text())
    assert set(index["weight_map"]) == set(small())
    assert index["metadata"]["total_size"] == sum(len(tensor.data) for tensor in small().values())
    assert sorted(Checkpoint(out).names) == sorted(small())
    assert put(store, out, "again").new_bytes == 0, "shards hold the same pages"
    assert read_back(store, "again") == small()


def test_small_files_come_along_and_code_does_not(store: Store, tmp_path: Path) -> None:
    directory = write(tmp_path / "model", small(), config='{"model_type": "x"}')
    kept = {
        "config.json": b'{"model_type": "x"}',
        "tokenizer.json": b"{}",
        "tokenizer.model": b"\0\1",
        "merges.txt": b"a b",
        "chat_template.jinja": b"{{ x }}",
        "1_Pooling/config.json": b"{}",
        "LICENSE": b"free",
    }
    left = [
        "modeling.py",
        "pytorch_model.bin",
        "x.pt",
        "x.pkl",
        "x.pickle",
        "x.ckpt",
        "x.h5",
        ".hidden.json",
        "a/b/c.json",
    ]
    for name, data in {**kept, **{name: b"x" for name in left}}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    (directory / "link.json").symlink_to(tmp_path / "elsewhere.json")
    (tmp_path / "elsewhere.json").write_text("linked")
    (directory / "dangling.json").symlink_to(tmp_path / "nowhere")
    put(store, directory, "m")
    out = tmp_path / "out"
    out.mkdir()
    export(store, "m", out)
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    del found["model.safetensors"]
    assert found == {**kept, "link.json": b"linked"}
    assert not any(path.name.startswith(".out") for path in tmp_path.iterdir())


def test_caps_on_small_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "MAX_FILE_BYTES", 10)
    monkeypatch.setattr(assets, "MAX_BYTES", 25)
    (tmp_path / "large.json").write_text("x" * 11)
    (tmp_path / "a.json").write_text("x" * 10)
    assert read_assets(tmp_path) == {"a.json": b"x" * 10}
    for name in "bc":
        (tmp_path / f"{name}.json").write_text("x" * 10)
    with pytest.raises(CheckpointInvalid, match="holds the model alone"):
        read_assets(tmp_path)


def test_a_directory_with_something_in_it_is_left_alone(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "m")
    with pytest.raises(InvalidRequest, match="not empty"):
        export(store, "m", tmp_path / "model")
    assert read_files(tmp_path / "model") == small()


def test_a_path_of_the_catalog_leads_nowhere_else() -> None:
    assert assets.is_asset("a/config.json")
    for path in ("/etc/x.json", "../x.json", "a/../x.json", "a/b/c.json", "run.py", "x.bin"):
        assert not assets.is_asset(path)
