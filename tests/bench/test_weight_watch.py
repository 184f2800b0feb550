"""The watch sees every way to a file's bytes, names the process, and sees nothing else."""

import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.weight_watch import Opening, WeightWatch, can_watch, holders, weight_files

needs_the_right = pytest.mark.skipif(not can_watch(), reason="fanotify needs CAP_SYS_ADMIN")

READ = "import sys; open(sys.argv[1], 'rb').read(1)"
MAP = "import mmap, os, sys; f = os.open(sys.argv[1], 0); print(mmap.mmap(f, 0, prot=mmap.PROT_READ)[0])"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    return path


@needs_the_right
@pytest.mark.parametrize("program", [READ, MAP], ids=["read", "mmap"])
def test_another_process_that_reads_is_named(weights: Path, program: str) -> None:
    with WeightWatch([weights]) as watch:
        child = subprocess.Popen([sys.executable, "-c", program, str(weights)], stdout=subprocess.DEVNULL)
        assert child.wait() == 0
        assert watch.openings() == {Opening(child.pid, str(weights))}


@needs_the_right
def test_a_process_that_reads_something_else_is_not_named(weights: Path) -> None:
    (weights.parent / "config.json").write_text("{}")
    with WeightWatch([weights]) as watch:
        child = subprocess.run([sys.executable, "-c", READ, str(weights.parent / "config.json")], check=True)
        assert child.returncode == 0
        os.stat(weights)
        assert watch.openings() == frozenset()


def test_who_holds_a_file_open_or_mapped_is_found(weights: Path) -> None:
    me = os.getpid()
    assert holders([me], [weights]) == frozenset()
    with weights.open("rb") as file:
        assert holders([me], [weights]) == {Opening(me, str(weights))}
        mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    assert holders([me], [weights]) == {Opening(me, str(weights))}
    mapped.close()
    assert holders([me], [weights]) == frozenset()


def test_weight_files_are_told_by_their_names(weights: Path) -> None:
    (weights.parent / "config.json").write_text("{}")
    assert weight_files(weights.parent) == [weights]
