"""Leases: who is alive, decided without I/O.

A lease stands for one client's connection. Sessions, uploads and requests belong to a lease and die with it, never of being idle.
An id is 128 random bits: knowing it is what lets a client call the worker directly.
"""

from dataclasses import dataclass, field

from aweigh.proto.errors import LeaseEnded, Overloaded


@dataclass(slots=True)
class Leases:
    """The leases of a front door."""

    limit: int
    alive: dict[str, str] = field(default_factory=dict)  # lease -> what the client calls itself
    opened: int = 0

    def open(self, lease: str, client: str) -> int:
        """Adds a lease and gives its epoch. Raises Overloaded at the limit."""
        if len(self.alive) >= self.limit:
            raise Overloaded(f"{self.limit} clients are connected already: retry later or raise front_door.max_leases")
        assert lease not in self.alive
        self.alive[lease] = client[:200]
        self.opened += 1
        return self.opened

    def check(self, lease: str) -> None:
        """Raises LeaseEnded for a lease that is not alive."""
        if lease not in self.alive:
            raise LeaseEnded("the connection that this call belongs to has ended: connect again")

    def end(self, lease: str) -> None:
        """Ends a lease; an unknown one is no mistake, since a client may vanish at any time."""
        self.alive.pop(lease, None)
