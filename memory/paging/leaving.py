"""When regions that are told to go may really go: after everything that was launched and reads them. Pure.

A device computes later than it is told to. Whoever gives a ticket back has launched what reads its regions, and brings a fence from behind that. Fences
of one stream pass in their order, so of each stream only a region's last one counts, and one that has passed takes the earlier ones with it.

Rejected: one fence at the moment of the drop. It also waits for all that was launched since the region was last read, which for a model that streams
through its arena is the next stages. Rejected: waiting under the pager's lock, where the next stages are launched from.
"""

from collections.abc import Iterable

from aweigh.memory.frames.core import Fence


class Leaving:
    """Regions by number, of one pool."""

    def __init__(self) -> None:
        self._last: dict[int, dict[int, Fence]] = {}  # by region and stream
        self._going: dict[int, None] = {}  # in the order in which they were told
        self._passed: dict[int, int] = {}  # by stream, the greatest number of a fence that has passed

    def __len__(self) -> int:
        """Regions that were told to go and have not gone."""
        return len(self._going)

    def used(self, regions: Iterable[int], fence: Fence) -> None:
        """What was launched before this fence reads these regions."""
        for region in regions:
            assert region not in self._going, "nobody reads what was told to go"
            fences = self._last.setdefault(region, {})
            known = fences.get(fence.stream)
            if known is None or known.number < fence.number:
                fences[fence.stream] = fence

    def go(self, region: int) -> None:
        """Nobody holds this region any more."""
        assert region not in self._going, "a region goes once"
        self._going[region] = None

    def awaited(self) -> Fence | None:
        """The fence that the first of those who go waits for; None if nobody waits for any."""
        for region in self._going:
            for fence in self._last.get(region, {}).values():
                if not self._is_past(fence):
                    return fence
        return None

    def passed(self, fence: Fence) -> None:
        """All that was launched before this fence is done."""
        self._passed[fence.stream] = max(fence.number, self._passed.get(fence.stream, 0))

    def gone(self) -> list[int]:
        """Regions that may go now, in the order in which they were told to. They are forgotten."""
        free = [region for region in self._going if all(map(self._is_past, self._last.get(region, {}).values()))]
        for region in free:
            del self._going[region]
            self._last.pop(region, None)
        return free

    def _is_past(self, fence: Fence) -> bool:
        return fence.number <= self._passed.get(fence.stream, 0)
