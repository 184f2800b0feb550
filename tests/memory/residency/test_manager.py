"""What the manager decides, event by event."""

import pytest
from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.lru import LRU
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority
from aweigh.memory.residency.tickets import MOST_OVERTAKEN
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound, Overloaded


def shell(budget: int, *frames: int) -> Shell:
    return Shell(budget, [item(number, size) for number, size in enumerate(frames)], LRU())


def test_what_is_missing_is_fetched_and_held_until_release() -> None:
    world = shell(3, 1, 1, 1, 1)
    assert world.need(1, 0, 1) == [ev.Fetch(0, Priority.NOW), ev.Fetch(1, Priority.NOW)]
    assert world.arrive(1) == []
    assert world.arrive(0) == [ev.Ready(1)]
    assert world.need(2, 1) == [ev.Ready(2)]
    world.release(1)
    assert world.manager.resident == (0, 1)
    assert world.manager.frames_free == 1


def test_the_least_recently_used_makes_room_and_its_frames_count_until_it_is_gone() -> None:
    world = shell(2, 1, 1, 1)
    assert not world.use(1, 0) and not world.use(2, 1) and world.use(3, 0)
    assert world.need(4, 2) == [ev.Drop(1)]
    assert world.manager.frames_free == 0
    assert world.confirm(1) == [ev.Fetch(2, Priority.NOW)]
    assert world.arrive(2) == [ev.Ready(4)]


def test_what_is_held_is_not_dropped() -> None:
    world = shell(2, 1, 1, 2)
    world.need(1, 0)
    world.answer_all()
    world.use(2, 1)
    assert world.need(3, 2) == [], "it waits for the holder"
    assert world.release(1) == [ev.Drop(1), ev.Drop(0)] or set(world.leaving) == {0, 1}
    world.answer_all()
    assert 3 in world.ready


def test_a_need_larger_than_the_budget_is_refused_with_a_sentence() -> None:
    world = shell(3, 2, 2)
    world.need(1, 0, 1)
    error = world.refused[1]
    assert isinstance(error, Overloaded) and "4 frames" in str(error) and "one layer at a time" in str(error)
    assert not world.use(2, 0) and not world.use(3, 1), "one after the other they fit"


def test_two_that_hold_half_of_what_the_other_needs_cannot_come_about() -> None:
    world = shell(3, 1, 1, 1, 1)
    world.need(1, 0, 1)
    world.need(2, 2, 3)
    assert set(world.fetching) == {0, 1}, "the second has nothing until it can have all"
    world.answer_all()
    world.release(1)
    world.answer_all()
    assert world.ready == {2}


def test_a_small_one_may_pass_a_big_one_but_not_for_ever() -> None:
    world = shell(4, 4, 1, 1)
    world.need(1, 1)
    world.answer_all()
    world.need(2, 0)
    passed = 0
    for ticket in range(10, 60):
        world.need(ticket, 2)
        world.answer_all()
        if ticket not in world.ready:
            break
        passed += 1
        world.release(ticket)
    assert passed == MOST_OVERTAKEN
    world.release(1)
    world.answer_all()
    assert 2 in world.ready


def test_a_failure_ends_the_tickets_that_hold_it_and_no_others() -> None:
    world = shell(8, 1, 1, 1, 1)
    world.need(1, 0, 1)
    world.need(2, 1, 2)
    world.need(3, 3)
    del world.fetching[1]
    reason = CheckpointInvalid("page 7 does not have its hash: publish the model again.")
    world.tell(ev.Failed(1, reason, world.now()))
    assert world.refused == {1: reason, 2: reason}
    assert set(world.leaving) == {0, 2}, "what nobody needs any more is cancelled"
    world.answer_all()
    assert world.ready == {3}
    assert not world.use(4, 1), "the next one tries again"


def test_a_cancelled_fetch_that_is_needed_again_comes_either_way() -> None:
    for late in (False, True):
        world = shell(2, 1)
        world.need(1, 0)
        world.tell(ev.Withdraw(1, world.now()))
        assert set(world.leaving) == {0}
        world.need(2, 0)
        if late:
            assert world.arrive(0) == [ev.Ready(2)]
        else:
            assert world.confirm(0) == [ev.Fetch(0, Priority.NOW)]
            assert world.arrive(0) == [ev.Ready(2)]


def test_less_urgent_tickets_that_are_not_ready_give_way() -> None:
    world = shell(2, 1, 1, 2)
    world.need(1, 0, priority=Priority.NEXT)
    world.need(2, 1, priority=Priority.NEXT)
    world.arrive(0)
    assert world.ready == set(), "what is needed next is kept, and nobody's yet"
    world.need(3, 2)
    world.answer_all()
    assert world.ready == {3}
    world.release(3)
    world.tell(ev.Raise(2, Priority.NOW, world.now()))
    world.answer_all()
    assert world.ready == {2}


def test_two_that_stream_layer_by_layer_do_not_wait_for_each_other() -> None:
    """Each has its layer after the next, neither its next one; in an arena of two."""
    world = shell(2, 1, 1, 1, 1)
    for ticket, extent in ((1, 0), (2, 1)):
        world.need(ticket, extent, priority=Priority.NEXT)
    world.answer_all()
    world.need(3, 2)
    world.need(4, 3)
    world.answer_all()
    assert world.ready == {3, 4}
    for ticket in (3, 4):
        world.release(ticket)
    for ticket in (1, 2):
        world.tell(ev.Raise(ticket, Priority.NOW, world.now()))
    world.answer_all()
    assert world.ready == {1, 2}


def test_what_was_needed_next_is_needed_now() -> None:
    world = shell(3, 1, 1, 1)
    world.need(1, 0, priority=Priority.NEXT)
    assert world.tell(ev.Raise(1, Priority.NOW, world.now())) == [ev.Fetch(0, Priority.NOW)]
    assert world.need(2, 0, priority=Priority.NEXT) == []
    world.answer_all()
    assert world.ready == {1}
    assert world.tell(ev.Raise(2, Priority.NOW, world.now())) == [ev.Ready(2)]


def test_keys_and_values_push_cold_weights_out_and_give_them_back() -> None:
    world = shell(4, 1, 1, 1, 1)
    for ticket in range(4):
        world.use(ticket, ticket)
    assert world.tell(ev.TakeFrames(10, 2, world.now())) == [ev.Drop(0), ev.Drop(1)]
    world.confirm(0)
    assert world.granted == []
    world.confirm(1)
    assert world.granted == [10]
    world.need(11, 0, 1, 2)
    assert isinstance(world.refused[11], Overloaded), "keys and values cannot be made to go"
    world.tell(ev.GiveFrames(2, world.now()))
    world.need(12, 0, 1)
    world.answer_all()
    assert world.ready == {12} and world.manager.resident == (2, 3, 0, 1)


def test_the_split_between_weights_and_keys_and_values() -> None:
    world = shell(8, 4, 2)
    world.tell(ev.SetBudget(8, world.now(), kv_least=3, kv_most=5))
    world.need(1, 0, 1)
    assert isinstance(world.refused[1], Overloaded), "three frames are kept for keys and values"
    world.need(2, 0)
    world.answer_all()
    assert 2 in world.ready
    world.tell(ev.TakeFrames(3, 4, world.now()))
    assert world.granted == [3]
    world.tell(ev.TakeFrames(4, 2, world.now()))
    assert "4 of 5" in str(world.refused[4])
    world.tell(ev.TakeFrames(5, 1, world.now()))
    assert world.granted == [3], "it waits for weights that are in use"
    world.release(2)
    world.answer_all()
    assert world.granted == [3, 5]


def test_a_smaller_budget_takes_what_is_idle_and_waits_for_the_rest() -> None:
    world = shell(6, 2, 2, 2)
    world.need(1, 0)
    world.answer_all()
    world.use(2, 1)
    world.need(3, 2)
    world.tell(ev.SetBudget(3, world.now()))
    world.answer_all()
    assert world.manager.resident == (0,) and world.ready == {1}
    world.release(1)
    world.answer_all()
    assert world.ready == {3} and world.manager.frames_used <= 3


def test_what_is_kept_for_keys_and_values_is_no_more_than_there_is() -> None:
    world = shell(6, 1)
    world.tell(ev.SetBudget(1, world.now(), kv_least=2))
    world.tell(ev.TakeFrames(1, 1, world.now()))
    assert world.granted == [1]


def test_forgotten_extents_leave_when_nobody_holds_them_and_their_numbers_come_back() -> None:
    world = shell(4, 1, 1, 1)
    world.need(1, 0)
    world.answer_all()
    world.need(2, 1)
    world.tell(ev.Forget((0, 1)))
    assert isinstance(world.refused[2], ModelNotFound)
    world.need(3, 0)
    assert isinstance(world.refused[3], ModelNotFound)
    assert world.manager.is_resident(0)
    world.release(1)
    world.answer_all()
    assert world.manager.frames_used == 0
    assert world.manager.numbers(3) == [0, 1, 3]


def test_a_policy_is_swapped_under_held_tickets_and_knows_who_is_there() -> None:
    world = shell(3, 1, 1, 1, 1)
    for extent in (0, 1, 2):
        world.use(extent, extent)
    world.use(3, 0)
    world.need(4, 0)
    world.tell(ev.SetPolicy(LRU(), world.now()))
    assert world.need(5, 3) == [ev.Drop(1)]
    assert world.manager.counters.fallback_drops == 0


@pytest.mark.parametrize("text", ["the disk is gone."])
def test_a_failed_guess_harms_nobody(text: str) -> None:
    world = shell(2, 1)
    world.need(1, 0)
    world.tell(ev.Withdraw(1, world.now()))
    del world.leaving[0]
    assert world.tell(ev.Failed(0, CheckpointInvalid(text), world.now())) == []
    assert world.refused == {} and world.manager.counters.failed == 0


def test_what_is_damaged_is_brought_anew_before_anybody_has_it() -> None:
    world = shell(3, 1, 1)
    world.use(1, 0)
    assert world.tell(ev.Damaged(0, world.now())) == [ev.Drop(0)]
    world.need(2, 0)
    assert 2 not in world.ready
    assert world.confirm(0) == [ev.Fetch(0, Priority.NOW)]
    assert world.arrive(0) == [ev.Ready(2)]
    assert world.manager.counters.damaged == 1
    assert world.tell(ev.Damaged(1, world.now())) == [], "it is not here"


def test_who_reads_what_is_damaged_keeps_it_and_nobody_else_gets_it() -> None:
    world = shell(4, 1, 1)
    world.need(1, 0)
    world.need(2, 0, 1)
    world.arrive(0)
    assert world.ready == {1}
    assert world.tell(ev.Damaged(0, world.now())) == []
    world.arrive(1)
    world.need(3, 0)
    assert world.ready == {1}, "the second has one of two, the third none of one"
    assert world.release(1) == [ev.Drop(0)]
    assert world.confirm(0) == [ev.Fetch(0, Priority.NOW)]
    world.arrive(0)
    assert world.ready == {2, 3}


def test_what_fails_again_and_again_is_left_alone_for_longer_and_longer() -> None:
    world = shell(4, 1, 1, 1)
    reason = CheckpointInvalid("page 7 does not have its hash.")
    pauses = []
    for ticket in range(1, 8):
        assert world.need(ticket, 0, model="m") == [ev.Fetch(0, Priority.NOW)]
        del world.fetching[0]
        world.tell(ev.Failed(0, reason, world.now()))
        assert world.refused[ticket] is reason
        begun = world.time
        while world.manager.quarantined:
            world.need(100, 1, model="m")
            error = world.refused[100]
            assert isinstance(error, CheckpointInvalid) and "nobody tries for" in str(error) and not world.fetching
            world.time += 0.25
            world.tell(ev.Tick(world.now()))
        pauses.append(round(world.time - begun))
    assert pauses == [0, 1, 2, 4, 8, 16, 32]
    assert not world.use(200, 0), "it came at last"
    assert world.manager.quarantined == frozenset() and world.use(201, 0)


def test_quarantine_is_of_the_models_that_need_it() -> None:
    world = Shell(4, [item(0, 1, "a", "b"), item(1, 1, "b"), item(2, 1, "c")], LRU())
    for ticket in (1, 2):
        world.need(ticket, 0, model="a")
        del world.fetching[0]
        world.tell(ev.Failed(0, CheckpointInvalid("gone."), world.now()))
    assert world.manager.quarantined == {"a", "b"}
    world.need(3, 1, model="b")
    world.need(4, 2, model="c")
    world.answer_all()
    assert 3 in world.refused and world.ready == {4}


def test_no_room_is_no_reason_for_a_quarantine() -> None:
    world = shell(4, 1)
    for ticket in range(1, 5):
        assert world.need(ticket, 0) == [ev.Fetch(0, Priority.NOW)]
        del world.fetching[0]
        world.tell(ev.Failed(0, Overloaded("there is no room."), world.now()))
    assert world.manager.quarantined == frozenset()


@pytest.mark.parametrize("answer", ["arrives", "fails", "dropped"])
def test_a_read_that_does_not_answer_refuses_its_models_until_it_does(answer: str) -> None:
    world = Shell(4, [item(0, 1, "a"), item(1, 1, "a"), item(2, 1, "b")], LRU())
    world.need(1, 0, model="a")
    world.tell(ev.Stalled(0, world.now()))
    assert isinstance(world.refused[1], Overloaded) and set(world.leaving) == {0}
    world.need(2, 1, model="a")
    world.need(3, 2, model="b")
    world.answer_all() if answer == "dropped" else world.arrive(2)
    assert 2 in world.refused and world.ready == {3}
    if answer == "arrives":
        world.arrive(0)
    elif answer == "fails":
        del world.leaving[0]
        world.tell(ev.Failed(0, CheckpointInvalid("it failed after a minute."), world.now()))
    assert world.manager.quarantined == frozenset()
    assert world.use(4, 0) == (answer == "arrives")
