"""The gRPC server of a worker: the Engine service, health and reflection, and its end in good order.

The first SIGTERM or SIGINT stops admission, waits for what runs, and leaves; the second leaves at once.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from aweigh.engine.config import Config
from aweigh.engine.rpc.service import EngineService
from aweigh.engine.worker import Worker
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc

SERVICE = engine_pb2.DESCRIPTOR.services_by_name["Engine"].full_name
OPTIONS = (
    ("grpc.max_receive_message_length", 64 << 20),
    ("grpc.max_send_message_length", 64 << 20),
    # A client asks every ten seconds whether we live while a call of its is long; by default a server hangs up on it.
    ("grpc.http2.max_ping_strikes", 0),
    ("grpc.so_reuseport", 0),
)
_LOOK_SECONDS = 0.05
_log = logging.getLogger(__name__)


class Server:
    """A server of one worker. `address` is where it listens, once `start` has returned."""

    def __init__(self, config: Config, worker: Worker, service: EngineService) -> None:
        self._config = config
        self._worker = worker
        self._service = service
        self._server = grpc.aio.server(options=OPTIONS)
        self._health: Any = health.aio.HealthServicer()
        self._leave = asyncio.Event()
        self._now = asyncio.Event()
        self.address = ""
        self.on_hangup: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Raises RuntimeError if the address cannot be had."""
        engine_pb2_grpc.add_EngineServicer_to_server(self._service, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, self._server)
        port = self._server.add_insecure_port(self._config.listen)
        if not port:
            raise RuntimeError(f"{self._config.listen} cannot be listened on: is another worker there?")
        unix = self._config.listen.startswith("unix:")
        self.address = self._config.listen if unix else f"{self._config.listen.rpartition(':')[0]}:{port}"
        await self._server.start()
        for name in ("", SERVICE):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)

    async def serve(self) -> None:
        """Returns when the worker was told to leave and nothing is in progress any more."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.leave)
        loop.add_signal_handler(signal.SIGHUP, lambda: self.on_hangup())
        await self._leave.wait()
        self._service.draining = True
        for name in ("", SERVICE):
            await self._health.set(name, health_pb2.HealthCheckResponse.NOT_SERVING)
        _log.info("draining")
        until = time.monotonic() + self._config.drain_seconds
        while time.monotonic() < until and not self._now.is_set() and await self._busy():
            await asyncio.sleep(_LOOK_SECONDS)
        self._service.end_streams()
        await self._server.stop(0.5 if not self._now.is_set() else None)
        _log.info("gone")

    def leave(self) -> None:
        """Asks to leave; asked twice, leaves at once."""
        (self._now if self._leave.is_set() else self._leave).set()

    async def _busy(self) -> bool:
        counters = await self._service.counters()
        return bool(counters.running or counters.waiting or self._service.accepting)
