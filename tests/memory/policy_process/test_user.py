"""A user's policy in a real process: it is asked and believed, and whatever it does instead, the manager goes on at once."""

import contextlib
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aweigh.memory.policy.base import Drop, Fetch, Item, Pin, Policy, Prefer, Record, Suggestion, Unpin, View
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.tuner.policy_file import read
from aweigh.proto.errors import InvalidRequest
from house.tree import ROOT

HERE = Path(__file__).parent
ITEMS = {number: Item(number, 1, 1 << 21, ("the model",), number, 0.001 * number) for number in range(8)}
GOOD_DAY = View(5.0, 100, 0, 1, dict.fromkeys([2, 0, 1, 3]), {3}, set(), ITEMS, {"the model": 6}, (7,))
BAD_DAY = replace(GOOD_DAY, budget_frames=13)
PATIENT = 20.0  # seconds of budget where the time of an answer is not what is tested
MOST = 0.5  # seconds that a question may take with the budget of 0.010, on a machine that has other things to do


class Default(Policy):
    """Drops the least recently used, at a cost that no other policy names."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def observe(self, records: "list[Record]") -> None:  # type: ignore[override]
        self.records += records

    def suggest(self, view: View) -> Iterator[Suggestion]:
        yield Drop(next(iter(view.resident)), cost=-1.0)


BY_DEFAULT = [Drop(2, cost=-1.0)]
BY_GOOD = [Drop(extent, cost=0.5) for extent in (2, 1, 0)]


class Clock:
    """Stands still unless it is told otherwise, so that no answer is late: what is late is tested in `test_standing.py`."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def made(name: str, **parameters: object) -> UserPolicy:
    return there(UserPolicy(f"policies:{name}", Default(), parameters, HERE, Clock(), budget=PATIENT))


def there(policy: UserPolicy) -> UserPolicy:
    """Asks it until it answers."""
    while not policy.off and not policy.answered:
        list(policy.suggest(GOOD_DAY))
    return policy


def ask(policy: UserPolicy, view: View) -> list[Suggestion]:
    """With a watch on the budget."""
    began = time.monotonic()
    found = list(policy.suggest(view))
    assert time.monotonic() - began < MOST
    return found


def test_it_decides(caplog: pytest.LogCaptureFixture) -> None:
    policy = made("Good")
    assert list(policy.suggest(GOOD_DAY)) == BY_GOOD
    assert policy.guesses and policy.wakes(0.0) == 6.0
    assert not policy.off and policy.impossible == 0 and not caplog.records
    policy.close()
    assert policy.off and list(policy.suggest(GOOD_DAY)) == BY_DEFAULT and policy.wakes(0.0) is None


def test_it_is_told_everything() -> None:
    policy = made("Echo", factor=3)
    asked = policy.answered
    policy.observe([Record(2.0, 1, 5), Record(3.0, 2, 1)])
    policy.arrived(ITEMS[4], 1.0)
    policy.dropped(4, 1.0)
    policy.observe([Record(1.0, 1, 1)] * 5000)
    found = list(policy.suggest(GOOD_DAY))
    assert found == [
        Drop(2, cost=13 * 3 + 4.0 + 0.25 + 15000),
        Fetch(7, cost=1.1),
        Pin(7, until=5.0),
        Unpin(6),
        Prefer(7, "disk"),
    ]
    assert policy.answered == asked + 1
    assert isinstance(policy.default, Default) and len(policy.default.records) == 5002, "so is the default"
    later = replace(GOOD_DAY, items={**{n: i for n, i in ITEMS.items() if n != 5}, 9: replace(ITEMS[5], id=9)})
    assert list(policy.suggest(later))[1] == Fetch(9, cost=1.1), "items that came and went"
    policy.close()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Raises", "it raised RuntimeError: the list is empty"),
        ("Exits", "it raised SystemExit: 0"),
        ("Vanishes", "its process ended"),
        ("Swells", "it"),
        ("Recurses", "it raised RecursionError"),
        ("Babbles", "it sent a message of"),
        ("Shouts", "it sent a message of 104857600 bytes, where 1048576 are the most"),
        ("Drivels", "it sent "),
        ("Mumbles", "it raised TypeError: str is no suggestion"),
        ("DiesYoung", "it raised ValueError: no table"),
        ("Unrelated", "it raised TypeError: policies:Unrelated is no policy"),
        ("Missing", "it raised AttributeError: module 'policies' has no attribute 'Missing'"),
    ],
)
# Who swells may not even find the memory to say so: "it raised MemoryError", or "its process ended".
def test_what_breaks_is_switched_off_with_one_line(name: str, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    policy = made(name)
    while not policy.off:
        assert list(policy.suggest(BAD_DAY)) in (BY_DEFAULT, BY_GOOD)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line.startswith(f"policy policies:{name} is switched off, Default decides from now on: {reason}")
    assert "\n" not in line
    assert ask(policy, GOOD_DAY) == BY_DEFAULT, "for good"
    assert ended(policy)


def test_an_endless_loop_is_killed_and_costs_one_budget(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    policy = UserPolicy("policies:Loops", Default(), {}, HERE, clock)
    while not policy.asked:
        began = time.monotonic()
        assert ask(policy, BAD_DAY) == BY_DEFAULT
    assert time.monotonic() - began > 0.009
    for _ in range(100):
        assert ask(policy, BAD_DAY) == BY_DEFAULT
    assert policy.asked == 1 and not policy.off, "nobody waits for it again"
    clock.now += 0.3
    assert ask(policy, BAD_DAY) == BY_DEFAULT
    assert policy.off and ended(policy)
    assert "it did not answer for 0.25 s" in caplog.text


def test_one_that_is_late_again_and_again_is_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    policy = UserPolicy("policies:Dawdles", Default(), {}, HERE)
    while not policy.off:
        assert ask(policy, BAD_DAY) in (BY_DEFAULT, BY_GOOD)
    assert "it did not answer" in caplog.text and ended(policy)


def test_one_that_asks_for_the_impossible_is_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    policy = UserPolicy("policies:Strays", Default(), {}, HERE, Clock(), budget=PATIENT)
    while not policy.off:
        assert list(policy.suggest(GOOD_DAY)) == BY_DEFAULT
    assert "it asks for the impossible again and again" in caplog.text and ended(policy)


def test_an_endless_answer_is_cut() -> None:
    policy = made("Endless")
    assert list(policy.suggest(BAD_DAY)) == BY_GOOD + [Drop(2)] * (2 + 64 - 3), "twice what is needed, and some guesses"
    policy.close()


def test_a_child_that_does_not_read_is_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    policy = UserPolicy("policies:Loops", Default(), {}, HERE, Clock())
    while not policy.asked:
        ask(policy, BAD_DAY)
    batch = [Record(1.0, 1, 1)] * 50_000
    while not policy.off:
        began = time.monotonic()
        policy.observe(batch)
        assert time.monotonic() - began < MOST
    assert "it does not read what it is told" in caplog.text


def test_many_items_are_described_bit_by_bit() -> None:
    policy = made("Echo")
    items = {number: Item(number, 1, 1 << 21, ("the model",), number, 0.0) for number in range(5000)}
    view = replace(GOOD_DAY, items=items)
    asked, questions = policy.asked, 0
    while policy.asked == asked:
        found = list(policy.suggest(view))
        questions += 1
    assert questions > 15 and found[1:3] == [Fetch(4999, cost=1.1), Pin(4999, until=5.0)]
    gone = replace(GOOD_DAY, items={number: items[number] for number in range(100)})
    while (found := list(policy.suggest(gone))) == BY_DEFAULT:
        pass
    assert found[1:3] == [Fetch(99, cost=1.1), Pin(99, until=5.0)]
    policy.close()


@pytest.mark.parametrize("name", ["", "policies", "policies:", ":Good", "os;x:Good", "a b:c", "policies:Good.x"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(InvalidRequest, match="write module:Class"):
        UserPolicy(name, Default())


def test_the_example() -> None:
    policy = UserPolicy(
        "least_used:LeastUsed", Default(), {"half_life": 10.0}, ROOT / "examples/policies", Clock(), PATIENT
    )
    policy.observe([Record(1.0, 0, 9), Record(1.0, 1, 2), Record(1.0, 2, 4), Record(1.0, 3, 1)])
    while not policy.off and not policy.answered:
        found = list(policy.suggest(GOOD_DAY))
    assert found == [Drop(1, 0.001 * 2), Drop(2, 0.002 * 4), Drop(0, 0.0)]
    policy.observe([Record(12.0, 1, 20)])
    assert [one.extent for one in policy.suggest(GOOD_DAY)] == [2, 0, 1]
    policy.close()


def test_a_policy_that_policy_toml_names(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('[policy]\nname = "policies:Echo"\nparameters = { factor = 2 }\n')
    (tmp_path / "policies.py").write_text((HERE / "policies.py").read_text())
    policy = read(path).policy.start(path.parent)
    assert isinstance(policy, UserPolicy) and policy.name == "policies:Echo"
    policy.observe([Record(1.0, 1, 1)])
    while not policy.off and not policy.answered:
        found = list(policy.suggest(GOOD_DAY))
    assert policy.off or found[0] == Drop(2, cost=2.0)
    policy.close()
    path.write_text('[policy]\nname = "sieve"\n')
    assert type(read(path).policy.start(path.parent)).__name__ == "Sieve"


def ended(policy: UserPolicy) -> bool:
    """Waits for the end of the process of a policy that was killed."""
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(policy.process).wait(60)
    return True


def test_no_descriptor_stays_open() -> None:
    made("Good").close()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        made("Good").close()
    assert len(os.listdir("/proc/self/fd")) <= before
