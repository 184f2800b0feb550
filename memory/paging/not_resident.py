"""What a step raises whose weights are late. It is run again, so this is no failure until somebody gives up."""

from collections.abc import Callable

from aweigh.proto.errors import Overloaded


class NotResident(Overloaded):
    """The weights that a step needs are on their way and have not come in time: run it again when `ticket` is ready, or `give_up`."""

    def __init__(self, release: Callable[[int], None], ticket: int) -> None:
        super().__init__("the weights of this model did not come in time: retry later")
        self.ticket = ticket
        self._release = release

    def give_up(self) -> None:
        """Nobody will run the step again."""
        self._release(self.ticket)
