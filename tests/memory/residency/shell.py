"""A shell that obeys a manager in a test: it remembers what it was told, and answers when the test says so."""

from collections.abc import Iterable

from aweigh.memory.policy.base import Item, Policy, Record
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.manager import Manager


def item(number: int, frames: int = 1, *models: str, order: int = 0) -> Item:
    """An extent of whole frames."""
    return Item(number, frames, frames << 21, models or ("m",), order, 0.001 * frames)


class Shell:
    """`fetching` and `leaving` wait for an answer; `ready`, `refused`, `granted` are what tickets came to."""

    def __init__(
        self, budget: int, items: Iterable[Item] = (), policy: Policy | None = None, rate: float = 0.0
    ) -> None:
        self.manager = Manager(policy, rate)
        self.time = 0.0
        self.told: list[ev.Instruction] = []
        self.fetching: dict[int, ev.Priority] = {}
        self.leaving: dict[int, None] = {}
        self.ready: set[int] = set()
        self.granted: list[int] = []
        self.refused: dict[int, Exception] = {}
        self.tell(ev.SetBudget(budget, 0.0))
        self.tell(ev.Register(tuple(items)))

    def tell(self, event: ev.Event) -> list[ev.Instruction]:
        """Hands an event in and proves the manager's invariants."""
        out = self.manager.handle(event)
        for instruction in out:
            self._obey(instruction)
        self.manager.check_integrity()
        self.told += out
        return out

    def _obey(self, instruction: ev.Instruction) -> None:
        match instruction:
            case ev.Fetch(extent, priority):
                assert extent not in self.leaving and self.fetching.get(extent, 9) > priority
                self.fetching[extent] = priority
            case ev.Cancel(extent):
                del self.fetching[extent]
                self.leaving[extent] = None
            case ev.Drop(extent):
                assert extent not in self.fetching and extent not in self.leaving
                self.leaving[extent] = None
            case ev.Ready(ticket):
                assert ticket not in self.ready
                self.ready.add(ticket)
            case ev.Refuse(ticket, error):
                assert str(error).endswith(".")
                self.refused[ticket] = error
            case ev.Grant(ticket):
                self.granted.append(ticket)

    def now(self) -> float:
        """A later time than before."""
        self.time += 0.01
        return self.time

    def need(
        self, ticket: int, *ids: int, priority: ev.Priority = ev.Priority.NOW, model: str = ""
    ) -> list[ev.Instruction]:
        return self.tell(ev.Need(ticket, ids, priority, self.now(), model))

    def release(self, ticket: int) -> list[ev.Instruction]:
        self.ready.discard(ticket)
        return self.tell(ev.Release(ticket, self.now()))

    def arrive(self, extent: int) -> list[ev.Instruction]:
        self.fetching.pop(extent, None)
        self.leaving.pop(extent, None)
        return self.tell(ev.Arrived(extent, self.now()))

    def confirm(self, extent: int) -> list[ev.Instruction]:
        del self.leaving[extent]
        return self.tell(ev.Dropped(extent, self.now()))

    def answer_all(self) -> None:
        """Every fetch arrives and every drop is confirmed, until nothing is open."""
        while self.fetching or self.leaving:
            if self.leaving:
                self.confirm(next(iter(self.leaving)))
            else:
                self.arrive(min(self.fetching, key=lambda extent: (self.fetching[extent], extent)))

    def use(self, ticket: int, *ids: int) -> bool:
        """Needs, uses and releases at once. Returns whether all were there."""
        hit = ev.Ready(ticket) in self.need(ticket, *ids)
        self.answer_all()
        self.tell(ev.Used(tuple(Record(self.now(), extent, 1) for extent in ids)))
        self.release(ticket)
        return hit
