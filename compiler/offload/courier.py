"""Couriers: threads that make the calls of a script's process, so that no handler of a signal can raise inside gRPC.

CPython runs the handlers of signals in the main thread, between two bytecodes of whatever runs there, and handlers raise: Ctrl-C does,
and an alarm of the script's own may. gRPC does not survive that: `threading.Condition.__enter__` is Python, and an exception between its
taking the lock and the `with` statement's hearing of it leaves the lock taken. The thread that serves all calls of the channel then
waits for it for ever, and so does the channel's end when the process ends.

So whoever wants a call puts an errand into one queue and waits at another. `SimpleQueue` is C: a handler runs before or after it, and an
exception out of `get` takes nothing. A waiter that is interrupted cancels its errand. That must be the first call of its `except`
block, and in C (a bound `put`): then no second handler comes between.

Rejected: holding signals back while a call lasts (Ctrl-C would wait for the call), and handlers of our own around each call (scripts read
and replace theirs). All threads use couriers, not the main one alone: a hop costs some 30 us, a second way would need its own tests.
"""

import _thread
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from aweigh.proto.errors import AweighError

_T = TypeVar("_T")
_SPARE = 4  # idle couriers that stay
# Seconds. A signal that comes after the main thread has looked for one and before it sleeps wakes nobody.
_LOOK = 0.2


class Errand(Generic[_T]):
    """One piece of work. Its courier puts what comes of it into `answers`: (False, value, None) any number of times, then
    (True, value, None) or (True, None, error)."""

    __slots__ = ("_cancelled", "_stop", "_work", "answers")

    def __init__(self, work: "Callable[[Errand[_T]], _T]") -> None:
        self.answers: SimpleQueue[tuple[bool, Any, BaseException | None]] = SimpleQueue()
        self._work: Callable[[Errand[_T]], _T] | None = work
        self._stop: Callable[[], object] | None = None
        self._cancelled = False

    def wait(self, timeout: float | None = None) -> tuple[bool, Any, BaseException | None]:
        """The next answer. Raises queue.Empty if there is none in `timeout` seconds, and whatever a signal's handler raises."""
        while timeout is None:
            try:
                return self.answers.get(timeout=_LOOK)
            except Empty:
                continue
        return self.answers.get(timeout=timeout)

    # On a courier

    def stops_with(self, stop: Callable[[], object]) -> None:
        """From now on, `stop` makes the work end soon. Called at once if the errand was cancelled before."""
        self._stop = stop
        if self._cancelled:  # looked at after the store, as `cancel` looks at the store after saying so
            stop()

    def done_with_it(self) -> bool:
        """No cancel stops anything from now on. Whether none has: what it would have stopped may then be used again."""
        self._stop = None
        return not self._cancelled  # looked at after the store, too

    def run(self) -> None:
        """Never raises. Keeps nothing of the work alive: what gRPC's objects do when they end is done on this thread."""
        value, error, work, self._work = None, None, self._work, None
        if work is not None and not self._cancelled:
            try:
                value = work(self)
            except BaseException as caught:  # noqa: BLE001  it is raised again where the answer is waited for
                error = caught
                if isinstance(caught, AweighError):
                    error = caught.with_traceback(None)
                    error.__context__ = None
        del work
        self._stop = None
        self.answers.put((True, value, error))

    def cancel(self) -> None:
        self._cancelled = True
        stop = self._stop
        if stop is not None:
            stop()


class Stream(Generic[_T]):
    """The values of an errand that has many. Nothing is done before the first is asked for. `cancel` ends it, from any thread."""

    def __init__(self, couriers: "Couriers", work: "Callable[[Errand[None]], None]") -> None:
        self._errand = Errand(work)
        self._couriers: Couriers | None = couriers
        self.cancel: Callable[[], None] = partial(couriers.jobs.put, self._errand.cancel)

    def __iter__(self) -> "Stream[_T]":
        return self

    def __next__(self) -> _T:
        if self._couriers is not None:
            self._couriers.send(self._errand.run)
            self._couriers = None
        over, value, error = self._errand.wait()
        if error is not None:
            raise error
        if over:
            raise StopIteration
        found: _T = value
        return found


class Couriers:
    """As many threads as there are errands at once, and one that waits. None before the first errand; none survives a fork."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = _thread.allocate_lock()  # in C, so `with` cannot lose it to an interrupt
        self._idle = 0
        self._begun = False

    def ask(self, work: Callable[[Errand[_T]], _T], timeout: float | None = None) -> _T:
        """What `work` returns or raises, on a courier. An exception in the waiting thread cancels it; so does `timeout` (seconds),
        which raises queue.Empty."""
        errand = Errand(work)
        cancel = partial(self.jobs.put, errand.cancel)
        try:
            self.send(errand.run)
            _, value, error = errand.wait(timeout)
        except BaseException:
            cancel()
            raise
        if error is not None:
            raise error
        found: _T = value
        return found

    def stream(self, work: Callable[[Errand[None]], None]) -> Stream[Any]:
        """The values that `work` puts into its errand's answers."""
        return Stream(self, work)

    def send(self, job: Callable[[], None]) -> None:
        """Hands a job in, which must not raise."""
        if not self._begun:
            # `threading.Thread.start` is Python with locks of its own: not for a thread that signals interrupt.
            _thread.start_new_thread(self._serve, ())
            self._begun = True
        self.jobs.put(job)

    def _serve(self) -> None:
        """Takes jobs; whoever takes one while nobody else waits starts the next courier first."""
        while True:
            with self._lock:
                if self._idle >= _SPARE:
                    return
                self._idle += 1
            job = self.jobs.get()
            with self._lock:
                self._idle -= 1
                alone = not self._idle
            if alone:
                with suppress(RuntimeError):  # no more threads to be had: this one serves again after its job
                    _thread.start_new_thread(self._serve, ())
            job()
            del job
