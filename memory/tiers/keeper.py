"""The keeper: writes pages that came from afar into the store, in its own time. Legend: B bytes.

A thread with a bounded number of pages in hand: who brings pages never waits for it, what it has no room for comes from afar again another time.
Pages are written when enough are there, and after half a second anyway. A store that cannot be written is said once, and left alone.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable

from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import page_buffer
from aweigh.memory.tiers.kept import doubt, keep
from aweigh.proto.errors import AweighError

PAGES = 32
"""That may wait: 64 MiB."""
_ENOUGH = 16
_LULL = 0.5  # seconds
_PATIENCE = 10.0  # seconds
_log = logging.getLogger(__name__)


class Keeper:
    """Thread-safe. `pages`: how many may wait to be written; 0: none is kept, and damage is only noted."""

    def __init__(self, store: Store, pages: int = PAGES) -> None:
        self._store = store
        self._most = pages
        self._changed = threading.Condition()
        self._spare: list[memoryview] = []
        self._made = 0
        self._waiting: dict[bytes, memoryview] = {}
        self._doubted: deque[bytes] = deque(maxlen=PAGES)
        self._thread: threading.Thread | None = None
        self._closed = False
        self._broken = False
        self._busy = False

    def offer(self, name: bytes, page_B: memoryview) -> bool:
        """A copy of a proved page is written some time. False: it is not."""
        with self._changed:
            if self._closed or self._broken or name in self._waiting or len(self._waiting) >= self._most:
                return False
            if not self._spare and self._made >= self._most:
                return False
            if self._spare:
                mine_B = self._spare.pop()
            else:
                mine_B = page_buffer()
                self._made += 1
            mine_B[:] = page_B
            self._waiting[name] = mine_B
            self._start()
            return True

    def doubt(self, hashes: Iterable[bytes]) -> None:
        """Pages of the store that somebody read wrong are looked at again, and marked."""
        with self._changed:
            if not self._closed and not self._broken:
                self._doubted.extend(hashes)
                self._start()

    def flush(self, timeout: float | None = None) -> bool:
        """Whether everything that was offered before is written, or never will be, after so many seconds at most."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._broken or not (self._waiting or self._doubted or self._busy), timeout
            )

    def close(self) -> None:
        """Writes what waits, and ends; a disk that is stuck is not waited for."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_PATIENCE)

    def _start(self) -> None:
        self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting or self._doubted)
                self._changed.wait_for(lambda: self._closed or len(self._waiting) >= _ENOUGH, _LULL)
                if self._closed and not self._waiting and not self._doubted:
                    return
                doubted, pages = list(self._doubted), dict(self._waiting)
                self._doubted.clear()
                self._busy = True
            try:
                if doubted:
                    doubt(self._store, doubted)
                keep(self._store, pages.items())
            except AweighError as error:
                _log.warning("pages that come from afar are not kept from now on: %s", error)
                self._broken = True
            with self._changed:
                self._busy = False
                for name in pages:
                    self._spare.append(self._waiting.pop(name))
                self._changed.notify_all()
                if self._broken:
                    return
