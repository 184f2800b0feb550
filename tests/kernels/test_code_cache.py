"""Code on disk: the same bits without the bindings, and nothing from a place where others could have put it."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.kernels.cpu import code_cache, native
from aweigh.kernels.cpu.gate import gating_table
from aweigh.kernels.cpu.gating import Gating
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.object_code import Object, Unloadable

X = torch.randn(3, 700, generator=torch.Generator().manual_seed(0))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path))
    if code_cache.key("gate") is None:
        pytest.skip("this machine does not say what its processor is")
    return tmp_path / "native"


def gate() -> Native:
    return compiled(lambda: Gating("f32").build, "gate")


def result(code: Native) -> Tensor:
    out = torch.full_like(X, float("nan"))
    code.run(gating_table(2, X, None, out, "gelu"))
    return out


def is_loaded(code: Native) -> bool:
    return isinstance(code.engine, Object)


def test_the_second_process_needs_no_compiler(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = gate()
    assert not is_loaded(first) and len(list(folder.iterdir())) == 1
    monkeypatch.setattr(native, "module_of", None)
    second = gate()
    assert is_loaded(second) and torch.equal(result(second), result(first))


def test_code_without_a_name_is_not_kept(folder: Path) -> None:
    compiled(lambda: Gating("f32").build)
    assert not folder.exists()


def test_a_key_knows_name_processor_and_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [code_cache.key("gate"), code_cache.key("other")]
    monkeypatch.setattr(code_cache, "_processor", lambda: b"another")
    keys.append(code_cache.key("gate"))
    monkeypatch.setattr(code_cache, "_sources", lambda: b"changed")
    keys.append(code_cache.key("gate"))
    assert len(set(keys)) == 4
    monkeypatch.setattr(code_cache, "_processor", lambda: None)
    assert code_cache.key("gate") is None and not is_loaded(gate()) and not is_loaded(gate())


@pytest.mark.parametrize("damage", ["torn", "changed", "empty", "gone"])
def test_a_damaged_file_is_a_miss(folder: Path, damage: str) -> None:
    expected = result(gate())
    (file,) = folder.iterdir()
    data = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"torn": data[:-9], "changed": data[:99] + b"!" + data[100:], "empty": b""}[damage])
    code = gate()
    assert not is_loaded(code) and torch.equal(result(code), expected)
    assert is_loaded(gate()), "it was written anew"


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o722])
def test_a_folder_that_others_may_enter_is_neither_read_nor_written(folder: Path, mode: int) -> None:
    gate()
    (file,) = folder.iterdir()
    folder.chmod(mode)
    assert not is_loaded(gate())
    file.unlink()
    assert not is_loaded(gate()) and not list(folder.iterdir())
    folder.chmod(0o700)
    gate()
    assert is_loaded(gate())


def test_a_file_that_others_may_write_is_not_read(folder: Path) -> None:
    gate()
    (file,) = folder.iterdir()
    file.chmod(0o620)
    assert code_cache.load(file.stem) is None
    file.chmod(0o600)
    assert code_cache.load(file.stem) is not None


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    gate()
    (file,) = folder.iterdir()
    moved = tmp_path / "elsewhere.o"
    file.rename(moved)
    file.symlink_to(moved)
    assert code_cache.load(file.stem) is None
    file.unlink()
    moved.rename(file)
    folder.rename(tmp_path / "real")
    folder.symlink_to(tmp_path / "real")
    assert not is_loaded(gate())


def test_what_another_user_owns_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate()
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    assert not is_loaded(gate())


def test_the_oldest_goes_when_there_are_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_cache, "_MOST_FILES", 2)

    def write(path: str) -> None:
        Path(path).write_bytes(b"code")

    for number in range(4):
        code_cache.store(f"{number}", write)
        os.utime(folder / f"{number}.o", (number, number))
    assert {path.name for path in folder.iterdir()} == {"2.o", "3.o"}


def test_a_file_that_is_no_code_for_this_process_is_refused(folder: Path) -> None:
    gate()
    (file,) = folder.iterdir()
    data = file.read_bytes()[32:]

    def known(name: str) -> int | None:
        return 4096

    assert Object(data, known).address("record")
    cases: list[Any] = [data[:cut] for cut in range(0, len(data) - 1, 61)]
    cases += [b"", b"\x7fELF", data[:18] + b"\xb7" + data[19:]]  # the last one: of another processor
    for case in cases:
        with pytest.raises(Unloadable):
            Object(case, known).address("record")
    with pytest.raises(Unloadable):
        Object(data, lambda name: None)
    with pytest.raises(Unloadable):
        Object(data, known).address("nothing")
