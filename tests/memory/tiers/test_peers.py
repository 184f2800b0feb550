"""Pages from peers: real servers, good ones, and ones that are dead, slow, lie, or talk too much."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.memory.store.checkpoints import put, small, write
from tests.memory.tiers.test_kept import contents

from aweigh.engine.rpc.pages import MOST_HASHES, PagesServer
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.paging.giving import Giver
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.page import page_hash
from aweigh.memory.tiers.peers import Peer
from aweigh.memory.tiers.tiers import Tiers
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, PeerFailed, StoreFailed
from aweigh.proto.v1 import pages_pb2, pages_pb2_grpc

PAGE = bytes(range(256)) * (PAGE_BYTES // 256)
NAME = page_hash(PAGE)
Answer = Callable[[pages_pb2.FetchPagesRequest, Any], Iterator[pages_pb2.PagePiece]]


@contextmanager
def giving(answer: Answer) -> Iterator[str]:
    """A peer of whatever kind."""

    class Service:
        def Fetch(self, request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
            yield from answer(request, context)

    server = grpc.server(futures.ThreadPoolExecutor(4))
    pages_pb2_grpc.add_PagesServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)


def good(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    for at in range(len(request.hashes)):
        for offset in (0, PAGE_BYTES // 2):
            yield pages_pb2.PagePiece(page=at, offset=offset, data=PAGE[offset : offset + PAGE_BYTES // 2])


def liar(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    for piece in good(request, context):
        piece.data = piece.data[::-1]
        yield piece


def broken(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    yield next(good(request, context))


def gossip(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    yield pages_pb2.PagePiece(page=len(request.hashes), offset=0, data=b"not asked for")


def endless(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    offset = 0
    while True:
        yield pages_pb2.PagePiece(page=0, offset=offset, data=PAGE[: PAGE_BYTES // 2])
        offset += PAGE_BYTES // 2


def backwards(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    yield from reversed(list(good(request, context)))


def large(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    yield pages_pb2.PagePiece(page=0, offset=0, data=PAGE * 3)


def nothing(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    while True:
        yield pages_pb2.PagePiece(page=0, offset=0)


def stuck(request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
    over = threading.Event()
    context.add_callback(over.set)
    yield next(good(request, context))
    over.wait(60)


def room(pages: int = 1) -> memoryview:
    return memoryview(bytearray(pages * PAGE_BYTES))


def test_pages_come_from_a_store_over_both_kinds_of_sockets(store: Store, tmp_path: Path) -> None:
    put(store, write(tmp_path / "model", small()), "model")
    pages = contents(store, "model")
    for address in (f"unix:{tmp_path}/s", "127.0.0.1:0"):
        server = PagesServer(address, Giver(store))
        server.start()
        peer = Peer(server.address)
        wanted = [*pages, bytes(32)]
        into = room(len(wanted))
        assert list(peer.fetch(wanted, into)) == list(range(len(pages)))
        assert bytes(into) == b"".join(pages.values()) + bytes(PAGE_BYTES)
        with pytest.raises(PeerFailed, match="refused"):
            peer.fetch([bytes(32)] * (MOST_HASHES + 1), room(MOST_HASHES + 1))
        with pytest.raises(PeerFailed, match="refused"):
            peer.fetch([b"short"], room())
        peer.close()
        server.stop()


@pytest.mark.parametrize("answer", [broken, gossip, endless, backwards, large, nothing], ids=lambda a: a.__name__)
def test_what_is_no_answer_fails_and_writes_nowhere_else(answer: Answer) -> None:
    with giving(answer) as address:
        peer = Peer(address)
        whole = memoryview(bytearray(b"\xaa" * (3 * PAGE_BYTES)))
        with pytest.raises(PeerFailed):
            peer.fetch([NAME], whole[PAGE_BYTES : 2 * PAGE_BYTES])
        assert bytes(whole[:PAGE_BYTES]) == bytes(whole[2 * PAGE_BYTES :]) == b"\xaa" * PAGE_BYTES
        peer.close()


@pytest.mark.parametrize("bad", [liar, stuck, gossip, broken], ids=lambda answer: answer.__name__)
def test_a_bad_peer_is_passed_over_within_five_seconds(bad: Answer) -> None:
    with giving(bad) as first, giving(good) as second:
        tiers = Tiers([Peer(first), Peer(second)])
        began = time.monotonic()
        into = room(2)
        tiers.bring([NAME, NAME], into, None)
        assert bytes(into) == PAGE * 2
        assert time.monotonic() - began < 5
        known = {count.name: count for count in tiers.report()}
        assert known[first].rests and known[first].failures == 1 and known[first].bytes == 0
        assert known[second].bytes == 2 * PAGE_BYTES and not known[second].rests
        tiers.bring([NAME], into[:PAGE_BYTES], None)
        assert {count.name: count.failures for count in tiers.report()}[first] == 1, "it was not asked again"


def test_a_dead_peer_is_named_in_the_error() -> None:
    with giving(good) as address:
        pass
    tiers = Tiers([Peer(address)])
    with pytest.raises(StoreFailed, match=f"{address}: nobody answers there"):
        tiers.bring([NAME], room(), None)
    with pytest.raises(CheckpointInvalid, match="nobody was to be asked"):
        tiers.bring([NAME], room(), None)


def test_a_peer_that_comes_back_is_asked_again() -> None:
    now = [0.0]
    with giving(good) as address:
        pass
    tiers = Tiers([Peer(address)], clock=lambda: now[0])
    with pytest.raises(StoreFailed):
        tiers.bring([NAME], room(), None)
    server = grpc.server(futures.ThreadPoolExecutor(1))

    class Service:
        def Fetch(self, request: pages_pb2.FetchPagesRequest, context: Any) -> Iterator[pages_pb2.PagePiece]:
            yield from good(request, context)

    pages_pb2_grpc.add_PagesServicer_to_server(Service(), server)
    assert server.add_insecure_port(address)
    server.start()
    into = room()
    for _ in range(50):  # the channel tries to connect again in its own time
        now[0] += 60.0
        try:
            tiers.bring([NAME], into, None)
            break
        except StoreFailed:
            threading.Event().wait(0.1)
    server.stop(None)
    assert bytes(into) == PAGE


@pytest.mark.parametrize("address", ["10.0.0.1:5000", "example.org:80", "127.0.0.1", "s3://x"])
def test_beyond_this_machine_nobody_is_asked_and_nobody_given(address: str, store: Store) -> None:
    with pytest.raises(InvalidRequest):
        Peer(address)
    if address != "127.0.0.1":
        with pytest.raises(InvalidRequest):
            PagesServer(address, Giver(store))
