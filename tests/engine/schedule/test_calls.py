"""Which waiting calls run as one: nobody is lost, starved, out of order or over the budget."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from aweigh.engine.schedule.calls import CallQueue

BUDGET = 20
Job = tuple[int, str, str | None, int]  # number in order of arrival, lease, kind, tokens

ASKED = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([None, "x", "y"]), st.integers(1, 2 * BUDGET)), max_size=40
)


def model_of(job: Job) -> str:
    return job[2] or "z"


def queue_of(asked: Sequence[tuple[str, str | None, int]], budget: int = BUDGET) -> tuple[CallQueue[Job], list[Job]]:
    queue: CallQueue[Job] = CallQueue(budget)
    jobs = [(number, *call) for number, call in enumerate(asked)]
    for job in jobs:
        queue.add(job[1], job, model_of(job), job[2], job[3])
    return queue, jobs


def batches(queue: CallQueue[Job]) -> list[list[Job]]:
    found = []
    while taken := queue.next(stepping=False):
        found.append(taken)
    assert not len(queue)
    return found


@given(ASKED)
def test_every_call_runs_once_and_each_lease_in_order(asked: list[tuple[str, str | None, int]]) -> None:
    queue, jobs = queue_of(asked)
    ran = [job for batch in batches(queue) for job in batch]
    assert sorted(ran) == jobs
    for lease in "abc":
        numbers = [job[0] for job in ran if job[1] == lease]
        assert numbers == sorted(numbers)


@given(ASKED)
def test_calls_that_run_as_one_are_of_one_kind_and_fit(asked: list[tuple[str, str | None, int]]) -> None:
    queue, _ = queue_of(asked)
    for batch in batches(queue):
        assert len({job[2] for job in batch}) == 1
        assert len(batch) == 1 or (batch[0][2] is not None and sum(job[3] for job in batch) <= BUDGET)


@given(ASKED)
def test_whoever_waits_at_the_front_and_fits_goes_along(asked: list[tuple[str, str | None, int]]) -> None:
    queue, jobs = queue_of(asked)
    waiting = list(jobs)
    while batch := queue.next(stepping=False):
        waiting = [job for job in waiting if job not in batch]
        fronts = {job[1]: job for job in reversed(waiting)}.values()
        room = BUDGET - sum(job[3] for job in batch)
        assert not [job for job in fronts if job[2] is not None and job[2] == batch[0][2] and job[3] <= room]


@given(ASKED)
def test_a_lease_waits_for_no_more_batches_than_there_are_others(asked: list[tuple[str, str | None, int]]) -> None:
    queue, jobs = queue_of(asked)
    missed: Counter[str] = Counter()
    left = Counter(job[1] for job in jobs)
    while batch := queue.next(stepping=False):
        served = {job[1] for job in batch}
        left -= Counter(job[1] for job in batch)
        for lease in served:
            missed[lease] = 0
        for lease in left.keys() - served:
            missed[lease] += 1
            assert missed[lease] <= len("abc") - 1


def test_one_lease_does_not_take_the_whole_budget() -> None:
    queue, _ = queue_of([("a", "x", 5)] * 10 + [("b", "x", 5)] * 2)
    assert [job[1] for job in queue.next(stepping=False)] == ["a", "b", "a", "b"]
    assert [job[1] for job in queue.next(stepping=False)] == ["a"] * 4


def test_a_long_call_is_not_passed_over_twice() -> None:
    queue, _ = queue_of([("a", "x", 5), ("b", "x", 18), ("c", "x", 5)])
    assert [job[1] for job in queue.next(stepping=False)] == ["a", "c"]
    queue.add("a", (3, "a", "x", 5), "x", "x", 5)
    assert [job[1] for job in queue.next(stepping=False)] == ["b"]


def test_without_a_budget_each_call_runs_alone() -> None:
    queue, jobs = queue_of([("a", "x", 1), ("b", "x", 1)], budget=0)
    assert batches(queue) == [[job] for job in jobs]


def test_steps_have_their_share_of_the_time() -> None:
    queue, jobs = queue_of([("a", "x", 1)])
    queue.called(0.5)
    assert queue.next(stepping=True) == []
    queue.stepped(0.5)
    assert queue.next(stepping=True) == jobs


class _Worker:
    """Runs what the queue gives while models are late, ready, pruned, and remembers what is over."""

    def __init__(self, asked: Sequence[tuple[str, str | None, int]]) -> None:
        self.queue, self.jobs = queue_of(asked)
        self.ran: list[Job] = []
        self.late: set[str] = set()
        self.gone: set[int] = set()

    def run(self, broken: bool) -> None:
        batch = self.queue.next(stepping=False)
        if not batch:
            return
        (model,) = {model_of(job) for job in batch}
        assert model not in self.late
        if broken:
            self.queue.put_off(model)
            self.late.add(model)
        else:
            self.ran += [job for job in batch if job[0] not in self.gone]

    def ready(self) -> None:
        if self.late:
            self.queue.ready(self.late.pop())

    def cancel(self, number: int) -> None:
        if self.jobs:
            self.gone.add(number % len(self.jobs))
        left = {str(model) for model in self.queue.prune(lambda job: job[0] in self.gone)}
        assert left <= self.late
        self.late -= left

    def add(self, lease: str, kind: str | None) -> None:
        job = (len(self.jobs), lease, kind, 1)
        self.jobs.append(job)
        self.queue.add(lease, job, model_of(job), kind, 1)


@given(
    ASKED,
    st.lists(
        st.one_of(
            st.sampled_from(["run", "late", "ready"]),
            st.integers(0, 60),
            st.tuples(st.sampled_from("abc"), st.sampled_from([None, "x", "y"])),
        )
    ),
)
def test_late_calls_are_passed_over_and_none_is_lost_or_out_of_order(
    asked: list[tuple[str, str | None, int]], does: list[str | int | tuple[str, str | None]]
) -> None:
    worker = _Worker(asked)
    for what in does:
        match what:
            case int():
                worker.cancel(what)
            case tuple():
                worker.add(*what)
            case "ready":
                worker.ready()
            case _:
                worker.run(broken=what == "late")
        waiting = {model_of(job) for job in worker.jobs if job not in worker.ran and job[0] not in worker.gone}
        assert bool(len(worker.queue)) >= bool(waiting - worker.late), "whose weights are there runs"
    while worker.late:
        worker.ready()
    while len(worker.queue):
        worker.run(broken=False)
    kept = [job for job in worker.jobs if job[0] not in worker.gone]
    assert set(kept) <= set(worker.ran) and len(worker.ran) == len(set(worker.ran))
    for lease in "abc":
        for model in "xyz":
            numbers = [job[0] for job in worker.ran if job[1] == lease and model_of(job) == model]
            assert numbers == sorted(numbers)
    assert not worker.queue.clear()


def test_what_waits_and_what_is_late_is_all_there_at_the_end() -> None:
    queue, jobs = queue_of([("a", "x", 5), ("a", "y", 5), ("b", "x", 5)])
    assert [job[1] for job in queue.next(stepping=False)] == ["a", "b"]
    queue.put_off("x")
    assert len(queue) == 1, "what is late cannot run"
    assert sorted(queue.clear()) == jobs and not queue.clear()


def test_it_knows_whose_calls_wait() -> None:
    queue, _ = queue_of([("a", "x", 1), ("b", "y", 1)])
    assert queue.wants("x") and queue.wants("y") and not queue.wants("z")
    assert queue.next(stepping=False) == [(0, "a", "x", 1)] and not queue.wants("x")
    queue.put_off("x")
    assert not queue.wants("x")  # it could not run now
    queue.ready("x")
    assert queue.wants("x")
