"""A world of models with a store of its own, made once, and workers in this process."""

from collections.abc import Iterator

import pytest
from tests.faults.life import Life, World

from aweigh.engine.run import paged
from aweigh.memory import region
from aweigh.memory.frames.core import FRAME_BYTES


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWEIGH_HOME", str(directory / "home"))
        patch.setattr(paged, "STAGE_BYTES", FRAME_BYTES)
        patch.setattr(region, "LARGE_BYTES", FRAME_BYTES)
        yield World.make(directory)


@pytest.fixture
def life(world: World) -> Iterator[Life]:
    """Reads past the page cache."""
    found = Life(world)
    found.pager._carrier.map_cached = False
    yield found
    found.close()
