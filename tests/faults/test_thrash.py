"""Six models over an arena for two, a working set three times as large: everybody is answered, rightly, in turn and all at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.conftest import made
from tests.engine.llama import Shape
from tests.faults.life import KV_FRAMES, PROMPT, Life, World

from aweigh.memory.frames.core import FRAME_BYTES

MODELS, ROUNDS, TOKENS = 6, 4, 6
AMPLIFICATION = 1.5


@pytest.fixture
def crowd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    monkeypatch.setenv("AWEIGH_HOME", str(tmp_path / "home"))
    shape = Shape(layers=4, hidden=256, inner=1024, heads=4, kv_heads=2, head=64)
    names = [f"m{number}" for number in range(MODELS)]
    models = {}
    for name in names:
        (tmp_path / name).mkdir()
        models[name] = made(shape, tmp_path / name)
    expected = models["m0"].greedy(PROMPT, TOKENS)
    policy = tmp_path / "policy.toml"
    policy.write_text(f"[arena]\nbytes = {64 * FRAME_BYTES}\n")
    life = Life(World(models, dict.fromkeys(names, expected), policy))
    for name in names:
        life.load(name)
    whole = sum(paged.region.frames for paged in life.pager._paged.values())
    life.close()
    policy.write_text(f"[arena]\nbytes = {(-(-whole // 3) + KV_FRAMES) * FRAME_BYTES}\n")
    life = Life(World(models, dict.fromkeys(names, expected), policy))
    life.pager._carrier.map_cached = False
    for name in names:
        life.load(name)
    yield life
    life.close()


def moved(life: Life) -> int:
    return life.pager._manager.counters.fetched_bytes


def whole(life: Life) -> int:
    """Bytes of all models."""
    return sum(paged.region.frames for paged in life.pager._paged.values()) * FRAME_BYTES


def test_models_that_take_turns(crowd: Life) -> None:
    """The best schedule that never changes keeps one of two models and brings the five others each round."""
    for _ in range(ROUNDS):
        assert all(crowd.right(name) for name in crowd.world.models)
    best = whole(crowd) * (1 + (ROUNDS - 1) * (MODELS - 1) / MODELS)
    assert moved(crowd) <= AMPLIFICATION * best
    crowd.pager.check_integrity()


def test_models_that_all_want_to_run_at_once(crowd: Life) -> None:
    """No two steps wait for each other's frames."""
    for _ in range(2):
        assert crowd.right(*crowd.world.models)
    crowd.pager.check_integrity()
