"""A peer as an origin of pages: another worker, who has them in its arena, its page cache or its store. Legend: B bytes.

A call per chunk, four or so of them at once (one per thread of the mover), each with a deadline: pieces go from the stream into the buffer that the
chunk is for, and nothing else is kept. What a peer says is capped before it is believed: it can only fill the pages that it was asked for.
"""

import threading
from collections.abc import Collection, Sequence
from typing import Any

import grpc

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.tiers.origin import Tier
from aweigh.memory.tiers.piece import FETCH, decode
from aweigh.proto.errors import InvalidRequest, PeerFailed
from aweigh.proto.rendezvous import is_local
from aweigh.proto.v1 import pages_pb2

DEADLINE = 2.0
"""Seconds for a chunk. Who takes longer gives less than 2 MB/s, or is dead."""
_OPTIONS = (
    ("grpc.max_receive_message_length", 4 << 20),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.enable_http_proxy", 0),
)


def check(address: str) -> str:
    """Raises InvalidRequest for an address beyond this machine: nobody is authenticated."""
    if not is_local(address) or (not address.startswith("unix") and not address.rpartition(":")[2].isdecimal()):
        raise InvalidRequest(f"peer {address!r}: give unix:PATH or 127.0.0.1:PORT, since nobody is authenticated")
    return address


class Peer:
    """`aweigh.memory.tiers.origin.Origin`."""

    tier = Tier.PEERS

    def __init__(self, address: str, deadline: float = DEADLINE) -> None:
        """Raises InvalidRequest. Nobody is asked before the first page is."""
        self.name = check(address)
        self._deadline = deadline
        self._lock = threading.Lock()
        self._fetch: Any = None
        self._channel: Any = None

    def fetch(self, hashes: Sequence[bytes], pages_B: memoryview) -> Collection[int]:
        """See `Origin.fetch`."""
        got = [0] * len(hashes)
        call = self._open()(pages_pb2.FetchPagesRequest(hashes=hashes), timeout=self._deadline)
        try:
            for message in call:
                page, offset, data_B = decode(message)
                if page >= len(hashes) or offset != got[page] or not data_B:
                    raise PeerFailed("it gave what it was not asked for")
                if offset + len(data_B) > PAGE_BYTES:
                    raise PeerFailed("it gave more than a page")
                first = page * PAGE_BYTES + offset
                pages_B[first : first + len(data_B)] = data_B
                got[page] += len(data_B)
        except grpc.RpcError as error:
            raise PeerFailed(_said(error)) from None
        finally:
            call.cancel()
        if any(0 < count < PAGE_BYTES for count in got):
            raise PeerFailed("it gave a part of a page")
        return [at for at, count in enumerate(got) if count]

    def close(self) -> None:
        """Ends the connection."""
        with self._lock:
            if self._channel is not None:
                self._channel.close()
                self._channel = self._fetch = None

    def _open(self) -> Any:
        with self._lock:
            if self._fetch is None:
                self._channel = grpc.insecure_channel(self.name, options=_OPTIONS)
                self._fetch = self._channel.unary_stream(
                    FETCH, request_serializer=pages_pb2.FetchPagesRequest.SerializeToString
                )
            return self._fetch


def _said(error: Any) -> str:
    match error.code():
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return "it did not answer in time"
        case grpc.StatusCode.UNAVAILABLE:
            return "nobody answers there, or the connection broke"
        case code:
            return f"it refused ({code.name.lower()})"
