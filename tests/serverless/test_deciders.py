"""Leases, placement and supervision: events in, instructions out, no clock and no process."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aweigh.proto.errors import LeaseEnded, ModelNotFound, Overloaded
from aweigh.serverless.leases import Leases
from aweigh.serverless.placement import Placement
from aweigh.serverless.supervision import (
    HEALTHY_AFTER,
    LONGEST_BACKOFF,
    Drain,
    Kill,
    Start,
    Supervisor,
    WorkerState,
)


def test_a_lease_lives_until_it_ends() -> None:
    leases = Leases(limit=2)
    assert leases.open("a", "first") < leases.open("b", "second")
    with pytest.raises(Overloaded):
        leases.open("c", "third")
    leases.check("a")
    leases.end("a")
    leases.end("a")
    with pytest.raises(LeaseEnded):
        leases.check("a")
    leases.open("c", "third")


def test_a_model_stays_where_it_is_loaded_and_else_goes_where_least_is() -> None:
    placement: Placement[str] = Placement()
    with pytest.raises(ModelNotFound):
        placement.choose("m")
    placement.register("m", "source")
    with pytest.raises(Overloaded):
        placement.choose("m")
    placement.worker_ready("w0")
    placement.worker_ready("w1")
    assert placement.choose("m") == ("w0", False)
    placement.loaded("m", "w0", 100)
    assert placement.choose("m") == ("w0", True)
    placement.register("n", "source")
    assert placement.choose("n") == ("w1", False)
    placement.worker_gone("w0")
    assert placement.choose("m") == ("w1", False)
    assert placement.forget("m") == set()
    with pytest.raises(ModelNotFound):
        placement.forget("m")


def test_what_a_lease_put_has_one_home() -> None:
    placement: Placement[str] = Placement()
    placement.worker_ready("w0")
    placement.worker_ready("w1")
    placement.register("m", "source", "a")
    assert placement.choose("m", "a") == ("w0", False)
    placement.register("big", "source")
    placement.loaded("big", "w0", 100)
    assert placement.choose("m", "a") == ("w0", False)
    placement.register("m", "source", "b")
    assert placement.choose("m", "b") == ("w1", False)
    placement.loaded("m", "w0", 1)
    placement.missing("m", "w0")
    assert placement.lease_ended("b") == []
    placement.worker_gone("w0")
    assert placement.choose("m", "a") == ("w1", False)
    assert placement.lease_ended("a") == ["m"] and not placement.homes
    placement.loaded("m", "w0", 1)  # too late: nobody wants it
    placement.register("n", "source", "c")
    placement.register("n", "source")
    assert placement.lease_ended("c") == [] and set(placement.models) == {"big", "n"}


def test_a_worker_that_dies_is_started_again_with_a_growing_delay() -> None:
    supervisor = Supervisor(("w",), start_timeout=10, drain_timeout=5)
    assert supervisor.tick(0.0) == [Start("w")]
    delays = []
    now = 0.0
    for _ in range(12):
        supervisor.exited("w", now)
        due = supervisor.next_decision()
        assert due is not None
        assert supervisor.tick(due - 1e-6) == []
        assert supervisor.tick(due) == [Start("w")]
        delays.append(due - now)
        now = due
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_BACKOFF
    supervisor.ready("w", now)
    supervisor.tick(now + HEALTHY_AFTER + 1)
    supervisor.exited("w", now + 100)
    assert supervisor.next_decision() == pytest.approx(now + 100 + delays[0])


def test_a_worker_that_does_not_get_ready_is_killed() -> None:
    supervisor = Supervisor(("w",), start_timeout=10, drain_timeout=5)
    supervisor.tick(0.0)
    assert supervisor.next_decision() == 10
    assert [type(i) for i in supervisor.tick(10.1)] == [Kill]


def test_a_worker_that_is_drained_stays_away_until_somebody_wants_it_back() -> None:
    supervisor = Supervisor(("w", "v"), start_timeout=10, drain_timeout=5)

    def state() -> WorkerState:
        return supervisor.workers["w"].state

    supervisor.tick(0.0)
    supervisor.ready("w", 1.0)
    assert supervisor.drain("w", 2.0) == [Drain("w")] and supervisor.drain("w", 3.0) == []
    assert state() is WorkerState.DRAINING
    assert supervisor.tick(7.1) == [Kill("w", "still busy after 5 s of draining")]
    supervisor.exited("w", 8.0)
    assert state() is WorkerState.DRAINED and not supervisor.workers["w"].restarts
    assert supervisor.tick(1e6)[:1] != [Start("w")]
    supervisor.undrain("w", 20.0)
    assert Start("w") in supervisor.tick(20.0), "at once: it did nothing wrong"
    assert supervisor.drain("w", 21.0) == [Drain("w")]
    supervisor.undrain("w", 22.0)
    supervisor.exited("w", 23.0)
    assert Start("w") in supervisor.tick(23.0), "it was called back while it drained"
    supervisor.exited("w", 24.0)
    assert supervisor.drain("w", 24.0) == [] and state() is WorkerState.DRAINED
    supervisor.leave(30.0)
    assert state() is WorkerState.DEAD


def test_workers_that_never_start_are_given_up() -> None:
    supervisor = Supervisor(("a", "b"), start_timeout=10, drain_timeout=5)
    for now in range(0, 400, 100):
        supervisor.tick(now)
        assert not supervisor.hopeless
        supervisor.exited("a", now)
        if 0 < now < 300:
            supervisor.exited("b", now)
    supervisor.tick(1000)
    supervisor.exited("b", 1000)
    assert supervisor.hopeless
    supervisor.tick(2000)
    supervisor.ready("b", 2001)
    assert not supervisor.hopeless


def test_leaving_drains_then_kills_and_starts_nothing() -> None:
    supervisor = Supervisor(("a", "b"), start_timeout=10, drain_timeout=5)
    supervisor.tick(0.0)
    supervisor.ready("a", 1.0)
    supervisor.exited("b", 1.0)
    assert supervisor.leave(2.0) == [Drain("a")]
    assert supervisor.workers["b"].state is WorkerState.DEAD
    assert [type(i) for i in supervisor.tick(7.1)] == [Kill]
    supervisor.exited("a", 7.2)
    assert supervisor.tick(100.0) == []
    assert supervisor.next_decision() is None


class SupervisorMachine(RuleBasedStateMachine):
    """Processes obey, die and hang in any order: at most one process a worker, and every worker comes back."""

    def __init__(self) -> None:
        super().__init__()
        self.names = ("a", "b")
        self.supervisor = Supervisor(self.names, start_timeout=10, drain_timeout=5)
        self.now = 0.0
        self.running: set[str] = set()

    @rule(step=st.floats(0.01, 40))
    def pass_time(self, step: float) -> None:
        self.now += step
        for instruction in self.supervisor.tick(self.now):
            if isinstance(instruction, Start):
                assert instruction.worker not in self.running
                self.running.add(instruction.worker)
            elif isinstance(instruction, Kill):
                assert instruction.worker in self.running
                self.running.discard(instruction.worker)
                self.supervisor.exited(instruction.worker, self.now)

    @rule(name=st.sampled_from(("a", "b")))
    def get_ready(self, name: str) -> None:
        if name in self.running:
            self.supervisor.ready(name, self.now)

    @rule(name=st.sampled_from(("a", "b")))
    def die(self, name: str) -> None:
        if name in self.running:
            self.running.discard(name)
            self.supervisor.exited(name, self.now)

    @invariant()
    def a_worker_without_process_waits(self) -> None:
        for name, worker in self.supervisor.workers.items():
            assert (worker.state is WorkerState.WAITING) == (name not in self.running)


TestSupervisor = SupervisorMachine.TestCase
TestSupervisor.settings = settings(max_examples=30, stateful_step_count=30)
