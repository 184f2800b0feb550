"""The last lines of the logs of the front door and its workers, for those who ask over the wire.

A ring, and readers with a place in it: however slow a reader is, nothing grows, and it is told how many lines it has missed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

FRONT_DOOR = "front-door"
MOST_LINES = 10_000
MOST_CHARACTERS = 8192  # of a line


@dataclass(frozen=True, slots=True)
class Line:
    """`process`: a worker's name or FRONT_DOOR."""

    process: str
    text: str


class LogLines:
    """Belongs to the event loop."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._lines: deque[Line] = deque(maxlen=most)
        self._count = 0  # of all lines that there ever were
        self._more = asyncio.Event()

    def put(self, process: str, text: str) -> None:
        """A line has been written."""
        self._lines.append(Line(process, text[:MOST_CHARACTERS]))
        self._count += 1
        self._more.set()
        self._more = asyncio.Event()

    async def read(self, process: str, *, follow: bool) -> AsyncIterator[Line]:
        """What there is of a process, or of all with an empty name; then what comes, where it follows."""
        at = self._count - len(self._lines)
        while True:
            more = self._more
            while at < self._count:
                oldest = self._count - len(self._lines)
                if at < oldest:
                    yield Line(FRONT_DOOR, f"({oldest - at} lines were missed here)")
                    at = oldest
                line = self._lines[at - oldest]
                at += 1
                if process in ("", line.process):
                    yield line
            if not follow:
                return
            if at == self._count:
                await more.wait()

    async def carry(self, process: str, stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
        """Puts the lines of a stream until it ends; gives its bytes on."""
        rest = b""
        while data := await stream.read(1 << 16):
            yield data
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self.put(process, line.decode(errors="replace"))
            rest = rest[: 4 * MOST_CHARACTERS]
        if rest:
            self.put(process, rest.decode(errors="replace"))


class Tap(logging.Handler):
    """Puts what this process logs, from whichever thread."""

    def __init__(self, lines: LogLines, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._lines = lines
        self._loop = loop
        handlers = logging.getLogger().handlers
        self.setFormatter(handlers[0].formatter if handlers else None)

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, text)

    def _put(self, text: str) -> None:
        for line in text.splitlines():
            self._lines.put(FRONT_DOOR, line)
