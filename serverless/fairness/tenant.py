"""One tenant: what it has had so far, and which of its calls wait."""

from dataclasses import dataclass, field

WRITTEN = 2.0
"""What a token that is written costs, in tokens that are read: each is a step of its own, while a prompt's go through the weights together."""


def cost(prompt: int, new: int) -> float:
    """Of a call."""
    return prompt + WRITTEN * new


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call: tokens to read, and what it may cost in all."""

    prompt: int
    most: float


@dataclass(slots=True)
class Tenant:
    """`had`: its virtual counter, in tokens. `waiting`: its calls that wait, by number, in the order in which they came."""

    had: float = 0.0
    waiting: dict[int, Waiting] = field(default_factory=dict)
    running: int = 0

    @property
    def is_active(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.waiting or self.running)

    @property
    def queued(self) -> float:
        """What its waiting calls may cost."""
        return sum(call.most for call in self.waiting.values())
