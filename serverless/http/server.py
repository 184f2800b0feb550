"""The HTTP server in the front door's process.

Why in this process, and not in one of its own: a token then goes from the worker's stream to the client's socket in one hop. A process between would
carry every token twice, as a message of gRPC per request and step, which costs this interpreter more than all else together. What could hold
up the streams of others on the shared loop is kept off it: long texts are encoded in threads, bodies and heads are bounded, and a
client that does not read is waited for by its own task alone.
"""

import contextlib
import socket
import ssl
from collections.abc import Iterator

import uvicorn

from aweigh.proto.errors import InvalidRequest
from aweigh.proto.rendezvous import is_local
from aweigh.serverless.config import HttpConfig
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http.answering import Answering
from aweigh.serverless.http.application import application
from aweigh.serverless.http.gate import Gate
from aweigh.serverless.http.metrics import Metrics
from aweigh.serverless.http.models import Models
from aweigh.serverless.http.protocol import BoundedProtocol
from aweigh.serverless.keys import Guard, KeyFile
from aweigh.serverless.published import Published

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048


class HttpDoor:
    """Listens from `open` on, serves in `run`."""

    def __init__(self, config: HttpConfig, door: FrontDoor, drain_seconds: float) -> None:
        self._config = config
        self._door = door
        self._drain = drain_seconds
        self._keys = KeyFile()
        self._server: _Server | None = None
        self._socket: socket.socket | None = None
        self._leaving = False
        self.address = ""
        self.reason = ""

    def open(self) -> None:
        """Binds the address. Raises InvalidRequest where that cannot be, or may not."""
        host, _, port = self._config.listen.rpartition(":")
        local = is_local(self._config.listen)
        if not local and not self._keys.alive():
            raise InvalidRequest(
                f"http.listen {self._config.listen} is reached by others, and there is no key: make one with `aweigh key create`"
            )
        self._check_certificate()
        host = host.strip("[]")
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, int(port)), family=family, backlog=BACKLOG)
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise InvalidRequest(
                f"http.listen {self._config.listen}: {reason}: choose another address, or none with an empty one"
            ) from None
        scheme = "https" if self._config.certificate else "http"
        shown = f"[{host}]" if ":" in host else host
        self.address = f"{scheme}://{shown}:{self._socket.getsockname()[1]}"

    def _check_certificate(self) -> None:
        config = self._config
        if not config.certificate:
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(config.certificate, config.certificate_key or None)
        except (OSError, ValueError) as error:
            raise InvalidRequest(
                f"http.certificate {config.certificate} and its key cannot be used ({error}): name two PEM files that belong together"
            ) from None

    async def run(self) -> None:
        """Serves until `leave`."""
        assert self._socket is not None
        published, metrics = Published(), Metrics()
        try:
            async with self._door.hold("http") as (lease, _):
                answering = Answering(self._door, Models(published, self._door), metrics, lease)
                app = application(answering, self._door.version, lambda: self._leaving)
                routes = frozenset(path for route in app.routes if (path := getattr(route, "path", "")))
                guard = Guard(self._keys, needed=not is_local(self._config.listen))
                gate = Gate(app, guard.tenant_of, metrics, routes)
                self._server = _Server(
                    uvicorn.Config(
                        gate,
                        http=BoundedProtocol,
                        ws="none",
                        lifespan="off",
                        log_config=None,
                        access_log=False,
                        server_header=False,
                        proxy_headers=False,
                        timeout_keep_alive=KEEP_ALIVE_SECONDS,
                        timeout_graceful_shutdown=max(1, int(self._drain)),
                        ssl_certfile=self._config.certificate or None,
                        ssl_keyfile=self._config.certificate_key or None,
                    )
                )
                self._server.should_exit = self._leaving
                await self._server.serve(sockets=[self._socket])
        finally:
            self._socket.close()
            await published.close()

    def leave(self) -> None:
        """Takes nothing new; what runs gets its time."""
        self._leaving = True
        if self._server is not None:
            self._server.should_exit = True


class _Server(uvicorn.Server):
    """Signals are the front door's affair."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
