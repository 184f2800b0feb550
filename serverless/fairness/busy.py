"""Somebody has to come back later."""

from aweigh.proto.errors import Overloaded


class Busy(Overloaded):
    """`seconds`: after so many it is worth trying again."""

    def __init__(self, sentence: str, seconds: float) -> None:
        super().__init__(sentence)
        self.seconds = seconds
