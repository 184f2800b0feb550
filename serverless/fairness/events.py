"""What `Fairness` is told, and what it says. Times are seconds of the caller's clock; a cost is in tokens (`cost.py`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call of a tenant: so many tokens to read, and at most so many to write."""

    call: int
    tenant: str
    prompt: int
    most_new: int
    time: float


@dataclass(frozen=True, slots=True)
class Produced:
    """Tokens that a running call has written since the last time."""

    call: int
    tokens: int
    time: float


@dataclass(frozen=True, slots=True)
class Left:
    """A call is over, or its client is gone; it may have waited still. One that was refused has left already."""

    call: int
    time: float


@dataclass(frozen=True, slots=True)
class Start:
    """A call goes to a worker now."""

    call: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """A call would wait for too long: its client may try again after so many seconds."""

    call: int
    seconds: float


Event = Arrived | Produced | Left
Instruction = Start | Refuse
