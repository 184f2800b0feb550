"""Turns of calls: between leases, and between calls and steps."""

from aweigh.engine.schedule.calls import CallQueue


def drained(queue: CallQueue[str], *, stepping: bool = False) -> list[str]:
    found = []
    while jobs := queue.next(stepping=stepping):
        found += jobs
    return found


def test_leases_take_turns_and_each_keeps_its_order() -> None:
    queue: CallQueue[str] = CallQueue()
    for job in ("a1", "a2", "a3", "b1", "c1", "c2"):
        queue.add(job[0], job)
    assert len(queue) == 6
    assert drained(queue) == ["a1", "b1", "c1", "a2", "c2", "a3"]
    assert not len(queue)


def test_who_comes_back_waits_behind_those_who_wait() -> None:
    queue: CallQueue[str] = CallQueue()
    queue.add("a", "a1")
    queue.add("b", "b1")
    assert queue.next(stepping=False) == ["a1"]
    queue.add("a", "a2")
    assert drained(queue) == ["b1", "a2"]


def test_after_a_call_steps_have_as_long() -> None:
    queue: CallQueue[str] = CallQueue()
    for job in ("a1", "a2", "a3"):
        queue.add("a", job)
    assert queue.next(stepping=True) == ["a1"]
    queue.called(0.3)
    queue.stepped(0.2)
    assert queue.next(stepping=True) == []
    queue.stepped(0.1)
    assert queue.next(stepping=True) == ["a2"]
    queue.called(0.3)
    assert queue.next(stepping=False) == ["a3"], "nobody steps"


def test_a_very_long_call_does_not_keep_calls_away_for_as_long() -> None:
    queue: CallQueue[str] = CallQueue()
    queue.called(600.0)
    queue.add("a", "a1")
    assert queue.next(stepping=True) == []
    queue.stepped(1.0)
    assert queue.next(stepping=True) == ["a1"]


def test_time_of_steps_is_not_saved_up() -> None:
    queue: CallQueue[str] = CallQueue()
    queue.stepped(100.0)
    queue.called(0.5)
    queue.add("a", "a1")
    assert queue.next(stepping=True) == []
