"""Fair queueing between tenants, in tokens. Pure.

The workers have so many calls at once and no more; whoever comes then waits here, where it can be overtaken. Next is the longest waiting call of the tenant that has had
least: the virtual token counter (Sheng et al., OSDI 2024), which is start-time fair queueing for work whose size is known only when it is done. A call is
charged for its prompt as it starts and for each token as it is written. A tenant that comes back after a while is lifted to the least of those that are
active: to have asked for nothing earns nothing. A tenant of priority P is charged a P-th, so it has P times as much where all have calls waiting, and nobody starves. So two tenants of one priority that always have calls waiting differ in what they have had by no more than a bound that does not
grow with time: what the calls of one that run at once may cost.

Beyond the places there are some for tenants none of whose calls runs: who asks one thing at a time does not wait for somebody's long answer to end.

A call whose turn would come too late is refused as it arrives, with the time after which it is worth trying: an unbounded queue answers everybody too late. What it waits
for is estimated from what lies before it under that rule, and from the rate at which work was done while all places were taken.

Rejected: priorities as classes of which the higher goes first (the lower one waits forever behind a busy one); a share of places per tenant (places stand empty while others wait); first come, first served (who asks most has most).
"""

from collections.abc import Callable
from math import ceil, inf
from typing import Any

from aweigh.serverless.fairness.events import Arrived, Event, Instruction, Left, Produced, Refuse, Start
from aweigh.serverless.fairness.rate import Rate
from aweigh.serverless.fairness.tenant import WRITTEN, Tenant, Waiting, cost

SPARE = 4
"""For so many places there is one more that only tenants take of whom nothing runs."""


class Fairness:
    """See `handle`."""

    def __init__(self, places: int, max_wait: float) -> None:
        """`places`: calls that run at once, but for the spare ones; a call that would wait for longer than `max_wait` seconds is refused."""
        self.places = places
        self._max_wait = max_wait
        self._tenants: dict[str, Tenant] = {}
        self._owner: dict[int, str] = {}  # of calls that wait or run
        self._running: set[int] = set()
        self._rate = Rate()
        self._handlers: dict[type, Callable[[Any], list[Instruction]]] = {
            Arrived: self._arrived,
            Produced: self._produced,
            Left: self._left,
        }

    def handle(self, event: Event) -> list[Instruction]:
        """Takes an event."""
        return self._handlers[type(event)](event)

    @property
    def waiting(self) -> int:
        """Calls that wait."""
        return len(self._owner) - len(self._running)

    @property
    def running(self) -> int:
        """Calls that workers have."""
        return len(self._running)

    def wait(self, tenant: str, tokens: float, priority: int = 1) -> float:
        """Seconds that a call of so much cost would wait if it came now; 0 where nobody knows yet."""
        rate = self._rate.per_second
        if rate is None or self._has_place(self._tenants.get(tenant)):
            return 0.0
        others = [other for name, other in self._tenants.items() if name != tenant and other.is_active]
        own = self._tenants[tenant].queued if tenant in self._tenants else 0.0
        before = sum(min(other.queued, (own + tokens) * other.priority / priority) for other in others)
        return (own + before) / rate

    def _arrived(self, event: Arrived) -> list[Instruction]:
        assert event.call not in self._owner, "a call arrives once"
        most = cost(event.prompt, event.most_new)
        wait = self.wait(event.tenant, most, event.priority)
        if wait > self._max_wait:
            return [Refuse(event.call, float(ceil(wait - self._max_wait)))]
        tenant = self._tenants.get(event.tenant) or self._tenants.setdefault(event.tenant, Tenant())
        if not tenant.is_active:
            others = [other.had for other in self._tenants.values() if other.is_active]
            tenant.had = max(tenant.had, min(others, default=0.0))
        tenant.priority = event.priority
        tenant.waiting[event.call] = Waiting(event.prompt, most)
        self._owner[event.call] = event.tenant
        return self._start(event.time)

    def _produced(self, event: Produced) -> list[Instruction]:
        if event.call in self._running:
            self._charge(self._tenants[self._owner[event.call]], WRITTEN * event.tokens, event.time)
        return []

    def _left(self, event: Left) -> list[Instruction]:
        name = self._owner.pop(event.call, None)
        if name is None:
            return []
        tenant = self._tenants[name]
        if event.call in self._running:
            self._running.discard(event.call)
            tenant.running -= 1
        else:
            del tenant.waiting[event.call]
        return self._start(event.time)

    def _start(self, now: float) -> list[Instruction]:
        """Fills the places that are free."""
        started: list[Instruction] = []
        while waiting := [tenant for tenant in self._tenants.values() if tenant.waiting and self._has_place(tenant)]:
            tenant = min(waiting, key=lambda each: each.had)
            call = next(iter(tenant.waiting))
            self._charge(tenant, tenant.waiting.pop(call).prompt, now)
            tenant.running += 1
            self._running.add(call)
            started.append(Start(call))
        if len(self._running) < self.places:
            self._rate.idle(now)
        else:
            self._rate.full(now)
        self._forget()
        return started

    def _has_place(self, tenant: Tenant | None) -> bool:
        spare = 0 if tenant is not None and tenant.running else self.places // SPARE
        return len(self._running) < self.places + spare

    def _charge(self, tenant: Tenant, tokens: float, now: float) -> None:
        tenant.had += tokens / tenant.priority
        self._rate.served(tokens, now)

    def _forget(self) -> None:
        """Tenants that ask for nothing and would be lifted if they came back: there is nothing to remember of them."""
        least = min((tenant.had for tenant in self._tenants.values() if tenant.is_active), default=inf)
        for name in [name for name, each in self._tenants.items() if not each.is_active and each.had <= least]:
            del self._tenants[name]
