"""The manager: takes events, knows who is resident, gives instructions. Pure: time is a value, nothing here moves a byte.

It alone owns safety: what is pinned is never dropped; frames of what is resident, on its way in or on its way out never pass the budget;
a guess takes free frames or those of what is colder, within its rate; one extent's failure ends the tickets that hold it and no others.
Weights never change, so a drop is always safe: a copy lies below. Why no two tickets can dead-lock stands in `ledger.py`, why none
starves in `tickets.py`. Not thread-safe: one thread feeds it and obeys its instructions in their order.
"""

from collections.abc import Callable, Sequence
from typing import Any

from aweigh.memory.policy.base import Item, Policy, View
from aweigh.memory.residency import events as ev
from aweigh.memory.residency.admission import Admission
from aweigh.memory.residency.counters import Counters
from aweigh.memory.residency.events import Priority
from aweigh.memory.residency.fetches import Fetches
from aweigh.memory.residency.integrity import check
from aweigh.memory.residency.leaving import Leaving
from aweigh.memory.residency.ledger import Ledger, Place
from aweigh.memory.residency.running import Running
from aweigh.memory.residency.speculation import Speculation
from aweigh.memory.residency.tickets import Ticket, Tickets
from aweigh.memory.residency.victims import Victims
from aweigh.proto.errors import AweighError, ModelNotFound


class Manager:
    """See `handle`."""

    def __init__(self, policy: Policy | None = None, guess_bytes_per_second: float = 0.0) -> None:
        """`guess_bytes_per_second` bounds what fetches on a guess may move; 0: there are none. The budget is 0 until SetBudget."""
        self.counters = Counters()
        self._ledger = Ledger()
        self._tickets = Tickets()
        self._victims = Victims(self._ledger, self._tickets.wanted, self.counters)
        self._speculation = Speculation(self._ledger, self._victims, self.counters, guess_bytes_per_second)
        self._admission = Admission(self._ledger, self._tickets)
        self._fetches = Fetches(self._ledger)
        self._registered = 0
        self._running = Running()
        self._split = (0, 0, 0)
        self._time = 0.0
        self._out: list[ev.Instruction] = []
        self._leaving = Leaving(
            self._ledger, self._tickets, self._victims, self._speculation, policy or Policy(), self._out
        )
        self._handlers: dict[type, Callable[[Any], None]] = {
            ev.Register: self._register,
            ev.Forget: self._forget,
            ev.Used: self._used,
            ev.Need: self._need,
            ev.Raise: self._raise,
            ev.Release: self._release,
            ev.Withdraw: self._withdraw,
            ev.Arrived: self._arrived,
            ev.Failed: self._failed,
            ev.Dropped: self._dropped,
            ev.Stalled: self._stalled,
            ev.Damaged: self._damaged,
            ev.TakeFrames: self._take_frames,
            ev.GiveFrames: self._give_frames,
            ev.SetBudget: self._set_budget,
            ev.SetPolicy: self._set_policy,
            ev.Tick: lambda event: None,
        }

    def numbers(self, count: int) -> list[int]:
        """Numbers for extents that are to be registered. Those that are not registered are given again."""
        return self._leaving.numbers.unused(count)

    def handle(self, event: ev.Event) -> list[ev.Instruction]:
        """Takes an event. What cannot be fulfilled comes back as a Refuse; nothing is raised for it."""
        self._time = max(self._time, getattr(event, "time", self._time))
        self._handlers[type(event)](event)
        if isinstance(event, ev.Used | ev.Tick):
            self._guess()
        else:
            self._settle()
        out = self._out.copy()
        self._out.clear()
        return out

    def next_decision_time(self) -> float | None:
        """The earliest time at which a Tick could change anything; None if only events can."""
        return None if self._busy() else self._speculation.next_time(self._leaving.policy, self._time)

    def item(self, extent: int) -> Item:
        """What is known of an extent. Raises KeyError."""
        return self._ledger.items[extent]

    def is_resident(self, extent: int) -> bool:
        return extent in self._ledger.resident

    def is_pinned(self, extent: int) -> bool:
        return extent in self._ledger.pins

    def knows(self, extent: int) -> bool:
        """Whether it is registered, or forgotten and still on its way out."""
        return extent in self._ledger.items

    def model_of(self, ticket: int) -> str:
        """Who runs with a ticket, or will; nobody where it has ended."""
        return found.model if (found := self._tickets.all.get(ticket)) else ""

    def is_admitted(self, ticket: int) -> bool:
        """Whether an open ticket has its frames, or waits for nothing but bytes to come and go."""
        return self._tickets.all[ticket].admitted

    @property
    def has_waiting(self) -> bool:
        """Whether somebody waits for frames that others hold."""
        return bool(self._tickets.waiting)

    @property
    def resident(self) -> Sequence[int]:
        """Extents in the arena, the least recently used first."""
        return tuple(self._ledger.resident)

    @property
    def frames_used(self) -> int:
        """Frames of weights that are there, on their way in, or on their way out."""
        return self._ledger.used

    @property
    def frames_free(self) -> int:
        return self._ledger.free

    @property
    def quarantined(self) -> frozenset[str]:
        """Models whose requests are refused at this time, since their weights cannot be had."""
        return self._leaving.quarantine.models(self._time)

    def preferred_tier(self, extent: int) -> str | None:
        """The tier below in which the policy would keep it."""
        return self._speculation.tiers.get(extent)

    def check_integrity(self) -> None:
        """Proves every invariant anew, or raises AssertionError. For tests: it looks at everything."""
        check(self._ledger, self._tickets, self._admission, self._leaving.forgotten)

    # Extents

    def _register(self, event: ev.Register) -> None:
        for item in event.items:
            known = self._ledger.items.get(item.id)
            assert known is None or known.frames == item.frames, "an extent keeps its size"
            self._ledger.items[item.id] = item
            self._registered += 1
            self._leaving.forgotten.discard(item.id)
            self._leaving.numbers.take(item.id)

    def _forget(self, event: ev.Forget) -> None:
        gone = set(event.ids)
        for ticket in [t for t in self._tickets.all.values() if not t.ready and not gone.isdisjoint(t.ids)]:
            self._refuse(
                ticket, ModelNotFound("the model was unloaded while somebody waited for its weights: load it again.")
            )
        for extent in event.ids:
            self._leaving.forgotten.add(extent)
            self._leaving.if_forgotten(extent, self._time)

    def _used(self, event: ev.Used) -> None:
        records = event.records
        if not records:
            return
        self._time = max(self._time, records[-1].time)
        touch = self._ledger.touch
        for record in records:
            touch(record.extent)
        self.counters.records += len(records)
        self._leaving.policy.observe(records)
        self._speculation.changed = True

    # Tickets

    def _need(self, event: ev.Need) -> None:
        assert event.ids, "a ticket for no extents need not be asked for"
        ticket = self._tickets.open(event.ticket, event.ids, 0, event.priority, event.model)
        for extent in ticket.ids:
            self.counters.needed(self._ledger.items[extent], self._ledger.places.get(extent))
        self._running.begins(ticket.model, self._ledger.items[ticket.ids[0]].order)
        self._admission.wait(ticket)
        self._speculation.changed = True
        if not self._leaving.forgotten.isdisjoint(ticket.ids):
            self._refuse(ticket, ModelNotFound("the model's weights are on their way out: load it again."))
        elif error := self._leaving.quarantine.refusal(ticket.ids, ticket.model, self._time):
            self._refuse(ticket, error)
        else:
            self._refuse_if_impossible(ticket)

    def _take_frames(self, event: ev.TakeFrames) -> None:
        ticket = self._tickets.open(event.ticket, (), event.frames, Priority.NOW, "")
        self._admission.wait(ticket)
        self._refuse_if_impossible(ticket)

    def _refuse_if_impossible(self, ticket: Ticket) -> None:
        if error := self._admission.impossible(ticket):
            self._refuse(ticket, error)

    def _raise(self, event: ev.Raise) -> None:
        ticket = self._tickets.all.get(event.ticket)
        if ticket is None or event.priority >= ticket.priority:
            return
        if ticket.admitted:
            ticket.priority = event.priority
            self._tell_if_ready(ticket)
            self._out += self._fetches.want(ticket)
            return
        self._tickets.leave_queue(ticket)
        ticket.priority = event.priority
        self._admission.wait(ticket)

    def _release(self, event: ev.Release) -> None:
        ticket = self._tickets.all[event.ticket]
        assert ticket.ready and ticket.ids, "only who is ready can release"
        self._end(ticket)

    def _withdraw(self, event: ev.Withdraw) -> None:
        if ticket := self._tickets.all.get(event.ticket):
            self._end(ticket)

    def _refuse(self, ticket: Ticket, error: AweighError) -> None:
        self._end(ticket)
        self.counters.refused += 1
        self._out.append(ev.Refuse(ticket.number, error))

    def _end(self, ticket: Ticket) -> None:
        """Takes from a ticket what it has, and the ticket from the open ones."""
        if ticket.admitted:
            self._admission.revoke(ticket)
        else:
            self._tickets.leave_queue(ticket)
            self._admission.changed = True
        del self._tickets.all[ticket.number]
        self._speculation.changed = True
        if not ticket.ids:
            return
        self._running.ends(ticket.model)
        for extent in ticket.ids:
            self._leaving.if_forgotten(extent, self._time)
            self._leaving.if_spoiled(extent)
            if self._ledger.places.get(extent) is Place.FETCHING and extent not in self._ledger.pins:
                self._leaving.cancel(extent)

    # What the shell has done

    def _arrived(self, event: ev.Arrived) -> None:
        extent, ledger = event.id, self._ledger
        assert ledger.places[extent] in (Place.FETCHING, Place.CANCELLING), "what arrives was on its way"
        ledger.move(extent, Place.RESIDENT)
        self._fetches.ended(extent)
        self._leaving.quarantine.cured(extent)
        self._leaving.policy.arrived(ledger.items[extent], self._time)
        for ticket in self._tickets.holders.get(extent, ()):
            ticket.missing -= 1
            self._tell_if_ready(ticket)
        self._leaving.if_forgotten(extent, self._time)

    def _failed(self, event: ev.Failed) -> None:
        extent = event.id
        place = self._ledger.places[extent]
        assert place in (Place.FETCHING, Place.CANCELLING), "what fails was on its way"
        cancelled = place is Place.CANCELLING
        self.counters.failed += not cancelled
        self._gone(extent)
        self._leaving.quarantine.failed(self._ledger.items[extent], event.reason, self._time)
        if not cancelled:
            self._refuse_holders(extent, event.reason)
        self._fetch_again(extent)

    def _refuse_holders(self, extent: int, error: AweighError) -> None:
        for ticket in list(self._tickets.holders.get(extent, ())):
            self._refuse(ticket, error)

    def _stalled(self, event: ev.Stalled) -> None:
        if self._ledger.places.get(event.id) not in (Place.FETCHING, Place.CANCELLING):
            return
        item = self._ledger.items[event.id]
        self._leaving.quarantine.stalled(item)
        error = self._leaving.quarantine.refusal((item.id,), "", self._time)
        assert error is not None
        self._refuse_holders(item.id, error)

    def _damaged(self, event: ev.Damaged) -> None:
        extent = event.id
        if not self.is_resident(extent):
            return
        self.counters.damaged += 1
        self._leaving.spoil(extent, self._time)

    def _gone(self, extent: int) -> None:
        self._ledger.move(extent, None)
        self._fetches.ended(extent)
        self._speculation.gone(extent)

    def _dropped(self, event: ev.Dropped) -> None:
        assert self._ledger.places[event.id] in (Place.DROPPING, Place.CANCELLING), "what is dropped was told to go"
        self._gone(event.id)
        self._leaving.quarantine.answered(event.id)
        self._fetch_again(event.id)

    def _fetch_again(self, extent: int) -> None:
        """An extent has left: who has been promised it since then gets a fetch of its own."""
        for ticket in self._tickets.holders.get(extent, ()):
            self._fetches.want_again(ticket, extent)
        self._leaving.if_forgotten(extent, self._time)

    def _give_frames(self, event: ev.GiveFrames) -> None:
        self._ledger.kv -= event.frames
        assert self._ledger.kv >= sum(ticket.frames for ticket in self._admission.grants), "who gives frames has them"
        self._admission.changed = True

    def _set_budget(self, event: ev.SetBudget) -> None:
        ledger = self._ledger
        ledger.budget, ledger.kv_least = event.frames, min(event.kv_least, event.frames)
        ledger.kv_most = event.frames if event.kv_most is None else event.kv_most
        self._admission.shrink()

    def _set_policy(self, event: ev.SetPolicy) -> None:
        self._leaving.policy = event.policy
        self._victims.soft.clear()
        self._speculation.tiers.clear()
        for extent in self._ledger.resident:
            self._leaving.policy.arrived(self._ledger.items[extent], self._time)
        self._speculation.changed = True

    # What follows from it

    def _settle(self) -> None:
        """Does what has become possible or necessary, in the order of urgency."""
        ledger = self._ledger
        while self._admission.changed:
            split = (ledger.room, ledger.kv, ledger.kv_most)
            if split != self._split:
                self._split = split
                for ticket in list(self._tickets.waiting):
                    self._refuse_if_impossible(ticket)
            for ticket in self._admission.admit():
                self._admitted(ticket)
        self._make_room()
        while found := self._fetches.next():
            self._start(*found)
        self._out += [ev.Grant(ticket.number) for ticket in self._admission.granted()]
        self._guess()

    def _busy(self) -> bool:
        """Whether somebody waits for frames: no time for guesses."""
        return bool(self._tickets.waiting or self._ledger.promised or self._admission.grants)

    def _guess(self) -> None:
        if self._busy():
            self._speculation.give_up()
            return
        if self._speculation.due(self._leaving.policy, self._time):
            for extent in self._speculation.ask(self._leaving.policy, self._view(0)):
                self._leaving.drop(extent, self._time)
        for extent in self._speculation.starts():
            if not self._leaving.quarantine.refusal((extent,), "", self._time):
                self._start(extent, Priority.SPECULATIVE)

    def _admitted(self, ticket: Ticket) -> None:
        for extent in ticket.ids:
            self._speculation.needed(extent)
        self._tell_if_ready(ticket)
        self._out += self._fetches.want(ticket)

    def _tell_if_ready(self, ticket: Ticket) -> None:
        if ticket.ready:
            self._out.append(ev.Ready(ticket.number))

    def _make_room(self) -> None:
        missing = self._ledger.deficit
        if missing <= 0:
            return
        for extent in self._victims.for_need(self._leaving.policy, self._view(missing)):
            self._leaving.drop(extent, self._time)
        for extent in [moving for moving in self._ledger.moving if moving not in self._ledger.pins]:
            if self._ledger.deficit > 0 and self._ledger.places[extent] is Place.FETCHING:
                self._leaving.cancel(extent)

    def _start(self, extent: int, priority: Priority) -> None:
        self._speculation.fetched(self._ledger.items[extent], self._time, priority is Priority.SPECULATIVE)
        self._out.append(self._fetches.start(extent, priority))

    def _view(self, need_frames: int) -> View:
        ledger = self._ledger
        return View(
            self._time,
            ledger.room,
            max(0, -ledger.deficit),
            need_frames,
            ledger.resident,
            ledger.pins,
            ledger.moving,
            ledger.items,
            self._running.places,
            self._fetches.absent() if need_frames else (),
            self._registered + self._leaving.left,
        )
