"""Fetches on a guess: what the policy suggests in idle moments, as far as rules allow.

A guess starts only while nobody waits for frames, while the rate allows it and the guard sees no thrashing. It takes free frames, or those
of residents that the policy itself holds cheaper; it then waits for them, and is given up as soon as somebody needs frames.
"""

import itertools

from aweigh.memory.policy.base import Fetch, Item, Pin, Policy, Prefer, Unpin, View
from aweigh.memory.residency.counters import Counters
from aweigh.memory.residency.guesses import Bucket, Guard
from aweigh.memory.residency.ledger import Ledger
from aweigh.memory.residency.victims import MOST_IMPOSSIBLE, Victims

SHORTEST_PAUSE = 0.001
MOST_SUGGESTIONS = 256


class Speculation:
    """Asks a policy for guesses. `changed` says that something happened since it was asked last."""

    def __init__(self, ledger: Ledger, victims: Victims, counters: Counters, bytes_per_second: float) -> None:
        self.changed = False
        self.tiers: dict[int, str] = {}
        self._ledger = ledger
        self._victims = victims
        self._counters = counters
        self._bucket = Bucket(bytes_per_second)
        self._guard = Guard()
        self._accepted: list[int] = []
        self._unproved: set[int] = set()
        self._asked_at = -1.0
        self._wake: float | None = None

    def starts(self) -> list[int]:
        """Accepted guesses for which there are frames now: the caller fetches them."""
        found = []
        free = self._ledger.free
        for extent in self._accepted:
            if extent in self._ledger.places or extent not in self._ledger.items:
                continue
            free -= self._ledger.frames(extent)
            if free < 0:
                break
            found.append(extent)
        self._accepted = [] if len(found) == len(self._accepted) else self._accepted[len(found) :]
        return found

    def give_up(self) -> None:
        """Somebody needs frames: guesses that wait for theirs are off."""
        self._accepted.clear()

    def due(self, policy: Policy, time: float) -> bool:
        """Whether the policy is to be asked now."""
        if not policy.guesses or self._accepted or time < self._asked_at + SHORTEST_PAUSE:
            return False
        news = self.changed or (self._wake is not None and time >= self._wake)
        return news and self._bucket.open(time)

    def ask(self, policy: Policy, view: View) -> list[int]:
        """Accepts what can be. Returns residents that are to be dropped for it."""
        self._asked_at, self.changed = view.time, False
        drops: list[int] = []
        impossible = 0
        free = view.free_frames
        thrashing = self._guard.thrashing(view.time)
        for suggestion in itertools.islice(policy.suggest(view), MOST_SUGGESTIONS):
            match suggestion:
                case Fetch(extent, cost) if view.fetchable(extent) and extent not in self._accepted:
                    if thrashing or not self._bucket.open(view.time):
                        self.changed = not thrashing
                        break
                    item = view.item(extent)
                    if item.frames > free:
                        found = [] if drops else self._displaced(policy, view, item.frames - free, cost)
                        if not found:
                            break
                        drops, free = found, free + sum(map(self._ledger.frames, found))
                    free -= item.frames
                    self._accepted.append(extent)
                    self._bucket.take(item.bytes)
                case Pin(extent, until) if extent in self._ledger.items:
                    self._victims.soft[extent] = until
                case Unpin(extent) if extent in self._ledger.items:
                    self._victims.soft.pop(extent, None)
                case Prefer(extent, tier) if extent in self._ledger.items:
                    self.tiers[extent] = tier
                case _:
                    impossible += 1
                    if impossible > MOST_IMPOSSIBLE:
                        break
        self._counters.impossible += impossible
        wake = policy.wakes(view.time)
        self._wake = None if wake is None else max(wake, view.time + SHORTEST_PAUSE)
        return drops

    def _displaced(self, policy: Policy, view: View, frames: int, cost: float) -> list[int]:
        asked = View(
            view.time,
            view.budget_frames,
            view.free_frames,
            frames,
            view.resident,
            view.held,
            view.moving,
            view.items,
            view.running,
        )
        return self._victims.for_guess(policy, asked, cost)

    def next_time(self, policy: Policy, time: float) -> float | None:
        """See `Manager.next_decision_time`."""
        if not policy.guesses or self._accepted:
            return None
        times = [] if self._wake is None else [self._wake]
        if self.changed:
            times.append(max(self._asked_at + SHORTEST_PAUSE, self._bucket.opens_at(time)))
        soonest = min(times, default=float("inf"))
        return None if soonest == float("inf") else max(soonest, time)

    # What has become of fetches

    def fetched(self, item: Item, time: float, guess: bool) -> None:
        """A fetch starts."""
        self._counters.refetched += self._guard.fetched(item.id, time)
        self._counters.fetched_bytes += item.bytes
        if guess:
            self._counters.guesses += 1
            self._counters.guessed_bytes += item.bytes
            self._unproved.add(item.id)

    def needed(self, extent: int) -> None:
        """Somebody holds it: if it was a guess, it was a good one."""
        if extent in self._unproved:
            self._unproved.discard(extent)
            self._counters.useful += 1

    def gone(self, extent: int) -> None:
        """It is not in the arena any more."""
        self._unproved.discard(extent)
        self.changed = True

    def dropped(self, item: Item) -> None:
        """It was told to go."""
        self._counters.drops += 1
        self._guard.dropped(item.id, item.frames, self._ledger.budget)

    def forget(self, extent: int) -> None:
        """Its number is free."""
        self._guard.forget(extent)
        self.tiers.pop(extent, None)
