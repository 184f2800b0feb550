"""Six models over an arena for two, a working set three times as large: everybody is answered, rightly, in turn and all at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.conftest import made
from tests.engine.llama import Shape
from tests.engine.worker.test_worker import submit
from tests.faults.life import KV_FRAMES, PROMPT, Life, World

from aweigh.engine.schedule import events as ev
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
    # Turns that no clock ends: bytes are counted here, and how long a turn is stands in test_turns.py.
    policy.write_text(f"[arena]\nbytes = {(-(-whole // 3) + KV_FRAMES) * FRAME_BYTES}\n[split]\nturn = 1e6\n")
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


def best(life: Life) -> float:
    """Bytes of the best schedule that never changes: it keeps one of two models and brings the five others each round."""
    return whole(life) * (1 + (ROUNDS - 1) * (MODELS - 1) / MODELS)


def test_models_that_take_turns(crowd: Life) -> None:
    for _ in range(ROUNDS):
        assert all(crowd.right(name) for name in crowd.world.models)
    assert moved(crowd) <= AMPLIFICATION * best(crowd)
    crowd.pager.check_integrity()


def test_models_that_all_want_to_run_at_once(crowd: Life) -> None:
    """No two steps wait for each other's frames, and who brought his weights computes with them before others take the frames."""
    for _ in range(ROUNDS):
        assert crowd.right(*crowd.world.models)
    assert moved(crowd) <= AMPLIFICATION * best(crowd)
    crowd.pager.check_integrity()


def test_who_gives_up_in_his_turn_holds_up_nobody(crowd: Life) -> None:
    """Requests that are cancelled at their first token, while their model has a turn that no clock would end."""
    worker, left, quitters = crowd.worker, [], ["m0", "m1", "m3"]
    asked = {name: submit(worker, crowd.loaded[name], "l", PROMPT, TOKENS) for name in crowd.world.models}
    for name in quitters:
        heard = asked[name]
        heard.emit = lambda emitted, heard=heard: worker.post(ev.Cancel(emitted.request, 0.0))  # type: ignore[method-assign,misc]
    for name, heard in asked.items():
        heard.wait()
        if heard.tokens != crowd.world.expected[name]:
            left.append(name)
    assert left == quitters
    crowd.pager.check_integrity()
