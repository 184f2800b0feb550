"""Fetches that have been promised and wait for frames, in the order of urgency.

Any order would do for safety: everything that is promised fits at once. A fetch that finds no frames yet holds up the rest, so that the
most urgent one has the disk to itself.
"""

import heapq

from aweigh.memory.residency.events import Fetch, Instruction, Priority
from aweigh.memory.residency.ledger import Ledger, Place
from aweigh.memory.residency.tickets import Ticket


class Fetches:
    """A heap of wishes, of which some have come true or were taken back since: looked at only when they are at the head."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._heap: list[tuple[int, int, int, int]] = []
        self._urgency: dict[int, Priority] = {}

    def want(self, ticket: Ticket) -> list[Instruction]:
        """Queues what an admitted ticket misses; what is on its way for less becomes as urgent as this."""
        out: list[Instruction] = []
        for index, extent in enumerate(ticket.ids):
            place = self._ledger.places.get(extent)
            if place is None:
                heapq.heappush(self._heap, (*ticket.key, index, extent))
            elif place is Place.FETCHING and self._urgency[extent] > ticket.priority:
                self._urgency[extent] = ticket.priority
                out.append(Fetch(extent, ticket.priority))
        return out

    def want_again(self, ticket: Ticket, extent: int) -> None:
        """It was on its way out when it was promised, and is out now."""
        heapq.heappush(self._heap, (*ticket.key, ticket.ids.index(extent), extent))

    def next(self) -> tuple[int, Priority] | None:
        """The most urgent extent that is to be fetched, if there are frames for it; it leaves the queue."""
        ledger = self._ledger
        while self._heap:
            priority, _, _, extent = self._heap[0]
            if extent in ledger.pins and extent not in ledger.places:
                if ledger.free < ledger.frames(extent):
                    return None
                heapq.heappop(self._heap)
                return extent, Priority(priority)
            heapq.heappop(self._heap)
        return None

    def start(self, extent: int, priority: Priority) -> Fetch:
        """It is on its way from now on."""
        self._ledger.move(extent, Place.FETCHING)
        self._urgency[extent] = priority
        return Fetch(extent, priority)

    def ended(self, extent: int) -> None:
        """It is on its way no more."""
        self._urgency.pop(extent, None)

    def absent(self) -> list[int]:
        """What frames are wanted for, the most urgent first."""
        places, pins = self._ledger.places, self._ledger.pins
        return list(dict.fromkeys(e for *_, e in sorted(self._heap) if e not in places and e in pins))
