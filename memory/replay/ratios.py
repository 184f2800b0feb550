"""Hits and hit bytes of a policy at one budget, against MIN: uses alone, without time, a fetch at every miss and no guesses."""

from collections.abc import Sequence
from dataclasses import dataclass

from aweigh.memory.policy.base import Item, Policy, Record
from aweigh.memory.policy.minimum import Minimum, most_hit_bytes
from aweigh.memory.replay.workload import Access, Workload
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.manager import Manager


@dataclass(frozen=True, slots=True)
class Ratio:
    """Shares of all uses and of all used bytes, 0 to 1."""

    hits: float
    bytes: float


def ratio(workload: Workload, uses: Sequence[Access], budget_frames: int, policy: Policy) -> Ratio:
    """What `policy` hits of `uses`; extents that are larger than the budget are never there."""
    manager = Manager(policy)
    items = workload.items(1e9)
    manager.handle(ev.SetBudget(budget_frames, 0.0))
    manager.handle(ev.Register(tuple(items)))
    for ticket, (time, extent, count) in enumerate(uses):
        todo = manager.handle(ev.Need(ticket, (extent,), ev.Priority.NOW, time))
        ready = False
        while todo:
            match todo.pop(0):
                case ev.Drop(gone):
                    todo += manager.handle(ev.Dropped(gone, time))
                case ev.Fetch(wanted):
                    todo += manager.handle(ev.Arrived(wanted, time))
                case ev.Ready():
                    ready = True
        manager.handle(ev.Used((Record(time, extent, count),)))
        if ready:
            manager.handle(ev.Release(ticket, time))
    total = sum(items[access.extent].bytes for access in uses)
    counters = manager.counters
    return Ratio(counters.hits / len(uses) if uses else 0.0, counters.hit_bytes / total if total else 0.0)


def minimum(workload: Workload, uses: Sequence[Access], budget_frames: int) -> Ratio:
    """Of MIN. Where extents differ in size, `hits` are those of dropping what is used last, and `bytes` a bound that nobody can reach."""
    items: list[Item] = workload.items(1e9)
    found = ratio(workload, uses, budget_frames, Minimum([access.extent for access in uses]))
    if len({item.frames for item in items}) == 1:
        return found
    total = sum(items[access.extent].bytes for access in uses)
    most = most_hit_bytes(
        [access.extent for access in uses],
        [item.frames for item in items],
        [item.bytes for item in items],
        budget_frames,
    )
    return Ratio(found.hits, min(1.0, most / total))
