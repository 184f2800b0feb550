"""The Pages service: what peers are given, at an address of its own. It gives bytes of weights to whoever asks, so it listens on this machine only.

A server with threads, apart from the worker's own: copying pages takes no time of the loop that serves requests. At most `MOST` calls run
at once; more are refused, and a peer asks elsewhere.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import grpc

from aweigh.memory.paging.giving import Giver
from aweigh.memory.tiers.piece import FETCH, encode
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.rendezvous import is_local
from aweigh.proto.v1 import pages_pb2

MOST = 8
MOST_HASHES = 64
PIECE_BYTES = 1 << 20
HASH_BYTES = 32
_log = logging.getLogger(__name__)


class PagesService:
    """`aweigh.v1.Pages`."""

    def __init__(self, giver: Giver) -> None:
        self._giver = giver

    def fetch(self, request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[bytes]:
        if len(request.hashes) > MOST_HASHES or any(len(name) != HASH_BYTES for name in request.hashes):
            _refuse(context, f"ask for at most {MOST_HASHES} pages by hashes of {HASH_BYTES} bytes")
        for number, name in enumerate(request.hashes):
            with self._giver.page(name) as page_B:
                for offset in range(0, 0 if page_B is None else len(page_B), PIECE_BYTES):
                    assert page_B is not None
                    yield encode(number, offset, page_B[offset : offset + PIECE_BYTES])

    @property
    def handler(self) -> Any:
        """What a server is given; messages are encoded by `piece`."""
        fetch = grpc.unary_stream_rpc_method_handler(
            self.fetch, request_deserializer=pages_pb2.FetchPagesRequest.FromString
        )
        service, _, method = FETCH[1:].partition("/")
        return grpc.method_handlers_generic_handler(service, {method: fetch})


class PagesServer:
    """Listens from `start` to `stop`."""

    def __init__(self, address: str, giver: Giver) -> None:
        """Raises InvalidRequest for an address that others than this machine reach."""
        if not is_local(address):
            raise InvalidRequest(
                f"pages are given at unix:PATH or 127.0.0.1:PORT, not at {address}: nobody is authenticated"
            )
        self._server = grpc.server(
            ThreadPoolExecutor(MOST, "pages"), options=(("grpc.so_reuseport", 0),), maximum_concurrent_rpcs=MOST
        )
        self._server.add_generic_rpc_handlers((PagesService(giver).handler,))
        try:
            port = self._server.add_insecure_port(address)
        except RuntimeError:
            raise InvalidRequest(f"{address} cannot be listened on: does another worker give pages there?") from None
        self.address = address if address.startswith("unix") else f"{address.rpartition(':')[0]}:{port}"

    def start(self) -> None:
        self._server.start()
        _log.info("pages are given to peers at %s", self.address)

    def stop(self) -> None:
        self._server.stop(0.5)


def _refuse(context: Any, said: str) -> NoReturn:
    context.abort(grpc.StatusCode.INVALID_ARGUMENT, said)
    raise AssertionError("abort raises")
