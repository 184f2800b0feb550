"""The mover's shell: some threads that read chunks, the most urgent first, and say which extents have come.

Threads and `preadv`, not io_uring: with 4 MiB a read both reach the disk's limit here, and a thread also hashes what it has read. Each
thread takes the next chunk of the most urgent extent, so one extent's chunks are in flight together and extents finish in their order.

READING threads read at once, and while one hashes another reads in its place. Hashing leaves one core alone, since reads that arrive together
would else be hashed together, and who could begin the next read waits for a core: of 4 GB from a disk of 2.4 GB/s on two cores, four threads
that each read and hash took 1.15 times the reads alone, twelve 1.03, and these 0.99 (a file that is mapped is hashed by all of them).

A read that is stuck (a second without any answer from its file: a disk that died, a network file system) holds its thread. Another thread takes its
place, up to a limit, and while others wait nobody begins another read of that file. A disk that is merely slow answers one read after the other, and
more reads at once would make each of them slower still.
"""

import contextlib
import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from aweigh.memory.failpoints import reach
from aweigh.memory.mover.chunks import Chunk
from aweigh.memory.mover.core import Making, Moved, NotMoved, Outcome, Targets
from aweigh.memory.mover.failpoints import Migration
from aweigh.memory.mover.fetch import Fetch, file_of
from aweigh.memory.mover.landing import InPlace, Landing
from aweigh.memory.mover.waiting import Waiting
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import AweighError, CheckpointInvalid, OurBug, Overloaded

READING = 4
MOST_THREADS = 32
STUCK_SECONDS = 1.0
HOPELESS_SECONDS = 4.0


class Mover:
    """Reads extents. Methods may be called from any thread; `done` is called on a reading thread, once per `fetch`."""

    def __init__(
        self,
        done: Callable[[Outcome], None],
        reading: int = READING,
        landing: Landing | None = None,
        stuck: Callable[[int], None] = lambda extent: None,
    ) -> None:
        """`reading`: so many read at once, besides those that are stuck. `stuck` hears, on a thread of its own, of an extent of which a read has not answered for `HOPELESS_SECONDS`."""
        self._done = done
        self._stuck = stuck
        self._landing = landing or InPlace()
        lock = threading.RLock()
        self._changed = threading.Condition(lock)  # there may be something to do
        self._looking = threading.Condition(lock)  # somebody reads, or all is over
        self._hashing = threading.Semaphore(max(1, len(os.sched_getaffinity(0)) - 1))
        self._order = itertools.count()
        self._waiting = Waiting(reading)
        self._fetches: dict[int, Fetch] = {}
        self._since: dict[
            threading.Thread, tuple[float, int, Fetch]
        ] = {}  # who reads: since when, of which file, for whom
        self._answered: dict[int, float] = {}  # when a read ended last, of files that are being read
        self._closed = False
        self._reading = reading
        self._threads: list[threading.Thread] = []
        with self._changed:
            self._replace_stuck()
        threading.Thread(target=self._look, name="mover-look", daemon=True).start()

    def fetch(self, extent: int, targets: Targets, priority: Priority) -> None:
        """Brings an extent. Its files stay open, and its addresses are nobody else's, until `done` was told."""
        with self._changed:
            assert extent not in self._fetches, "an extent is fetched once"
            fetch = self._fetches[extent] = Fetch(extent, targets)
            self._queue(fetch, priority)
            self._replace_stuck()
            self._changed.notify_all()

    def hurry(self, extent: int, priority: Priority) -> None:
        """Changes how urgent an extent is. One that has come by now is left alone. Who waits in vain says so again."""
        with self._changed:
            self._replace_stuck()
            fetch = self._fetches.get(extent)
            if fetch is not None and fetch.chunks:
                self._queue(fetch, priority)

    def cancel(self, extent: int) -> None:
        """Stops what was not begun. `done` hears of it when nobody writes any more; it may still hear that all has come."""
        with self._changed:
            fetch = self._fetches.get(extent)
            if fetch is None or fetch.over or not fetch.chunks:
                return
            fetch.over = True
            ended = not fetch.reading
            if ended:
                del self._fetches[extent]
        if ended:
            self._done(NotMoved(extent, None))

    def close(self, timeout: float | None = None) -> None:
        """Ends the threads after the reads in flight, waiting `timeout` seconds for each of them at most."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._looking.notify_all()
        for thread in self._threads:
            thread.join(timeout)

    def _queue(self, fetch: Fetch, priority: Priority) -> None:
        fetch.key = (priority, next(self._order))
        self._waiting.add(fetch)

    def _replace_stuck(self) -> None:
        """As many threads as read and hash at once, besides those that are stuck."""
        while len(self._threads) - self._stuck_reads() < 2 * self._reading and len(self._threads) < MOST_THREADS:
            thread = threading.Thread(target=self._run, name=f"mover-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _stuck_reads(self) -> int:
        return len(self._silent(STUCK_SECONDS))

    def _silent(self, seconds: float) -> list[tuple[int, Fetch]]:
        """Files and fetches of reads that wait for so long, and whose file has not answered any other one meanwhile."""
        late = time.monotonic() - seconds
        waits = (
            (max(since, self._answered.get(file, since)), file, fetch) for since, file, fetch in self._since.values()
        )
        return [(file, fetch) for since, file, fetch in waits if since < late]

    def _ended(self) -> None:
        _, file, _ = self._since.pop(threading.current_thread())
        self._answered[file] = time.monotonic()
        if not self._since:
            self._answered.clear()
        self._changed.notify()

    def _look(self) -> None:
        """Looks after stuck reads while there are any reads at all."""
        told: set[Fetch] = set()
        while True:
            with self._changed:
                if self._closed:
                    return
                self._looking.wait(STUCK_SECONDS if self._since else None)
                self._replace_stuck()
                if self._stuck_reads():
                    self._changed.notify_all()  # others may read in their place
                hopeless = {fetch for _, fetch in self._silent(HOPELESS_SECONDS)}
            for fetch in hopeless - told:
                self._stuck(fetch.extent)
            told = hopeless

    def _run(self) -> None:
        while True:
            with self._changed:
                taken = self._next()
                while taken is None:
                    if self._closed:
                        return
                    self._changed.wait()
                    taken = self._next()
                fetch, chunk = taken
                fetch.reading += 1
                self._begin(fetch, chunk)
            reason: AweighError | None = None
            try:
                reach(Migration.CHUNK_TAKEN)
                if isinstance(chunk, Making):
                    chunk.make()
                else:
                    self._landing.land(chunk, partial(self._proving, fetch, chunk))
                reach(Migration.CHUNK_LANDED)
            except AweighError as error:
                reason = error
            except OSError as error:
                reason = CheckpointInvalid(f"a file of weights cannot be read: {error.strerror or error}")
            except MemoryError as error:
                reason = Overloaded(f"the engine has no memory to bring weights: {error}")
            except Exception as error:  # noqa: BLE001  our own bug fails this extent; the thread is everybody's
                reason = OurBug(f"{type(error).__name__} while weights were brought: {error}")
            self._has_read(fetch, reason)

    def _begin(self, fetch: Fetch, chunk: Chunk | Making) -> None:
        if not self._since:
            self._looking.notify_all()  # who looks after stuck reads sleeps while there is none
        self._since[threading.current_thread()] = time.monotonic(), file_of(chunk), fetch

    @contextlib.contextmanager
    def _proving(self, fetch: Fetch, chunk: Chunk) -> Iterator[None]:
        with self._changed:
            self._ended()
        try:
            with self._hashing:
                yield
        finally:
            with self._changed:
                self._begin(fetch, chunk)

    def _next(self) -> tuple[Fetch, Chunk | Making] | None:
        """The next chunk; None if nobody waits for one, or enough read."""
        stuck_reads = self._stuck_reads()
        if len(self._since) - stuck_reads >= self._reading:
            return None
        stuck = {file for file, _ in self._silent(STUCK_SECONDS)}
        busy = Counter(file for _, file, _ in self._since.values())
        found = self._waiting.next(busy, stuck, tries_stuck=2 * stuck_reads < MOST_THREADS)
        if found is None:
            return None
        file, chunk = found.file, found.chunks.popleft()
        if found.chunks and found.file != file:
            self._waiting.add(found)
        return found, chunk

    def _has_read(self, fetch: Fetch, reason: AweighError | None) -> None:
        with self._changed:
            self._ended()
            fetch.reading -= 1
            if reason is not None and fetch.reason is None:
                fetch.over, fetch.reason = True, reason
            if fetch.reading or (fetch.chunks and not fetch.over):
                return
            del self._fetches[fetch.extent]
        if fetch.reason is not None or fetch.chunks:
            self._done(NotMoved(fetch.extent, fetch.reason))
        else:
            self._done(Moved(fetch.extent, fetch.bytes, time.monotonic() - fetch.began))
