"""Who gives way when weights want room: other weights, or cached keys and values. One rule: who was used longest ago.

A step or call takes frames of other models' cold weights anyway, when their policy says so. Cached prefixes are not the policy's: they go when frames are
short, and only those whose last use was before that of the coldest weights that would go instead. Where such weights are too few, all may go. What
a running request holds is never touched, and what is kept for keys and values stays theirs. Where keys and values want room it is the same rule: a cached
prefix goes before weights that were used after it. Rejected for now: to weigh the seconds of computing a prefix again against those of reading weights
again; both are known only when they have been measured on this machine.
"""

from collections.abc import Collection, Mapping, Sequence
from math import inf

from aweigh.memory.paging.paged import Paged
from aweigh.memory.residency.manager import Manager


def coldest(
    manager: Manager, paged: Mapping[int, Paged], uses: Mapping[int, float], spared: Collection[int] = ()
) -> float:
    """When those regions were used last that were used longest ago, of those that may go; infinity: there are none. See `shortage`."""
    idle = [number for number in manager.resident if number in uses or not manager.is_pinned(number)]
    return min(
        (max(paged[number].used_at, uses.get(number, -inf)) for number in idle if number not in spared), default=inf
    )


def may_take(
    count: int, before: float, manager: Manager, paged: Mapping[int, Paged], uses: Mapping[int, float]
) -> bool:
    """Whether keys and values, the oldest of which were used last at that time, may take so many frames: free ones, or those of colder weights."""
    return count <= manager.frames_free or before == inf or coldest(manager, paged, uses) < before


def shortage(
    numbers: Sequence[int], manager: Manager, paged: Mapping[int, Paged], uses: Mapping[int, float], spare: int
) -> tuple[int, float]:
    """How many frames these regions lack that keys and values could give, and before when those must have been used last to give way.

    Args:
        paged: every region by its number.
        uses: when regions were used last that nobody has given back since.
        spare: frames that keys and values have beyond what is kept for them.
    """
    wanted = set(numbers)

    def frames_of(number: int) -> int:
        return paged[number].place.frames

    missing = sum(frames_of(number) for number in wanted if not manager.is_resident(number)) - manager.frames_free
    short = min(missing, spare)
    if short <= 0:
        return 0, -inf
    others = [number for number in manager.resident if number not in wanted]
    if sum(map(frames_of, others)) < missing:
        return short, inf
    return short, coldest(manager, paged, uses, wanted)
