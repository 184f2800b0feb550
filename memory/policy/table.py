"""The policies by name, with their parameters. What `policy.toml` and `aweigh tune` know, they know from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from aweigh.memory.policy.aged_lfu import AgedLFU, AgedLFUParameters
from aweigh.memory.policy.arc import ARC
from aweigh.memory.policy.arrivals import Arrivals, ArrivalsParameters
from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.clock import Clock
from aweigh.memory.policy.experts import Experts, ExpertsParameters
from aweigh.memory.policy.gdsf import GDSF
from aweigh.memory.policy.keep_alive import KeepAlive, KeepAliveParameters
from aweigh.memory.policy.layer_order import LayerOrder, LayerOrderParameters
from aweigh.memory.policy.lru import LRU
from aweigh.memory.policy.s3_fifo import S3FIFO, S3FIFOParameters
from aweigh.memory.policy.sieve import Sieve
from aweigh.memory.policy.two_queue import TwoQueue, TwoQueueParameters
from aweigh.memory.policy.working_set import WorkingSet, WorkingSetParameters


@dataclass(frozen=True, slots=True)
class Bound:
    """What a parameter may be, both ends included, and its unit. `log`: it is a matter of magnitude."""

    least: float
    most: float
    unit: str
    log: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy: its class, its dataclass of parameters (None: it has none), the bounds of each."""

    make: Callable[..., Policy]
    parameters: type[Any] | None
    bounds: Mapping[str, Bound]

    def defaults(self) -> dict[str, float]:
        """Parameters by name."""
        if self.parameters is None:
            return {}
        made: Any = self.parameters()
        return {field.name: getattr(made, field.name) for field in fields(made)}

    def build(self, given: Mapping[str, float]) -> Policy:
        """A fresh policy. Raises ValueError with one sentence for an unknown parameter or a value out of bounds."""
        if self.parameters is None:
            if given:
                raise ValueError(f"this policy has no parameters, so {', '.join(given)} cannot be set.")
            return self.make()
        kinds = {name: type(value) for name, value in self.defaults().items()}
        for name, value in given.items():
            if name not in kinds:
                raise ValueError(f"there is no parameter {name!r}: known are {', '.join(kinds)}.")
            bound = self.bounds[name]
            if isinstance(value, bool) or not isinstance(value, int | float) or not bound.least <= value <= bound.most:
                raise ValueError(
                    f"{name} must be from {bound.least:g} to {bound.most:g} ({bound.unit}), and is {value!r}."
                )
        return self.make(self.parameters(**{name: kinds[name](value) for name, value in given.items()}))


POLICIES: dict[str, Entry] = {
    "lru": Entry(LRU, None, {}),
    "clock": Entry(Clock, None, {}),
    "aged-lfu": Entry(AgedLFU, AgedLFUParameters, {"half_life": Bound(0.1, 1e6, "seconds", log=True)}),
    "2q": Entry(
        TwoQueue,
        TwoQueueParameters,
        {"short": Bound(0.01, 0.9, "share of the budget"), "remembered": Bound(0, 4, "share of the budget")},
    ),
    "arc": Entry(ARC, None, {}),
    "s3-fifo": Entry(
        S3FIFO, S3FIFOParameters, {"small": Bound(0.01, 0.9, "share of the budget"), "promoted": Bound(1, 3, "uses")}
    ),
    "sieve": Entry(Sieve, None, {}),
    "gdsf": Entry(GDSF, None, {}),
    "layer-order": Entry(
        LayerOrder,
        LayerOrderParameters,
        {"depth": Bound(0, 64, "extents"), "idle_seconds": Bound(0.001, 3600, "seconds", log=True)},
    ),
    "working-set": Entry(WorkingSet, WorkingSetParameters, {"idle_seconds": Bound(0.01, 3600, "seconds", log=True)}),
    "keep-alive": Entry(
        KeepAlive,
        KeepAliveParameters,
        {
            "bin_seconds": Bound(0.01, 3600, "seconds", log=True),
            "fixed_seconds": Bound(0.1, 86400, "seconds", log=True),
            "fewest": Bound(1, 1000, "idle times", log=True),
            "variation": Bound(0, 100, "deviation / mean of the bins"),
        },
    ),
    "experts": Entry(
        Experts,
        ExpertsParameters,
        {"depth": Bound(0, 64, "extents"), "chance": Bound(0, 1, "chance"), "fade": Bound(16, 1e6, "uses", log=True)},
    ),
    "arrivals": Entry(
        Arrivals,
        ArrivalsParameters,
        {
            "horizon": Bound(0.01, 1e3, "seconds", log=True),
            "weight": Bound(0.001, 1, "share of the newest gap", log=True),
            "pooled": Bound(0, 1000, "gaps of all models"),
            "gain": Bound(0, 100, "times; 0: no guesses"),
            "session_seconds": Bound(0, 10, "seconds"),
        },
    ),
}
