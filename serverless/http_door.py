"""Whether there is an HTTP door, and which one. What nobody asked for does not stop what they did.

An address in the configuration must be had. The default one may be taken, or the extra `serve` may not be installed: then the front door serves
scripts alone, and says why.
"""

import asyncio
import importlib.util
from typing import Protocol

from aweigh.proto.errors import InvalidRequest
from aweigh.serverless.config import ClusterConfig
from aweigh.serverless.front_door import FrontDoor

NEEDED = ("fastapi", "httptools", "jinja2", "prometheus_client", "tokenizers", "uvicorn")


class Http(Protocol):
    """A door, or none: then `reason` says why."""

    address: str
    reason: str

    async def run(self) -> None:
        """Serves until `leave`."""

    def leave(self) -> None:
        """Takes nothing new; what runs gets its time."""


class NoHttp:
    """No door."""

    def __init__(self, reason: str) -> None:
        self.address = ""
        self.reason = reason
        self._left = asyncio.Event()

    async def run(self) -> None:
        await self._left.wait()

    def leave(self) -> None:
        self._left.set()


def open_http(config: ClusterConfig, door: FrontDoor) -> Http:
    """The door that the configuration wants, listening. Raises InvalidRequest where what it asks for cannot be had."""
    if not config.http.listen:
        return NoHttp("http.listen is empty")
    asked = bool(config.http.model_fields_set)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing and asked:
        raise InvalidRequest(f"http.listen needs {', '.join(missing)}: pip install 'aweigh[serve]', or make it empty")
    if missing:
        return NoHttp("pip install 'aweigh[serve]'")
    from aweigh.serverless.http.server import HttpDoor

    opened = HttpDoor(config.http, door, config.workers.drain_timeout)
    try:
        opened.open()
    except InvalidRequest as error:
        if asked:
            raise
        return NoHttp(str(error))
    return opened
