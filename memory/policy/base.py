"""What a policy is: records in, suggestions out.

A policy is a pure program without clock and I/O. It never changes anything: the manager (`memory/residency`) accepts or refuses what it
suggests, counts what is impossible, and drops in its own order (least recently used) where the suggestions do not free enough. So a bad
policy costs time and never an answer.

How a policy learns: `arrived` when an extent became resident, `observe` when extents were used, `dropped` when one has been given up. A
list of a textbook is kept by these three; `suggest` reads it out, victims first. An extent that arrived because somebody asked for it is
used right after, so the first use after an arrival is that of the miss and no hit; one that was fetched on a guess may wait for its first use.

One measure for all costs: the stall, in seconds, that is expected if the extent is not resident. `Fetch.cost` says what a fetch would
save, `Drop.cost` what a drop would lose; a guess displaces only what is cheaper. 0 from a policy that has no estimate.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an extent.

    `frames` of 2 MiB hold its `bytes`; `models` use it, each as the `order`-th of its extents (from 0, in the order of first use);
    `fetch_seconds` is the estimate from the best tier below.
    """

    id: int
    frames: int
    bytes: int
    models: tuple[str, ...]
    order: int
    fetch_seconds: float

    def __post_init__(self) -> None:
        assert self.frames > 0 and self.bytes > 0 and self.fetch_seconds >= 0, "an extent has bytes, and takes time"


class Record(NamedTuple):
    """`uses` of an extent up to `time` (seconds, the caller's clock): one per extent and batch of steps, never one per page and step.

    A tuple and no dataclass: there are many, and a tuple is made in a third of the time.
    """

    time: float
    extent: int
    uses: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """Make it resident on a guess. Refused where it would displace what costs as much."""

    extent: int
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Drop:
    """Give it up. Heard only while frames are needed: an idle frame saves nothing."""

    extent: int
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Pin:
    """Rather drop others until `until` (seconds). No promise: what requests need goes first."""

    extent: int
    until: float


@dataclass(frozen=True, slots=True)
class Unpin:
    """Ends a `Pin`."""

    extent: int


@dataclass(frozen=True, slots=True)
class Prefer:
    """Keep its copy in the tier of this name when it leaves the arena."""

    extent: int
    tier: str


Suggestion = Fetch | Drop | Pin | Unpin | Prefer


@dataclass(frozen=True, slots=True)
class View:
    """What a policy sees when it is asked. Read it, and keep nothing of it: its collections are the manager's own.

    `need_frames` are to be freed now, for `wanted` extents that are not here; 0 and nothing in idle moments, when guesses are welcome.
    `resident` is in the order of use, the least recent first. `held` extents are in use and cannot be dropped; `moving` ones are on
    their way in or out. `running` says of each model with open requests of extents where in its order it is. `registered` is another number
    whenever `items` are others than before.
    """

    time: float
    budget_frames: int
    free_frames: int
    need_frames: int
    resident: Collection[int]
    held: Collection[int]
    moving: Collection[int]
    items: Mapping[int, Item]
    running: Mapping[str, int]
    wanted: Sequence[int] = ()
    registered: int = 0

    def item(self, extent: int) -> Item:
        """Raises KeyError for a number that no extent has."""
        return self.items[extent]

    def droppable(self, extent: int) -> bool:
        """Whether a `Drop` of it can be accepted."""
        return extent in self.resident and extent not in self.held

    def fetchable(self, extent: int) -> bool:
        """Whether a `Fetch` of it can be accepted."""
        return extent in self.items and extent not in self.resident and extent not in self.moving


class Policy:
    """The base of all policies. A policy need only have `suggest`; one that also guesses sets `guesses`."""

    guesses = False
    """Whether it ever yields anything but `Drop`: the manager asks such a policy in idle moments, too."""

    def observe(self, records: Sequence[Record]) -> None:
        """Extents were used. `records` are in the order of time."""

    def arrived(self, item: Item, time: float) -> None:
        """An extent became resident."""

    def dropped(self, extent: int, time: float) -> None:
        """An extent was given up, on whosever suggestion."""

    def suggest(self, view: View) -> Iterator[Suggestion]:
        """What to do, the most useful first, lazily: the manager takes as many as it needs."""
        return iter(())

    def close(self) -> None:
        """It is not asked any more. One that has a process ends it."""

    def wakes(self, time: float) -> float | None:
        """The earliest time at which `suggest` may guess something new although nothing happened; None if there is none."""
        return None
