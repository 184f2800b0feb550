"""All sources, by name, in the order in which they are told of: what each sees, whether it works here, how one is made."""

from collections.abc import Callable
from dataclasses import dataclass

from aweigh.memory.statistics.counters import amd, intel
from aweigh.memory.statistics.extent_map import ExtentMap
from aweigh.memory.statistics.perf_event import PAGE_FAULTS, SOFTWARE, Event
from aweigh.memory.statistics.referenced import ReferencedSource
from aweigh.memory.statistics.runner import ExactSource
from aweigh.memory.statistics.sampled import SampledSource
from aweigh.memory.statistics.source import AccessSource
from aweigh.proto.errors import InvalidRequest

Count = Callable[[ExactSource], None]
Places = Callable[[], ExtentMap]
_FAULTS = [Event(SOFTWARE, PAGE_FAULTS, 1)]


@dataclass(frozen=True, slots=True)
class Kind:
    """A source as one may choose it. `why_not` returns one sentence where it does not work on this machine, None where it does.
    `make` takes the counts of the runner and the places of extents, of which a source uses one."""

    name: str
    what: str
    why_not: Callable[[], str | None]
    make: Callable[[Count, Places], AccessSource]


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "runner",
            "every run of a function and every hit of an expert, exact",
            lambda: None,
            lambda count, places: ExactSource(count),
        ),
        Kind(
            "pebs",
            "loads, sampled by the counters of Intel processors",
            lambda: SampledSource.why_not(intel()),
            lambda count, places: SampledSource("pebs", intel(), places),
        ),
        Kind(
            "ibs",
            "loads and stores, sampled by the counters of AMD processors",
            lambda: SampledSource.why_not(amd()),
            lambda count, places: SampledSource("ibs", amd(), places),
        ),
        Kind(
            "page-faults",
            "first touches of pages since they were mapped, every one",
            lambda: SampledSource.why_not(_FAULTS),
            lambda count, places: SampledSource("page-faults", _FAULTS, places),
        ),
        Kind(
            "referenced",
            "which extents were read at all, by accessed bits of page tables",
            ReferencedSource.why_not,
            lambda count, places: ReferencedSource(places),
        ),
    )
}


def kind_named(name: str) -> Kind:
    """Raises InvalidRequest for a name that is none, and for a source that does not work on this machine."""
    kind = KINDS.get(name)
    if kind is None:
        raise InvalidRequest(f"there is no source {name[:100]!r} of access records: choose one of {', '.join(KINDS)}")
    if reason := kind.why_not():
        raise InvalidRequest(f"source {name!r} does not work here: {reason}; `aweigh doctor` says which do")
    return kind
