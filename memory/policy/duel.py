"""Which of the models that rest goes first: the one that was used longest ago, or the one that was used last?

The former is right for almost everybody, and the worst there is where models are asked for in turn and do not fit together: each goes just before it comes
again. Then the latter keeps as many as fit, which is the best static schedule. Two shadows of the arena that hold names only are played under both
rules, and the one that would have moved fewer frames of late decides: set dueling (Qureshi et al.: Adaptive insertion policies for high
performance caching, ISCA 2007), with models for sets. The old rule has to lose clearly before it goes, and comes back when it is as good.
"""

from collections import OrderedDict

CLEARLY = 1.15
MEMORY = 0.98  # of what was moved counts after each use of a model
FEWEST_USES = 16


class _Shadow:
    """An arena of whole models. `moved` frames of late."""

    def __init__(self, *, recent_first: bool) -> None:
        self.moved = 0.0
        self._recent_first = recent_first
        self._held: OrderedDict[str, int] = OrderedDict()

    def use(self, model: str, frames: int, budget: int) -> None:
        self.moved *= MEMORY
        held = self._held.pop(model, None)
        self.moved += 0 if held is not None else frames
        while self._held and sum(self._held.values()) + frames > budget:
            self._held.popitem(last=self._recent_first)
        if frames <= budget:
            self._held[model] = frames


class Duel:
    """`recent_first` is what it says now."""

    def __init__(self) -> None:
        self.recent_first = False
        self._oldest, self._newest = _Shadow(recent_first=False), _Shadow(recent_first=True)
        self._uses = 0

    def use(self, model: str, frames: int, budget: int) -> None:
        """A model of so many frames was used, in an arena of `budget` frames."""
        self._uses += 1
        for shadow in (self._oldest, self._newest):
            shadow.use(model, frames, budget)
        if self._uses < FEWEST_USES:
            return
        least = 1.0 if self.recent_first else CLEARLY
        self.recent_first = self._oldest.moved > least * self._newest.moved
