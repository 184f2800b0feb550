"""Whether there is an HTTP door: what was asked for must be had, what was not asked for stops nothing."""

import asyncio
import importlib.util
import socket
from typing import Any

import pytest

from aweigh.proto.errors import InvalidRequest
from aweigh.serverless.config import ClusterConfig, FrontDoorConfig, HttpConfig
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http_door import NoHttp, open_http


def door() -> FrontDoor:
    return FrontDoor(FrontDoorConfig(), "test")


def test_an_empty_address_is_none() -> None:
    assert isinstance(open_http(ClusterConfig(http=HttpConfig(listen="")), door()), NoHttp)


def test_an_address_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(InvalidRequest, match="in use"):
            open_http(ClusterConfig(http=HttpConfig(listen=address)), door())
        unasked = ClusterConfig(http=HttpConfig.model_construct(_fields_set=set(), listen=address))
        found = open_http(unasked, door())
        assert isinstance(found, NoHttp) and "in use" in found.reason


def test_packages_that_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec

    def find_spec(name: str) -> Any:
        return None if name == "fastapi" else real(name)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(InvalidRequest, match=r"fastapi: pip install 'aweigh\[serve\]'"):
        open_http(ClusterConfig(http=HttpConfig(listen="127.0.0.1:0")), door())
    found = open_http(ClusterConfig(), door())
    assert isinstance(found, NoHttp) and "aweigh[serve]" in found.reason


def test_none_serves_until_it_is_left() -> None:
    async def main() -> None:
        none = NoHttp("no reason")
        running = asyncio.create_task(none.run())
        await asyncio.sleep(0)
        assert not running.done()
        none.leave()
        await asyncio.wait_for(running, 5)

    asyncio.run(main())
