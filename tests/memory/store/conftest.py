"""A store of its own for every test."""

from pathlib import Path

import pytest

from aweigh.memory.store.catalog import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "store")
