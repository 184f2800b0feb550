"""A working set three times the arena, model after model: no livelock, and nearly the rate of the best schedule that never changes."""

import pytest

from aweigh.memory.policy.default import default_policy
from aweigh.memory.policy.duel import Duel
from aweigh.memory.policy.lru import LRU
from aweigh.memory.replay.machine import Machine
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.tiers import Tier
from aweigh.memory.replay.workload import Model, Request, Workload

PAGE = 1 << 21
FRAMES, ROUNDS, TOKENS = 64, 20, 8
STEP = 0.002
DISK = Tier("disk", 3e9, 1e-4)


def in_turn(models: int, pause: float, lru: bool = False) -> tuple[Outcome, float]:
    """Requests in turn. Returns what came of it, and its rate over that of the best static schedule: as many models as leave room for
    another one stay, the others are read each time."""
    frames = 3 * FRAMES // models
    names = [f"m{number}" for number in range(models)]
    requests = tuple(Request(pause * n, names[n % models], 16, TOKENS) for n in range(models * ROUNDS))
    world = Workload(tuple(Model(name, (PAGE,) * frames, step_seconds=STEP) for name in names), requests)
    outcome = Machine(world, FRAMES, LRU() if lru else default_policy(), [DISK], depth=2).run()
    kept = (FRAMES - frames) // frames
    read = frames * models + (ROUNDS - 1) * frames * (models - kept)
    computing = len(requests) * TOKENS * STEP
    best = read * PAGE / DISK.bytes_per_second + computing
    return outcome, best / (outcome.stall_seconds + computing)


@pytest.mark.parametrize("pause", [0.3, 10.0])
@pytest.mark.parametrize("models", [3, 6, 12, 24])
def test_thrash(models: int, pause: float) -> None:
    outcome, rate = in_turn(models, pause)
    assert len(outcome.request_stalls) == models * ROUNDS and outcome.refused == 0, "everybody is served"
    needed = outcome.counters.missed_bytes
    assert outcome.moved_bytes["disk"] <= 1.5 * needed, "what is moved is used"
    assert rate >= 0.8, rate
    print(models, pause, f"{rate:.2f}", f"LRU {in_turn(models, pause, lru=True)[1]:.2f}")


def test_the_duel_is_won_by_who_moves_less_and_the_old_rule_comes_back() -> None:
    duel = Duel()
    for turn in range(60):
        duel.use(str(turn % 6), 10, 30)
    assert duel.recent_first, "six in turn, of which three fit"
    for turn in range(400):
        duel.use(("a", "b")[turn // 3 % 2] if turn % 50 else str(turn), 10, 30)
    assert not duel.recent_first, "two that stay, and strangers that do not come back"
    for turn in range(200):
        duel.use(str(turn % 3), 10, 30)
    assert not duel.recent_first, "all fit: nothing is decided"
