"""What stands before every route: a name for the request, the key, bounds on the body, and the count of what came of it.

A plain ASGI application around another one. It denies by default: a route that is added later is behind it as well, and so is one that does not exist.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aweigh.proto.errors import Unauthenticated
from aweigh.serverless.http.errors import OF_STATUS, Status, body_of, headers_of, status_of
from aweigh.serverless.http.metrics import Metrics

MAX_BODY_BYTES = 16 << 20
BODY_SECONDS = 60.0
_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")

TenantOf = Callable[[str | None, float], str | None]


class Gate:
    """See above. `routes`: paths that metrics may name."""

    def __init__(self, inner: ASGIApp, tenant_of: TenantOf, metrics: Metrics, routes: frozenset[str]) -> None:
        self._inner = inner
        self._tenant_of = tenant_of
        self._metrics = metrics
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        name = given if _ID.fullmatch(given) else uuid.uuid4().hex.encode()
        path = scope["path"] if scope["path"] in self._routes else "other"

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name)]
                self._metrics.answered(path, message["status"])
            await send(message)

        authorization = headers.get(b"authorization")
        tenant = self._tenant_of(None if authorization is None else authorization.decode("latin-1"), time.monotonic())
        if tenant is None:
            error = Unauthenticated("a valid API key is needed: send it as `Authorization: Bearer KEY`")
            await _refuse(named, status_of(error), str(error))
            return
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length[:20]) > MAX_BODY_BYTES:
            await _refuse(named, OF_STATUS[413], f"a body has at most {MAX_BODY_BYTES} bytes")
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            await _refuse(named, OF_STATUS[408], f"the body did not come within {BODY_SECONDS:.0f} s")
            return
        except ValueError:
            await _refuse(named, OF_STATUS[413], f"a body has at most {MAX_BODY_BYTES} bytes")
            return
        if body is not None:
            scope.setdefault("state", {})["tenant"] = f"http {tenant}"
            await self._inner(scope, _replayed(body, receive), named)


async def _body(receive: Receive) -> bytes | None:
    """None: the client is gone. Raises ValueError where there is too much of it."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise ValueError
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one message, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


async def _refuse(send: Send, status: Status, sentence: str) -> None:
    body = body_of(status, sentence)
    headers = [(name.encode(), value.encode()) for name, value in headers_of(status).items()]
    # What is left of a body that nobody reads would be taken for the next request.
    headers += [(b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
