"""A pull that fails leaves what is there."""

from pathlib import Path
from typing import Any

import pytest
from tests.memory.store.checkpoints import put, small, write

from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.stored import Stored
from aweigh.memory.tiers import pull as module
from aweigh.memory.tiers.pull import pull
from aweigh.memory.tiers.push import push
from aweigh.proto.errors import StoreFailed


def test_a_pull_that_fails_leaves_what_was_pulled_before(
    store: Store, other: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, write(tmp_path / "model", small(), config='{"a": 1}'), "m")
    (tmp_path / "bucket").mkdir()
    url = f"file://{tmp_path}/bucket"
    push(store, "m", url)
    got = pull(url, "m", other, lazy=True)

    def found() -> str | None:
        checkpoint = Checkpoint(got.directory, may_lack_data=True)
        try:
            return Stored.find(other, [file.identity for file in checkpoint.files])
        finally:
            checkpoint.close()

    assert found() == "m"

    def fails(*_: Any) -> int:
        raise StoreFailed("the network is gone")

    monkeypatch.setattr(module, "_bring", fails)
    with pytest.raises(StoreFailed):
        pull(url, "m", other)
    assert found() == "m", "what a script names has no weights any more, until a pull succeeds"
