"""A user's policy as the manager sees it: like any other, with the default policy behind it.

Both are told everything, so that the default can take over at any moment. What the child is told is kept and sent in batches, with the
question at the latest. The one place where the manager waits is `suggest`, and there the budget is the most; the rest obeys
`standing.py`. While the child has not read what it was told, or does not know all items yet, it is not asked and no strike is written:
then the default decides.

A question costs the manager 1 ms, and its answer as much, where 10 000 extents are resident; a record costs it half a microsecond.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from aweigh.memory.policy.base import Drop, Fetch, Item, Policy, Record, Suggestion, View
from aweigh.memory.policy.process import standing, wire
from aweigh.memory.policy.process.channel import Channel, Gone
from aweigh.proto.errors import InvalidRequest

_MOST_KEPT = 4096  # records until they leave as a batch
_MOST_PENDING = 1 << 16  # bytes until they leave
_MOST_ITEMS = 256  # that are described in one go: what is left waits for the next time
_log = logging.getLogger(__name__)


class UserPolicy(Policy):
    """The policy that `name`, a "module:Class", names; `default` decides until it is there, whenever it does not answer in time, and
    for good once it is switched off. The module is looked for in `directory` first; the class gets `parameters` by name. `budget` is in
    seconds. `process` is the child's number. Raises InvalidRequest for a name that is none."""

    def __init__(
        self,
        name: str,
        default: Policy,
        parameters: Mapping[str, object] | None = None,
        directory: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        budget: float = standing.BUDGET,
    ) -> None:
        module, _, attribute = name.partition(":")
        if not all(part.isidentifier() for part in (*module.split("."), attribute)):
            raise InvalidRequest(f"{name[:100]!r} names no policy: write module:Class")
        self.name = name
        self.default = default
        self.asked = self.answered = self.impossible = 0
        self._clock = clock
        self._standing = standing.Standing(budget)
        self._known: set[int] = set()
        self._records: list[Record] = []
        self._pending = bytearray()
        self._guesses = False
        self._wakes: float | None = None
        self._greeted = False
        self._channel: Channel | None = Channel(name, parameters or {}, directory)
        self.process = self._channel.process
        self._handle(standing.Started(clock()))

    @property
    def off(self) -> bool:
        """Whether the default has taken over for good."""
        return self._channel is None

    @property
    def guesses(self) -> bool:  # type: ignore[override]
        """See `Policy.guesses`. Those of the default count as well: it may have to answer."""
        return self._guesses or self.default.guesses

    def observe(self, records: Sequence[Record]) -> None:
        """See `Policy.observe`."""
        self.default.observe(records)
        if self._channel is not None:
            self._records += records
            if len(self._records) >= _MOST_KEPT:
                self._tell(b"")

    def arrived(self, item: Item, time: float) -> None:
        """See `Policy.arrived`."""
        self.default.arrived(item, time)
        if self._channel is not None:
            self._known.add(item.id)
            arrived = wire.frame(wire.ARRIVED, wire.pack_timed(time, item.id))
            self._tell(wire.frame(wire.ITEMS, wire.pack_items([item])) + arrived)

    def dropped(self, extent: int, time: float) -> None:
        """See `Policy.dropped`."""
        self.default.dropped(extent, time)
        self._tell(wire.frame(wire.DROPPED, wire.pack_timed(time, extent)))

    def suggest(self, view: View) -> Iterator[Suggestion]:
        """See `Policy.suggest`. Never waits longer than the budget."""
        answer = self._ask(view)
        yield from self.default.suggest(view) if answer is None else answer

    def wakes(self, time: float) -> float | None:
        """See `Policy.wakes`: as the policy said when it answered last."""
        return self.default.wakes(time) if self._wakes is None or self.off else self._wakes

    def close(self) -> None:
        """Ends the child. The default decides from now on."""
        if self._channel is not None:
            self._channel.kill()
            self._channel = None
            self._records.clear()
            self._pending.clear()

    def _ask(self, view: View) -> list[Suggestion] | None:
        """What the policy suggests that can be done; None where the default has to decide."""
        self._hear(view)
        if not self._standing.busy and not self._describe(view):
            return None
        if not self._standing.busy and self._channel is not None and self._channel.backlog:
            self._handle(standing.Behind(self._clock()))
            return None
        answer = None
        for instruction in self._handle(standing.Wanted(self._clock())):
            if isinstance(instruction, standing.Ask):
                end = time.monotonic() + instruction.until - self._clock()
                self.asked += 1
                self._tell(wire.frame(wire.ASK, wire.pack_question(instruction.number, view)))
                self._flush()
                while self._standing.waits and self._channel is not None and self._channel.wait(end):
                    self._flush()
                    answer = self._hear(view)
                if self._standing.waits:
                    self._handle(standing.Late(self._clock()))
        return answer

    def _describe(self, view: View) -> bool:
        """Tells of items that came or went. Returns whether the child knows all of them then."""
        known = self._known
        if len(known) != len(view.items) or not known.issuperset(view.items):
            gone = known - view.items.keys()
            came = list(islice((extent for extent in view.items if extent not in known), _MOST_ITEMS + 1))
            if gone:
                self._tell(wire.frame(wire.FORGOTTEN, wire.pack_ids(gone)))
            if came:
                self._tell(wire.frame(wire.ITEMS, wire.pack_items(map(view.item, came[:_MOST_ITEMS]))))
            known -= gone
            known.update(came[:_MOST_ITEMS])
            if len(came) > _MOST_ITEMS:
                self._flush()
                return False
        self._flush()
        return True

    def _tell(self, data: bytes) -> None:
        if self._channel is None:
            return
        if self._records:
            records, self._records = self._records, []
            self._pending += wire.frame(wire.RECORDS, wire.pack_records(records))
        self._pending += data
        if len(self._pending) >= _MOST_PENDING:
            self._flush()

    def _flush(self) -> None:
        if self._channel is None:
            return
        if self._records:
            self._tell(b"")
        pending, self._pending = self._pending, bytearray()
        try:
            self._channel.send(pending)
        except Gone as gone:
            self._handle(standing.Broke(self._clock(), str(gone)))

    def _hear(self, view: View) -> list[Suggestion] | None:
        """Takes what came. Returns an answer to the last question, if it is one and came in time."""
        taken = None
        try:
            for kind, content in self._channel.receive() if self._channel is not None else ():
                if kind == wire.READY and len(content) == 1 and not self._greeted:
                    self._greeted, self._guesses = True, bool(content[0])
                    self._handle(standing.Greeted(self._clock()))
                elif kind == wire.FAILED:
                    raise Gone(f"it raised {content[:300].decode(errors='replace')}")
                elif kind == wire.ANSWER:
                    taken = self._answered(content, view)
                else:
                    raise wire.NoAnswer(f"a message of kind {kind} that nobody expects")
        except Gone as gone:
            self._handle(standing.Broke(self._clock(), str(gone)))
        except wire.NoAnswer as error:
            self._handle(standing.Broke(self._clock(), f"it sent {error}"))
        return taken

    def _answered(self, content: bytes, view: View) -> list[Suggestion] | None:
        number, wakes, suggestions = wire.unpack_answer(content)
        possible = [suggestion for suggestion in suggestions if _possible(suggestion, view)]
        impossible = len(suggestions) - len(possible)
        event = standing.Answered(self._clock(), number, len(suggestions), impossible)
        if standing.Take() not in self._handle(event):
            return None
        self.answered += 1
        self.impossible += impossible
        self._wakes = wakes
        return possible

    def _handle(self, event: standing.Event) -> list[standing.Instruction]:
        instructions = self._standing.handle(event)
        for instruction in instructions:
            if isinstance(instruction, standing.SwitchOff):
                _log.warning(
                    "policy %s is switched off, %s decides from now on: %s",
                    self.name,
                    type(self.default).__name__,
                    instruction.reason,
                )
                self.close()
        return instructions


def _possible(suggestion: Suggestion, view: View) -> bool:
    if isinstance(suggestion, Drop):
        return view.droppable(suggestion.extent) and math.isfinite(suggestion.cost)
    if isinstance(suggestion, Fetch):
        return view.fetchable(suggestion.extent) and math.isfinite(suggestion.cost)
    return suggestion.extent in view.items
