"""HTTP/1.1 as uvicorn speaks it, with bounds on what comes before a request is one: bytes and seconds of its head.

uvicorn's parser keeps a head of any size, and waits for it for ever: a few clients that send a byte a minute would hold memory and
descriptors. Bodies are bounded later, where their length is known (`gate.py`).
"""

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from aweigh.serverless.http.errors import OF_STATUS, body_of

MAX_HEAD_BYTES = 64 << 10
HEAD_SECONDS = 30.0
_END = b"\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_bytes = 0
        self._last = b""  # of what came before: the end of a head may be cut anywhere
        self._in_head = True
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does it only for sockets that were made with the protocol's number. Without it a chunk waits 40 ms for the client's acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            if self._patience is None:
                self._await_head()
            self._head_bytes += len(data)
            ends_here = _END in self._last + data[:MAX_HEAD_BYTES]
            self._last = data[1 - len(_END) :]
            if self._head_bytes > MAX_HEAD_BYTES and not ends_here:
                self._refuse(431, f"a request's head has at most {MAX_HEAD_BYTES} bytes")
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, msg)

    def _await_head(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._late)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _late(self) -> None:
        if not self.transport.is_closing():
            self._refuse(408, f"the head of the request did not come within {HEAD_SECONDS:.0f} s")

    def _refuse(self, status: int, sentence: str) -> None:
        """The last thing that is said on this connection."""
        body = body_of(OF_STATUS[status], sentence)
        head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode() + body)
        self.transport.close()


_PHRASES = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}
