"""Somebody has to come back later."""

from aweigh.proto.errors import Overloaded

FULL = "full"
"""Why a call is refused: there are `front_door.max_requests`."""
WAIT = "wait"
"""Why a call is refused: it would wait for longer than `front_door.max_wait`."""


class Busy(Overloaded):
    """`seconds`: after so many it is worth trying again."""

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds
