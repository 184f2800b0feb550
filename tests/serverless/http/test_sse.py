"""Streamed answers: comments while an engine is cold, an error as the last event, and nothing left behind when a client goes."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from aweigh.proto.errors import EngineLost
from aweigh.serverless.http import sse
from aweigh.serverless.http.sse import ClientGone, EventStream, watched


class Client:
    """The other side of an ASGI application."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.said.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.said)


async def stream(chunks: AsyncGenerator[bytes, None], client: Client) -> None:
    first = asyncio.ensure_future(anext(chunks))
    await EventStream(first, chunks)({"type": "http"}, client.receive, client.send)


def test_a_cold_engine_is_waited_for_with_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "PATIENCE", 0.01)

    async def main() -> None:
        client = Client()

        async def chunks() -> AsyncGenerator[bytes, None]:
            while client.body.count(b": keep-alive\n\n") < 3:
                await asyncio.sleep(0)
            yield b"data: 1\n\n"
            yield b"data: 2\n\n"

        async with asyncio.timeout(20):
            await stream(chunks(), client)
        assert client.said[0]["status"] == 200
        assert client.body.lstrip(b": keep-alive\n").endswith(b"data: 1\n\ndata: 2\n\n")
        assert client.said[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(main())


@pytest.mark.parametrize("error", [EngineLost("the engine went away"), RuntimeError("nobody foresaw this")])
def test_an_error_is_the_last_event(error: Exception) -> None:
    async def main() -> None:
        async def chunks() -> AsyncGenerator[bytes, None]:
            yield b"data: 1\n\n"
            raise error

        client = Client()
        await stream(chunks(), client)
        one, last, end = client.body.split(b"\n\n")
        assert (one, end) == (b"data: 1", b"")
        said = json.loads(last.removeprefix(b"data: "))["error"]
        assert said["type"] == "server_error" and str(error) in said["message"]

    asyncio.run(main())


@pytest.mark.parametrize("begun", [False, True])
def test_a_client_that_goes_ends_the_work(begun: bool) -> None:
    async def main() -> None:
        client, ended = Client(), asyncio.Event()

        async def chunks() -> AsyncGenerator[bytes, None]:
            try:
                if begun:
                    yield b"data: 1\n\n"
                client.gone.set()
                await asyncio.Event().wait()
                yield b""
            finally:
                ended.set()

        async with asyncio.timeout(20):
            await stream(chunks(), client)
            await ended.wait()
        assert all(message.get("more_body", True) for message in client.said), "nobody is told an end"

    asyncio.run(main())


def test_work_that_is_watched() -> None:
    async def main() -> None:
        client = Client()

        async def ready() -> int:
            return 5

        async def never() -> int:
            client.gone.set()
            await asyncio.Event().wait()
            return 6

        async def fails() -> int:
            raise EngineLost("gone")

        assert await watched(client.receive, ready()) == 5
        with pytest.raises(EngineLost):
            await watched(client.receive, fails())
        with pytest.raises(ClientGone):
            await watched(client.receive, never())
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
