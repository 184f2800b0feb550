"""Every call of migration that the system may refuse is refused: who needed it fails or waits, the others are answered, and no frame is lost."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from tests.faults.life import FRAMES, Life, World

from aweigh.memory.failpoints import failing
from aweigh.memory.frames import virtual_memory
from aweigh.memory.mover.failpoints import FAIL, Migration
from aweigh.proto.errors import AweighError, OurBug, Overloaded

ERRORS: list[Callable[[], Exception]] = [
    lambda: OSError(errno.ENOMEM, "Cannot allocate memory"),
    lambda: MemoryError("no memory"),
]


def test_what_can_fail_is_enumerated() -> None:
    """The others are moments between two statements, at which a process can only die (`test_killed.py`)."""
    told = {"ARRIVED", "DROPPED", "FORGOTTEN", "RELEASED", "GIVEN", "POLICY_SET", "DAMAGE_FOUND", "DAMAGE_TOLD"}
    assert {point.name for point in Migration} == {point.name for point in FAIL} | told


def one_life(life: Life) -> int:
    """`pages` comes, then `plain`, which pushes it out; `small` is asked for beside them. Returns how many requests failed."""
    failed = 0
    for name in ("pages", "plain"):
        for _ in range(4):
            try:
                life.load(name)
                break
            except Overloaded:
                life.pager.check_integrity()
    for name in ("pages", "plain", "pages"):
        heard = life.ask(name, "small")
        for asked, answer in heard.items():
            error = answer.error
            assert error is None or (isinstance(error, AweighError) and not isinstance(error, OurBug)), error
            assert error is not None or answer.tokens == life.world.expected[asked]
            failed += error is not None
        life.pager.check_integrity()
    return failed


def ends_well(life: Life) -> None:
    """When nothing fails any more, all is as it was."""
    assert life.right("pages", "small") and life.right("plain", "small")
    life.pager.check_integrity()
    life.unload("pages", "plain", "small")
    life.pager.check_integrity()
    assert life.pager.frames.free == FRAMES and life.pager.resident_frames == 0


@pytest.mark.parametrize(
    "error", [ERRORS[0], pytest.param(ERRORS[1], marks=pytest.mark.slow)], ids=["OSError", "MemoryError"]
)
@pytest.mark.parametrize("point", FAIL, ids=lambda point: point.name)
def test_a_step_that_fails(world: World, life: Life, point: Migration, error: Callable[[], Exception]) -> None:
    if point is Migration.SHOWN:
        life.pager._carrier.map_cached = True
    if point is Migration.ADDED and isinstance(error(), OSError):
        return  # addresses that cannot be had are a MemoryError, whatever the system says
    life.load("small")
    assert life.right("small")
    with failing(point, error(), times=2) as left:
        assert one_life(life) <= 2, "a refusal is felt by one request at most"
        if point is not Migration.LOOKED:
            assert not left, "the point was passed"
    ends_well(life)


NEVER = 1 << 60
CALLS = ("move", "protect", "show_file", "hide")


@pytest.mark.parametrize("times", [2, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("call", CALLS)
def test_a_system_call_that_fails_at_any_time(
    world: World, monkeypatch: pytest.MonkeyPatch, call: str, times: int
) -> None:
    """ENOMEM at the n-th call and the two after it, for some n over all of a life's, or for every one."""
    real = getattr(virtual_memory, call)
    passed = 0
    failed_from = NEVER

    def counted(*arguments: Any) -> None:
        nonlocal passed
        passed += 1
        if failed_from <= passed < failed_from + 3:
            raise OSError(errno.ENOMEM, f"{call}: Cannot allocate memory")
        real(*arguments)

    monkeypatch.setattr(virtual_memory, call, counted)

    def run(at: int) -> int:
        nonlocal passed, failed_from
        life = Life(world)
        life.pager._carrier.map_cached = call in ("show_file", "hide")
        life.load("small")
        assert life.right("small")
        passed, failed_from = 0, at
        assert one_life(life) <= 3
        calls, failed_from = passed, NEVER
        ends_well(life)
        life.close()
        return calls

    calls = run(NEVER)
    assert calls >= 2
    for at in sorted({1 + calls * index // times for index in range(times)}):
        run(at)
