"""A worker in virtual time: the real manager and policy, virtual tiers, virtual requests.

A request runs layer by layer as an engine does it: a ticket for the layer that runs, tickets for the next `depth`, each released when the layer
is done; fetches overlap with that. After its prompt a model that fits is held as a whole until the last token; one that is larger than the arena
streams through it for every token. What all requests compute at once is not modelled: each has the device to itself. So a stall is a
wait for weights and nothing else.
"""

import heapq
import itertools
import time as clock
from collections.abc import Generator, Sequence

from aweigh.memory.policy.base import Policy, Record
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.tiers import Tier, TierQueue
from aweigh.memory.replay.workload import Model, Request, Workload
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.events import Priority
from aweigh.memory.residency.manager import Manager

Life = Generator[int | float, bool, None]
"""A request's life: yields a ticket to wait for (int), or seconds to pass (float)."""


class Machine:
    """One replay. `depth`: layers that are asked for ahead of the one that runs."""

    def __init__(
        self,
        workload: Workload,
        budget_frames: int,
        policy: Policy,
        tiers: Sequence[Tier],
        depth: int = 2,
        rate: float = 0.0,
    ) -> None:
        self._workload = workload
        self._depth = depth
        self._manager = Manager(policy, rate)
        self._queues = [TierQueue(tier) for tier in tiers]
        items = workload.items(tiers[-1].bytes_per_second)
        self._sizes = {item.id: item.bytes for item in items}
        self._source: dict[int, TierQueue] = {}
        self._models = {model.name: (model, workload.numbers()[model.name]) for model in workload.models}
        self._tickets = itertools.count()
        self._serial = itertools.count()
        self._agenda: list[tuple[float, int, Life | TierQueue | None, int]] = []
        self._waiting: dict[int, Life] = {}
        self._told: list[tuple[Life, bool]] = []
        self._answered: dict[int, bool] = {}
        self._now = 0.0
        self._tick_at = float("inf")
        self.outcome = Outcome(self._manager.counters)
        self._tell(ev.SetBudget(budget_frames, 0.0))
        self._tell(ev.Register(tuple(items)))

    def run(self) -> Outcome:
        """Plays everything to its end."""
        lives: list[tuple[float, Life]] = [(r.time, self._serve(r)) for r in self._workload.requests]
        lives += [
            (time, self._use([access.extent for access in group]))
            for time, group in itertools.groupby(self._workload.accesses, key=lambda access: access.time)
        ]
        arrivals = iter(lives)
        upcoming = next(arrivals, None)
        while upcoming or self._agenda or self._waiting:
            due = self._agenda[0][0] if self._agenda else float("inf")
            start = upcoming[0] if upcoming else float("inf")
            if self._tick_at < min(due, start):
                self._now, self._tick_at = max(self._now, self._tick_at), float("inf")
                self._tell(ev.Tick(self._now))
            elif upcoming and start <= due:
                self._now = max(self._now, start)
                self._resume(upcoming[1], None)
                upcoming = next(arrivals, None)
            else:
                assert self._agenda, "somebody waits and nothing is going to happen"
                self._now, _, what, extent = heapq.heappop(self._agenda)
                if isinstance(what, TierQueue):
                    self._transferred(what, extent)
                elif what is not None:
                    self._resume(what, True)
            self._wake()
        self.outcome.moved_bytes = {queue.tier.name: queue.moved_bytes for queue in self._queues}
        return self.outcome

    # Lives

    def _resume(self, life: Life, answer: bool | None) -> None:
        try:
            wait = next(life) if answer is None else life.send(answer)
        except StopIteration:
            return
        if isinstance(wait, float):
            heapq.heappush(self._agenda, (self._now + wait, next(self._serial), life, -1))
        else:
            self._waiting[wait] = life
            if wait in self._answered:
                self._told.append((self._waiting.pop(wait), self._answered.pop(wait)))

    def _wake(self) -> None:
        while self._told:
            self._resume(*self._told.pop(0))

    def _serve(self, request: Request) -> Life:
        model, ids = self._models[request.model]
        self.outcome.tokens += max(1, request.new)
        self.outcome.used_bytes += model.bytes
        prefill, steps = request.prompt * model.prefill_seconds, max(0, request.new - 1) * model.step_seconds
        stall = 0.0
        if not all(map(self._manager.is_resident, ids)):
            stall += yield from self._pass(model, ids, prefill)
            prefill = 0.0
        ticket = self._ask(ids, Priority.NOW, model.name)
        begun = self._now
        if (yield ticket):
            self._stalled(self._now - begun + (stall if not prefill else 0.0))
            stall += self._now - begun
            yield prefill + steps
            self._done(ticket, ids)
        else:
            self._stalled(stall)
            for _ in range(request.new - 1):
                more = yield from self._pass(model, ids, model.step_seconds)
                self._stalled(more)
                stall += more
        self.outcome.request_stalls.append(stall)
        self.outcome.request_times.append(request.time)

    def _pass(self, model: Model, ids: Sequence[int], seconds: float) -> Generator[int | float, bool, float]:
        """One pass through the layers. Returns the seconds that it waited."""
        stall = 0.0
        ahead: list[int] = []
        for place, extent in enumerate(ids):
            while len(ahead) <= self._depth and place + len(ahead) < len(ids):
                ahead.append(self._ask([ids[place + len(ahead)]], Priority.NEXT, model.name))
            ticket, begun = ahead.pop(0), self._now
            self._tell(ev.Raise(ticket, Priority.NOW, begun))
            if not (yield ticket):
                self.outcome.refused += 1
                continue
            stall += self._now - begun
            yield seconds * model.extents[place] / model.bytes
            self._done(ticket, [extent])
        return stall

    def _use(self, ids: Sequence[int]) -> Life:
        """Recorded uses at one time: each by itself, in their order."""
        self.outcome.tokens += 1
        begun = self._now
        for extent in dict.fromkeys(ids):
            self.outcome.used_bytes += self._sizes[extent]
            ticket = self._ask([extent], Priority.NOW, "")
            if (yield ticket):
                self._done(ticket, [extent])
            else:
                self.outcome.refused += 1
        self._stalled(self._now - begun)
        self.outcome.request_stalls.append(self._now - begun)
        self.outcome.request_times.append(begun)

    def _stalled(self, seconds: float) -> None:
        if seconds > 0:
            self.outcome.token_stalls.append(seconds)

    def _ask(self, ids: Sequence[int], priority: Priority, model: str) -> int:
        ticket = next(self._tickets)
        self._tell(ev.Need(ticket, tuple(ids), priority, self._now, model))
        return ticket

    def _done(self, ticket: int, ids: Sequence[int]) -> None:
        self._tell(ev.Used(tuple(Record(self._now, extent, 1) for extent in ids)))
        self._tell(ev.Release(ticket, self._now))

    # The shell of the manager

    def _tell(self, event: ev.Event) -> None:
        todo: list[ev.Event] = [event]
        while todo:
            before = clock.perf_counter()
            instructions = self._manager.handle(todo.pop(0))
            self.outcome.decider_seconds += clock.perf_counter() - before
            self.outcome.events += 1
            for instruction in instructions:
                match instruction:
                    case ev.Fetch(extent, priority):
                        self._fetch(extent, priority)
                    case ev.Drop(extent):
                        todo.append(ev.Dropped(extent, self._now))
                    case ev.Cancel(extent) if self._source[extent].cancel(extent):
                        todo.append(ev.Dropped(extent, self._now))
                    case ev.Ready(ticket):
                        self._answer(ticket, True)
                    case ev.Refuse(ticket):
                        self._answer(ticket, False)
        due = self._manager.next_decision_time()
        self._tick_at = float("inf") if due is None else max(due, self._now)

    def _answer(self, ticket: int, ready: bool) -> None:
        if life := self._waiting.pop(ticket, None):
            self._told.append((life, ready))
        else:
            self._answered[ticket] = ready

    def _fetch(self, extent: int, priority: Priority) -> None:
        queue = self._source.setdefault(extent, next(queue for queue in self._queues if queue.holds(extent)))
        queue.ask(extent, priority)
        self._begin(queue, idle=True)

    def _begin(self, queue: TierQueue, idle: bool) -> None:
        if begun := queue.start(self._sizes, idle):
            extent, seconds = begun
            heapq.heappush(self._agenda, (self._now + seconds, next(self._serial), queue, extent))

    def _transferred(self, queue: TierQueue, extent: int) -> None:
        queue.finish()
        del self._source[extent]
        for other in self._queues:
            other.keep(extent, self._sizes[extent])
        self._tell(ev.Arrived(extent, self._now))
        self._begin(queue, idle=False)
