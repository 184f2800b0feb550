"""Who waits for weights that did not come in time. A step or a call that needs them is put off, others run, and it runs again when they are there.

Each is known by a key: one for the steps of a model and one for its calls. It holds one ticket at most. Each time that the same key is late again
it will wait longer on the thread, since a layer may be large. Whose weights came keeps them for a turn (`memory/residency/turns.py`). No thread, no queue:
the worker's loop asks.
"""

from collections.abc import Callable, Hashable

from aweigh.memory.paging.pager import PATIENCE, Pager
from aweigh.proto.errors import AweighError, Overloaded

STEP_PATIENCE = 0.25
"""Seconds that a step waits for the weights of its next layer. A disk brings a layer in a tenth of that; what takes longer is stuck, or stands behind
others, and the thread has other things to do."""
_MOST_TRIES = 8


class Late:
    """Tickets by key. Belongs to the step thread."""

    def __init__(self, pager: Pager) -> None:
        self._pager = pager
        self._tickets: dict[Hashable, int] = {}
        self._tries: dict[Hashable, int] = {}  # how often in a row
        self._broken: dict[Hashable, AweighError] = {}  # why weights will not come

    def tries(self, key: Hashable) -> int:
        """How often in a row it was late."""
        return self._tries.get(key, 0)

    def begin(self, key: Hashable, others: Callable[[], bool] = lambda: False) -> None:
        """It is tried now, and waits as long as it may; `others` says whether somebody could compute meanwhile.

        Raises what its weights were refused with."""
        self._pager.others = others
        self._pager.patience = min(PATIENCE, STEP_PATIENCE * 2 ** self._tries.get(key, 0))
        broken = self._broken.pop(key, None)
        if broken is not None:
            self.over(key)
            raise broken

    def over(self, key: Hashable) -> None:
        """It has run by now, or never will: its ticket goes back."""
        self._tries.pop(key, None)
        self._broken.pop(key, None)
        ticket = self._tickets.pop(key, None)
        if ticket is not None:
            self._pager.release(ticket)

    def put_off(self, key: Hashable, ticket: int) -> bool:
        """It waits for a ticket, and is told by the pager's `on_ready`. False: it may run at once."""
        tries = min(self._tries.get(key, 0) + 1, _MOST_TRIES)
        self.over(key)
        self._tickets[key], self._tries[key] = ticket, tries
        if self._pager.watch(ticket):
            return True
        self._arrived(key, ticket)
        return False

    def came(self, ticket: int) -> list[Hashable]:
        """Whose ticket is ready or refused: they run again, and hear in `begin` what it was."""
        found = [key for key, waiting in self._tickets.items() if waiting == ticket]
        for key in found:
            self._arrived(key, ticket)
        return found

    def _arrived(self, key: Hashable, ticket: int) -> None:
        try:
            self._pager.wait(ticket, 0.0)
        except AweighError as error:
            if not isinstance(error, Overloaded):  # there is no room for all of it at once: it may do with less
                self._broken[key] = error
            self._tickets.pop(key, None)
            self._pager.release(ticket)
        else:
            self._pager.soften(ticket, ())  # kept for it, but not from others who need the room first
