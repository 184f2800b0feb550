"""Who of those that wait gets what, all at once.

A ticket is admitted when everything that is pinned fits into the budget together with what it wants: then its extents are pinned in one
go, there or not, and the rest follows by itself. Tickets for what is needed next give way to those for what is needed now and go back into
the queue: nobody computes with them yet. Ready ones never do.
"""

from collections import deque
from collections.abc import Iterator

from aweigh.memory.residency.ledger import Ledger
from aweigh.memory.residency.tickets import MOST_OVERTAKEN, MOST_TRIED, Ticket, Tickets
from aweigh.proto.errors import Overloaded


class Admission:
    """The queue's doorkeeper. `grants` were admitted and wait until weights have left the frames that they get."""

    def __init__(self, ledger: Ledger, tickets: Tickets) -> None:
        self._ledger = ledger
        self._tickets = tickets
        self.grants: deque[Ticket] = deque()
        self.changed = False

    def wait(self, ticket: Ticket) -> None:
        """Puts a ticket into the queue."""
        self._tickets.wait(ticket)
        self.changed = True

    def impossible(self, ticket: Ticket) -> Overloaded | None:
        """Why a ticket could only be served if somebody gave up keys and values, which nobody may be made to do."""
        ledger = self._ledger
        if not ticket.ids:
            most = min(ledger.kv_most, ledger.budget)
            if ledger.kv + ticket.frames <= most:
                return None
            text = (
                f"{ticket.frames} more frames of 2 MiB for keys and values do not fit: {ledger.kv} of {most} are taken"
            )
            return Overloaded(text + "; end a request, or raise the share of keys and values.")
        frames = sum(ledger.frames(extent) for extent in ticket.ids)
        if frames <= ledger.room:
            return None
        text = f"these weights take {frames} frames of 2 MiB at once and there are {max(0, ledger.room)}"
        return Overloaded(text + ": ask for one layer at a time, or raise the budget.")

    def admit(self) -> Iterator[Ticket]:
        """Those whose turn it is; each is admitted when it is yielded."""
        self.changed = False
        head: Ticket | None = None
        for ticket in self._tickets.waiting[:MOST_TRIED]:
            if head is None and (self._fits(ticket) or self._make_fit(ticket)):
                yield self._enter(ticket)
            elif head is None:
                head = ticket
            elif ticket.priority > head.priority or head.overtaken >= MOST_OVERTAKEN:
                return
            elif self._fits(ticket):
                head.overtaken += 1
                yield self._enter(ticket)

    def _enter(self, ticket: Ticket) -> Ticket:
        ledger = self._ledger
        self._tickets.leave_queue(ticket)
        self._tickets.admit(ticket)
        for extent in ticket.ids:
            ledger.pin(extent)
            ledger.touch(extent)
            ticket.missing += extent not in ledger.resident
        if not ticket.ids:
            ticket.missing = 1
            ledger.kv += ticket.frames
            self.grants.append(ticket)
            self.changed = True
        return ticket

    def revoke(self, ticket: Ticket) -> None:
        """Takes from an admitted ticket what it holds."""
        self._tickets.revoke(ticket)
        self.changed = True
        for extent in ticket.ids:
            self._ledger.unpin(extent)
        if not ticket.ids:
            self.grants.remove(ticket)
            self._ledger.kv -= ticket.frames

    def shrink(self) -> None:
        """The budget has changed: who is not ready gives way, the least urgent first, until the rest fits."""
        for ticket in self._tickets.unready():
            if self._ledger.committed <= self._ledger.room:
                break
            self.revoke(ticket)
            self.wait(ticket)
        self.changed = True

    def granted(self) -> Iterator[Ticket]:
        """Tickets for frames that are free now; each has ended when it is yielded."""
        ledger = self._ledger
        later = sum(ticket.frames for ticket in self.grants)
        while self.grants:
            later -= self.grants[0].frames
            if ledger.used + max(ledger.kv - later, ledger.kv_least) > ledger.budget:
                return
            ticket = self.grants.popleft()
            del self._tickets.all[ticket.number]
            yield ticket

    def _fits(self, ticket: Ticket, spare: int = 0) -> bool:
        """Whether everything that is pinned, less `spare` frames, fits with this one."""
        ledger = self._ledger
        pinned = ledger.committed - spare + ledger.fresh_frames(ticket.ids)
        return pinned + max(ledger.kv + ticket.frames, ledger.kv_least) <= ledger.budget

    def _make_fit(self, urgent: Ticket) -> bool:
        """Lets less urgent tickets give way, if that makes the urgent one fit. Returns whether it does."""
        pins = dict(self._ledger.pins)
        keeps = set(urgent.ids)
        spare = 0
        victims: list[Ticket] = []
        for ticket in self._tickets.unready(below=urgent.priority):
            victims.append(ticket)
            for extent in ticket.ids:
                pins[extent] -= 1
                if not pins[extent] and extent not in keeps:
                    spare += self._ledger.frames(extent)
            if self._fits(urgent, spare):
                for victim in victims:
                    self.revoke(victim)
                    self.wait(victim)
                return True
        return False
