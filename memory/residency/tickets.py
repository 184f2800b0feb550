"""Open tickets and their fair order.

Waiting tickets stand in the order of priority, then of arrival. The first that does not fit holds up those behind it, save a few that fit:
a hit of another model need not wait for a big one. Each one is overtaken so often and no more, so none starves; among equals the queue is
the promise. Waiting tickets hold nothing. (Rejected: to pin what is there and collect the rest; two tickets that each hold half of the
arena then wait for each other.)
"""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aweigh.memory.residency.events import Priority

MOST_OVERTAKEN = 16
MOST_TRIED = 64


@dataclass(slots=True, eq=False)
class Ticket:
    """A wish for extents, or for `frames` without extents. `missing` counts extents of an admitted one that are not resident."""

    number: int
    ids: tuple[int, ...]
    frames: int
    priority: Priority
    model: str
    serial: int
    admitted: bool = False
    missing: int = 0
    overtaken: int = 0

    @property
    def key(self) -> tuple[int, int]:
        return (self.priority, self.serial)

    @property
    def ready(self) -> bool:
        """Whether its owner may use what it holds."""
        return self.admitted and not self.missing and self.priority is Priority.NOW


@dataclass(slots=True)
class Tickets:
    """All that are open or held; which of them wait; how many of those that wait want an extent; who is open for an extent."""

    all: dict[int, Ticket] = field(default_factory=dict)
    waiting: list[Ticket] = field(default_factory=list)
    wanted: dict[int, int] = field(default_factory=dict)
    holders: dict[int, list[Ticket]] = field(default_factory=dict)
    serials: int = 0

    def open(self, number: int, ids: Sequence[int], frames: int, priority: Priority, model: str) -> Ticket:
        """A new one, which waits nowhere yet. `ids` are taken once each."""
        assert number not in self.all, "a ticket's number is not used twice at once"
        self.serials += 1
        ticket = Ticket(number, tuple(dict.fromkeys(ids)), frames, priority, model, self.serials)
        self.all[number] = ticket
        return ticket

    def wait(self, ticket: Ticket) -> None:
        """Puts it into the queue, at its place."""
        bisect.insort(self.waiting, ticket, key=lambda other: other.key)
        for extent in ticket.ids:
            self.wanted[extent] = self.wanted.get(extent, 0) + 1

    def leave_queue(self, ticket: Ticket) -> None:
        """Takes it out of the queue."""
        self.waiting.remove(ticket)
        for extent in ticket.ids:
            if self.wanted[extent] == 1:
                del self.wanted[extent]
            else:
                self.wanted[extent] -= 1

    def admit(self, ticket: Ticket) -> None:
        """It holds its extents from now on."""
        ticket.admitted = True
        for extent in ticket.ids:
            self.holders.setdefault(extent, []).append(ticket)

    def revoke(self, ticket: Ticket) -> None:
        """It holds nothing any more."""
        ticket.admitted, ticket.missing = False, 0
        for extent in ticket.ids:
            holders = self.holders[extent]
            holders.remove(ticket)
            if not holders:
                del self.holders[extent]

    def reads(self, extent: int) -> bool:
        """Whether somebody may be reading it."""
        return any(ticket.ready for ticket in self.holders.get(extent, ()))

    def lose(self, extent: int) -> None:
        """It was there and cannot be used any more; who may be reading it goes on until he lets go."""
        for ticket in self.holders.get(extent, ()):
            ticket.missing += not ticket.ready

    def unready(self, below: Priority | None = None) -> Iterator[Ticket]:
        """Admitted ones that nobody uses yet and that are less urgent than `below`, the least urgent first."""
        found = [t for t in self.all.values() if t.admitted and not t.ready and (below is None or t.priority > below)]
        return iter(sorted(found, key=lambda ticket: ticket.key, reverse=True))

    def check_integrity(self) -> None:
        """Proves the queue, and who holds what."""
        assert [t.key for t in self.waiting] == sorted(t.key for t in self.waiting)
        counts: dict[int, int] = {}
        for ticket in self.waiting:
            assert self.all[ticket.number] is ticket and not ticket.admitted
            for extent in ticket.ids:
                counts[extent] = counts.get(extent, 0) + 1
        assert counts == self.wanted
        assert len(self.waiting) == sum(not ticket.admitted for ticket in self.all.values())
        held = {(extent, t.number) for t in self.all.values() if t.admitted for extent in t.ids}
        assert held == {(extent, t.number) for extent, holders in self.holders.items() for t in holders}
