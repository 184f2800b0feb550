"""What the manager is told and what it answers. Times are seconds of the caller's clock, monotonic or virtual.

A ticket is somebody's wish, named by a number that its owner chose. An open ticket ends in one of three ways: `Ready` (then it holds
its extents until `Release`) or `Grant`, `Refuse`, or its owner's `Withdraw`.

How a layer at a time is asked for: a `Need` with priority NOW for the layer that runs, some with NEXT for those behind it. The latter are
fetched and kept as long as nobody needs their frames now, and are never `Ready`: when a layer's turn comes, `Raise` its ticket to NOW,
and `Ready` follows, at once if all is there. So nobody holds what he cannot use yet, and two that stream cannot wait for each other.
"""

import enum
from dataclasses import dataclass

from aweigh.memory.policy.base import Item, Policy, Record
from aweigh.proto.errors import AweighError


class Priority(enum.IntEnum):
    """How urgent a fetch is. The mover serves the lower number first."""

    NOW = 0
    NEXT = 1
    SPECULATIVE = 2


@dataclass(frozen=True, slots=True)
class Register:
    """These extents exist below, under numbers from `Manager.numbers`. Said again for one that is known, it corrects what is known."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """Nobody will want these again: the last model that used them is gone. Open tickets for them are refused."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """Extents were used, in the order of time."""

    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """Wants extents resident, all of them at once, from `Ready` until `Release`.

    Who was told `Ready` must be able to `Release` without being given another ticket: ask for all that is used at once. `model` is who runs, for policies that know orders.
    """

    ticket: int
    ids: tuple[int, ...]
    priority: Priority
    time: float
    model: str = ""


@dataclass(frozen=True, slots=True)
class Raise:
    """An open ticket has become more urgent: what was needed next is needed now."""

    ticket: int
    priority: Priority
    time: float


@dataclass(frozen=True, slots=True)
class Release:
    """The holder is done with what a `Ready` gave it."""

    ticket: int
    time: float


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The owner of an open ticket does not want it any more. Of a held one it is a `Release`, of one that has ended nothing."""

    ticket: int
    time: float


@dataclass(frozen=True, slots=True)
class Arrived:
    """A fetch ended well: the bytes are there and verified."""

    id: int
    time: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A fetch ended badly, in every tier. Its frames are free."""

    id: int
    reason: AweighError
    time: float


@dataclass(frozen=True, slots=True)
class Dropped:
    """The frames of an extent are free: it was unmapped, or its cancelled fetch is off the queue."""

    id: int
    time: float


@dataclass(frozen=True, slots=True)
class Stalled:
    """A fetch has not answered for long, and may never. Its frames stay its own until it ends."""

    id: int
    time: float


@dataclass(frozen=True, slots=True)
class Damaged:
    """A resident extent has other bytes than those that came. Who was told `Ready` before may still hold it; nobody is from now on, until
    it was brought anew. One that is not resident any more is left alone."""

    id: int
    time: float


@dataclass(frozen=True, slots=True)
class TakeFrames:
    """Wants frames for something else than weights (keys and values), from `Grant` until given back."""

    ticket: int
    frames: int
    time: float


@dataclass(frozen=True, slots=True)
class GiveFrames:
    """Frames that were granted are free."""

    frames: int
    time: float


@dataclass(frozen=True, slots=True)
class SetBudget:
    """The arena has so many frames, of which keys and values may use `kv_most` and have `kv_least` for themselves."""

    frames: int
    time: float
    kv_least: int = 0
    kv_most: int | None = None


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Another policy from now on. What is resident stays."""

    policy: Policy
    time: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""

    time: float


Event = (
    Register
    | Forget
    | Used
    | Need
    | Raise
    | Release
    | Withdraw
    | Arrived
    | Failed
    | Dropped
    | Stalled
    | Damaged
    | TakeFrames
    | GiveFrames
    | SetBudget
    | SetPolicy
    | Tick
)


@dataclass(frozen=True, slots=True)
class Fetch:
    """Bring it. Answered by Arrived or Failed. Said again for one that is on its way, it changes the priority."""

    id: int
    priority: Priority


@dataclass(frozen=True, slots=True)
class Cancel:
    """The fetch is not worth its bandwidth any more. Answered by Dropped, or by Arrived or Failed if it was too late."""

    id: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Unmap it. Answered by Dropped."""

    id: int


@dataclass(frozen=True, slots=True)
class Ready:
    """All extents of the ticket are resident, and stay so until its Release."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """The ticket has ended, and holds nothing."""

    ticket: int
    error: AweighError


@dataclass(frozen=True, slots=True)
class Grant:
    """The frames that the ticket asked for are free, and its owner's."""

    ticket: int


Instruction = Fetch | Cancel | Drop | Ready | Refuse | Grant
