"""How extents leave: on a drop, by a cancelled fetch, when nobody knows them any more, or since their bytes are wrong."""

from aweigh.memory.policy.base import Policy
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.ledger import Ledger, Place
from aweigh.memory.residency.numbers import Numbers
from aweigh.memory.residency.quarantine import Quarantine
from aweigh.memory.residency.speculation import Speculation
from aweigh.memory.residency.tickets import Tickets
from aweigh.memory.residency.victims import Victims


class Leaving:
    """Writes its instructions into `out`. `forgotten` extents leave when nobody holds them; `left` counts those that have."""

    def __init__(
        self,
        ledger: Ledger,
        tickets: Tickets,
        victims: Victims,
        speculation: Speculation,
        policy: Policy,
        out: list[ev.Instruction],
    ) -> None:
        self.policy = policy
        self.numbers = Numbers()
        self.quarantine = Quarantine()
        self.forgotten: set[int] = set()
        self.left = 0
        self._ledger = ledger
        self._tickets = tickets
        self._victims = victims
        self._speculation = speculation
        self._out = out

    def drop(self, extent: int, time: float) -> None:
        """It is to go."""
        self._ledger.move(extent, Place.DROPPING)
        self._speculation.dropped(self._ledger.items[extent])
        self.policy.dropped(extent, time)
        self._out.append(ev.Drop(extent))

    def cancel(self, extent: int) -> None:
        """It is not to come."""
        self._ledger.move(extent, Place.CANCELLING)
        self._out.append(ev.Cancel(extent))

    def spoil(self, extent: int, time: float) -> None:
        """A resident has wrong bytes: it goes as soon as nobody may be reading it."""
        self._tickets.lose(extent)
        self._ledger.move(extent, Place.SPOILED)
        self.policy.dropped(extent, time)
        self.if_spoiled(extent)

    def if_spoiled(self, extent: int) -> None:
        """Has it go if it is spoiled and nobody may be reading it."""
        if self._ledger.places.get(extent) is Place.SPOILED and not self._tickets.reads(extent):
            self._ledger.move(extent, Place.DROPPING)
            self._out.append(ev.Drop(extent))

    def if_forgotten(self, extent: int, time: float) -> None:
        """Has it go, or forgets it, if it is forgotten and nobody holds it."""
        if extent not in self.forgotten or extent in self._ledger.pins:
            return
        match self._ledger.places.get(extent):
            case None:
                self.forgotten.discard(extent)
                self.quarantine.cured(extent)
                del self._ledger.items[extent]
                self.left += 1
                self.numbers.give_back(extent)
                self._victims.soft.pop(extent, None)
                self._speculation.forget(extent)
            case Place.RESIDENT:
                self.drop(extent, time)
            case Place.FETCHING:
                self.cancel(extent)
