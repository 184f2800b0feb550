"""A streamed answer: what is proved before its first byte, and what ends it.

An answer begins when the engine has begun: until then whatever goes wrong has its own status. Where that takes longer than PATIENCE (a
cold model), the stream is opened and kept alive by comments, and errors come as an event. Whoever hangs up ends the generator below, which cancels
the call and frees its blocks.

`send` waits while the client's socket is full, so a slow reader's tokens pile up where the front door bounds them (worker_link.py).
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from aweigh.proto.errors import AweighError, OurBug
from aweigh.serverless.http.bodies import KEEP_ALIVE, Bodies
from aweigh.serverless.http.errors import body_of, status_of
from aweigh.serverless.http.generation import Generation

PATIENCE = 10.0  # seconds
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


async def watched(receive: Receive, work: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Does `work` while the client is there. Raises ClientGone, and what `work` raises."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def chunks(generation: Generation, bodies: Bodies) -> AsyncGenerator[bytes, None]:
    """The events of an answer; nothing before the engine has begun."""
    begun = False
    pieces = generation.pieces()
    try:
        async for some in pieces:
            if not begun:
                begun = True
                yield bodies.begin() + b"".join(map(bodies.chunk, some))
            elif some:
                yield b"".join(map(bodies.chunk, some))
    finally:
        await pieces.aclose()
    yield bodies.end(generation.usage)


class EventStream(Response):
    """Sends chunks of a generator, the first of which is being made or has been made."""

    media_type = "text/event-stream"

    def __init__(self, first: "asyncio.Task[bytes]", rest: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers={"cache-control": "no-cache", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._first = first
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            await watched(receive, self._send(send))
        except ClientGone:
            return

    async def _send(self, send: Send) -> None:
        try:
            while not self._first.done():
                await asyncio.wait((self._first,), timeout=PATIENCE)
                if not self._first.done():
                    await _write(send, KEEP_ALIVE)
            await _write(send, self._first.result())
            async for chunk in self._rest:
                await _write(send, chunk)
        except AweighError as error:
            await _write(send, _failed(error))
        except Exception as error:  # noqa: BLE001 - the head is sent: all that can be done is to say so, and the log has it
            _log.exception("our bug")
            await _write(send, _failed(OurBug(f"{type(error).__name__}: {error}")))
        finally:
            if not self._first.done():
                self._first.cancel()
                await asyncio.gather(self._first, return_exceptions=True)
            await self._rest.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


def _failed(error: AweighError) -> bytes:
    return b"data: " + body_of(status_of(error), str(error)) + b"\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
