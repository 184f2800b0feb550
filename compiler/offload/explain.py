"""`aweigh run --explain`: on stderr, per call, the rung, why not a higher one, and what crossed the wire and took how long.

Calls in a row that differ in nothing but bytes and times share a line, with their count and their mean. A line therefore appears when
a call of another kind comes, or at the end.

Times add up to what the script waited: `stub` is this process, `queue` and `engine` are the worker's own words, `wire` is the rest.
"""

import atexit
import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from aweigh.compiler.offload.settings import current


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one call had to do with the wire: bytes, and seconds. `waited` is between the request's leaving and the last of its answer.
    `together`: of calls of one function, how many the engine ran as one, this one among them."""

    sent: int = 0
    received: int = 0
    waited: float = 0.0
    queue: float = 0.0
    engine: float = 0.0
    together: int = 0

    @property
    def wire(self) -> float:
        return max(0.0, self.waited - self.queue - self.engine)

    def __add__(self, other: "Crossing") -> "Crossing":
        return Crossing(
            self.sent + other.sent,
            self.received + other.received,
            self.waited + other.waited,
            self.queue + other.queue,
            self.engine + other.engine,
            self.together + other.together,
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """What calls on one line have in common. Ops are those of one pass through the model; none there: the whole model runs here."""

    model: str
    rung: str
    reason: str
    remote_ops: int
    local_ops: int


@dataclass(frozen=True, slots=True)
class Line:
    """Calls of one kind in a row: how many, their crossings and seconds together."""

    kind: Kind
    count: int
    crossing: Crossing
    seconds: float

    def __str__(self) -> str:
        kind, one = self.kind, self.crossing
        head = (
            f"{kind.model}: {kind.rung}"
            + (f" x {self.count}, each" if self.count > 1 else "")
            + (f" ({kind.reason})" if kind.reason else "")
        )
        if not kind.remote_ops:
            return f"{head}: all here; {1e3 * self.seconds / self.count:.1f} ms"
        times = {
            "stub": self.seconds - one.waited,
            "wire": one.wire,
            "queue": one.queue,
            "engine": one.engine,
        }
        return (
            f"{head}: {kind.remote_ops} ops there, {kind.local_ops} here; {_bytes(one.sent / self.count)} out, {_bytes(one.received / self.count)} in; "
            + ", ".join(f"{name} {1e3 * max(0.0, seconds) / self.count:.1f} ms" for name, seconds in times.items())
            + (f", in steps of {one.together / self.count:.1f} calls" if one.together > self.count else "")
        )


class Explanation:
    """Calls in, lines out."""

    def __init__(self) -> None:
        self._open: Line | None = None

    def add(self, kind: Kind, crossing: Crossing, seconds: float) -> Line | None:
        """The line that this call ends, if it does."""
        before = self._open
        if before is not None and before.kind == kind:
            self._open = replace(
                before,
                count=before.count + 1,
                crossing=before.crossing + crossing,
                seconds=before.seconds + seconds,
            )
            return None
        self._open = Line(kind, 1, crossing, seconds)
        return before

    def end(self) -> Line | None:
        """The line that is still open."""
        before, self._open = self._open, None
        return before


_explanation = Explanation()
_lock = threading.Lock()
_registered = False
_because: ContextVar[str] = ContextVar("aweigh_because", default="")


def call(
    model: str,
    rung: str,
    reason: str,
    *,
    seconds: float,
    remote_ops: int = 0,
    local_ops: int = 0,
    crossing: Crossing = Crossing(),
) -> None:
    """Tells of one call of a model. `reason`: a clause, why no higher rung; `seconds`: of the whole call, as the script saw it."""
    if not current().explain:
        return
    global _registered
    with _lock:
        if not _registered:
            _registered = True
            atexit.register(_end)
        _say(_explanation.add(Kind(model, rung, reason, remote_ops, local_ops), crossing, seconds))


def kept(model: str, reason: str) -> None:
    """Tells of a model none of whose calls will come by here."""
    if current().explain:
        print(f"aweigh: {model}: local ({reason}): all of its calls", file=sys.stderr, flush=True)


def size(message: Any) -> int:
    """Bytes of a message on the wire; 0 where nobody asked."""
    return int(message.ByteSize()) if current().explain else 0


@contextlib.contextmanager
def because(reason: str) -> Iterator[None]:
    """Calls inside are on their rung for this reason: a loop runs here and makes them."""
    token = _because.set(reason)
    try:
        yield
    finally:
        _because.reset(token)


def reason() -> str:
    """Why the calls made now are not part of a loop that the engine runs."""
    return _because.get() or "the script calls the model itself"


def _end() -> None:
    with _lock:
        _say(_explanation.end())


def _say(line: Line | None) -> None:
    if line is not None:
        print(f"aweigh: {line}", file=sys.stderr, flush=True)


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _forget() -> None:
    """In a forked child: what the parent did is the parent's to tell."""
    global _explanation, _lock
    _explanation, _lock = Explanation(), threading.Lock()


os.register_at_fork(after_in_child=_forget)
