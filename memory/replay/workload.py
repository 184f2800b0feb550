"""What is replayed: models, requests for them, or recorded uses of extents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.policy.base import Item


@dataclass(frozen=True, slots=True)
class Model:
    """`extents` in the order of use, each with its bytes. `prefill_seconds` per prompt token and `step_seconds` per new token, for the
    whole model; an extent's share is that of its bytes."""

    name: str
    extents: tuple[int, ...]
    prefill_seconds: float = 0.0
    step_seconds: float = 0.0

    @property
    def bytes(self) -> int:
        return sum(self.extents)


class Request(NamedTuple):
    """Somebody asks `model` for `new` tokens after `prompt` tokens, at `time` (seconds)."""

    time: float
    model: str
    prompt: int
    new: int


class Access(NamedTuple):
    """An extent was used at `time` (seconds), `uses` times since the access before it."""

    time: float
    extent: int
    uses: int


@dataclass(frozen=True, slots=True)
class Workload:
    """Either `requests` or `accesses`, in the order of time. Extents are numbered model by model, or as recorded."""

    models: tuple[Model, ...]
    requests: tuple[Request, ...] = ()
    accesses: tuple[Access, ...] = ()

    def items(self, bytes_per_second: float) -> list[Item]:
        """The extents as manager and policies know them, fetched at this rate."""
        found: list[Item] = []
        for model in self.models:
            for order, size in enumerate(model.extents):
                found.append(Item(len(found), frames(size), size, (model.name,), order, size / bytes_per_second))
        return found

    def numbers(self) -> dict[str, range]:
        """The extents of each model."""
        found, start = {}, 0
        for model in self.models:
            found[model.name] = range(start, start + len(model.extents))
            start += len(model.extents)
        return found

    @property
    def footprint_frames(self) -> int:
        """Frames of all that is used at least once."""
        sizes = [size for model in self.models for size in model.extents]
        return sum(frames(sizes[extent]) for extent in {access.extent for access in self.uses()})

    def uses(self) -> Sequence[Access]:
        """Every use of an extent: a request uses each of its model's once."""
        if self.accesses:
            return self.accesses
        numbers = self.numbers()
        return [Access(r.time, extent, r.new) for r in self.requests for extent in numbers[r.model]]

    def first(self, seconds: float) -> "Workload":
        """What happens in the first `seconds`."""
        start = min((*(r.time for r in self.requests[:1]), *(a.time for a in self.accesses[:1])), default=0.0)
        requests = tuple(request for request in self.requests if request.time < start + seconds)
        accesses = tuple(access for access in self.accesses if access.time < start + seconds)
        return Workload(self.models, requests, accesses)


def frames(size: int) -> int:
    """Frames that hold so many bytes, at least one."""
    return max(1, -(-size // PAGE_BYTES))


def by_time(requests: Iterable[Request]) -> tuple[Request, ...]:
    return tuple(sorted(requests))
