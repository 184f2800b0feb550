"""What a step is told whose weights have not come in time."""

from typing import TYPE_CHECKING

from aweigh.proto.errors import Overloaded

if TYPE_CHECKING:
    from aweigh.memory.paging.pager import Pager


class NotResident(Overloaded):
    """The weights that a step needs are on their way and have not come in time: run it again when `ticket` is ready, or `give_up`."""

    def __init__(self, pager: "Pager", ticket: int) -> None:
        super().__init__("the weights of this model did not come in time: retry later")
        self.ticket = ticket
        self._pager = pager

    def give_up(self) -> None:
        """Nobody will run the step again."""
        self._pager.release(self.ticket)
