"""Publishers, a collector and readers as processes of their own, all at once on one store."""

import subprocess
import sys
from pathlib import Path

from tests.memory.store.checkpoints import pages, put, read_back, write

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect
from aweigh.memory.store.listing import models
from aweigh.memory.store.verify import verify

PUBLISHER = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import remove_model
from aweigh.memory.store.publish import publish

store, number, directories = Store(Path(sys.argv[1])), sys.argv[2], [Path(path) for path in sys.argv[3:]]
for _ in range(3):
    for directory in directories:
        publish(directory, f"model-{number}", store, program=False, batch_pages=1)
    remove_model(store, f"model-{number}")
publish(directories[0], f"model-{number}", store, program=False)
"""

COLLECTOR = """
import sys
from pathlib import Path
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.collect import collect

store = Store(Path(sys.argv[1]))
while not Path(sys.argv[2]).exists():
    collect(store)
"""

READER = """
import os, sys
from pathlib import Path
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import is_page
from aweigh.memory.store.stored import Stored
from aweigh.proto.errors import ModelNotFound

store = Store(Path(sys.argv[1]))
reads = 0
while not Path(sys.argv[2]).exists() or not reads:
    for number in "012":
        try:
            stored = Stored(store, f"model-{number}")
        except ModelNotFound:
            continue
        with stored:
            for extent in stored.extents:
                for run in extent.runs:
                    for at, name in enumerate(run.hashes):
                        page = os.pread(run.descriptor, PAGE_BYTES, run.offset + at * PAGE_BYTES)
                        assert is_page(page, name)
                        reads += 1
"""


def start(program: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stderr=subprocess.PIPE, text=True)


def test_everybody_at_once(store: Store, tmp_path: Path) -> None:
    """Six checkpoints over seven pages; the same are published by several under their own names."""
    contents = [{"a": pages(at % 3, at), "b": pages((at + 1) % 4)} for at in range(6)]
    directories = [write(tmp_path / str(at), content) for at, content in enumerate(contents)]
    put(store, directories[0], "model-0")
    over = tmp_path / "over"
    others = [start(COLLECTOR, store.root, over), start(READER, store.root, over)]
    publishers = [
        start(PUBLISHER, store.root, number, *(directories[(number + step) % 6] for step in range(4)))
        for number in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in publishers]
    over.touch()
    said += [process.communicate(timeout=60)[1] for process in others]
    assert said == [""] * 5
    assert [process.returncode for process in publishers + others] == [0] * 5

    assert [model.name for model in models(store)] == ["model-0", "model-1", "model-2"]
    for number in range(3):
        assert read_back(store, f"model-{number}") == contents[number]
    assert verify(store).good
    collect(store)
    assert verify(store).good
    distinct = {name for number in range(3) for name in _hashes(store, f"model-{number}")}
    assert sum(path.stat().st_blocks * 512 for path in store.segments.iterdir()) == len(distinct) * (1 << 21)
    assert not list(store.publishing.iterdir())


def _hashes(store: Store, name: str) -> list[bytes]:
    with store.catalog("test") as catalog:
        rows = catalog.execute(
            "SELECT hash FROM models JOIN model_extents ON model = models.id JOIN extent_pages USING (extent) "
            "JOIN pages ON pages.id = page WHERE name = ?",
            (name,),
        )
        return [page for (page,) in rows]
