"""How fast pages come from elsewhere: from a peer's arena and from an object store, each beside what the same channel gives without us.

    python -m bench.tiers [--rounds 7] [--megabytes 256]

Four threads ask for 4 MiB each, as a worker's mover does, into memory that was touched before; pages are hashed on our side. `raw gRPC` is a server
that streams a megabyte per message out of one buffer, and a client that copies it; `raw socket` a `sendall` and a `recv_into`; `raw S3` is obstore's
`get_range` alone. Every server is a process of its own. Sides take turns in each round. The S3 server is moto's, in Python: the ratio counts,
not its speed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import mmap
import os
import re
import secrets
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.catalog import Store
from aweigh.memory.store.publish import publish
from aweigh.memory.store.stored import Stored
from aweigh.memory.tiers.bucket import Bucket
from aweigh.memory.tiers.objects import Objects
from aweigh.memory.tiers.origin import Origin
from aweigh.memory.tiers.packs import cut, places, runs
from aweigh.memory.tiers.peers import Peer
from aweigh.memory.tiers.push import push
from aweigh.memory.tiers.tiers import Tiers
from bench.record import Goal, Record, Series

CHUNK_PAGES = 2
CHUNK = CHUNK_PAGES * PAGE_BYTES
THREADS = 4
PIECE = 1 << 20
_METHOD = "/bench.Raw/Fetch"


def touched(size: int) -> memoryview:
    """Memory of huge pages that is there."""
    buffer = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    buffer.madvise(mmap.MADV_HUGEPAGE)
    for offset in range(0, size, 4096):
        buffer[offset] = 0
    return memoryview(buffer)


# Servers, each in a process of its own


def give(store: Path, listen: str) -> None:
    """Holds the model in an arena and gives its pages."""
    from aweigh.engine.rpc.pages import PagesServer
    from aweigh.memory.paging.arena import PagedArena
    from aweigh.memory.paging.giving import Giver
    from aweigh.memory.paging.pager import Pager
    from aweigh.memory.paging.stored import StoredCheckpoint

    stored = Stored(Store(store), "model")
    arena = PagedArena(Pager(stored.pages + 8, map_cached=False))
    checkpoint = StoredCheckpoint(stored)
    for name in stored.tensors:
        arena.map(checkpoint.file(name), checkpoint.extent(name))
    ticket = arena.pager.need([number for number, _ in arena.regions], "model")
    assert arena.pager.wait(ticket, 60.0)
    server = PagesServer(listen, Giver(Store(store.parent / "none"), arena))
    server.start()
    print(server.address, flush=True)
    sys.stdin.read()
    server.stop()


def stream(listen: str) -> None:
    """A gRPC server that is none of ours."""
    piece = secrets.token_bytes(PIECE)

    def answer(request: bytes, context: Any) -> Iterator[bytes]:
        for _ in range(CHUNK // PIECE):
            yield piece

    server = grpc.server(ThreadPoolExecutor(8))
    handler = grpc.unary_stream_rpc_method_handler(answer)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Raw", {"Fetch": handler}),))
    port = server.add_insecure_port(listen)
    server.start()
    print(listen if listen.startswith("unix") else f"127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    server.stop(None)


def pour(listen: str) -> None:
    """A socket that gives as many bytes as eight ask for."""
    family = socket.AF_UNIX if listen.startswith("unix:") else socket.AF_INET
    listener = socket.socket(family)
    listener.bind(listen.removeprefix("unix:") if family == socket.AF_UNIX else ("127.0.0.1", 0))
    listener.listen()
    data = secrets.token_bytes(CHUNK)

    def serve(connection: socket.socket) -> None:
        while asked := connection.recv(8):
            connection.sendall(data[: struct.unpack("<Q", asked)[0]])

    def accept() -> None:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(listen if family == socket.AF_UNIX else f"127.0.0.1:{listener.getsockname()[1]}", flush=True)
    sys.stdin.read()


@contextlib.contextmanager
def server(*arguments: str) -> Iterator[str]:
    """A process of ours; yields its address."""
    command = [sys.executable, "-m", "bench.tiers", "--serve", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


@contextlib.contextmanager
def object_store() -> Iterator[None]:
    """An S3 server with the bucket `weights`, and an environment that leads to it."""
    command = [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        found = None
        while found is None:
            found = re.search(r"Running on (http://127\.0\.0\.1:\d+)", process.stderr.readline())
        threading.Thread(target=process.stderr.read, daemon=True).start()
        urllib.request.urlopen(urllib.request.Request(f"{found[1]}/weights", method="PUT")).close()
        keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "us-east-1"}
        os.environ.update(keys, AWS_ENDPOINT_URL=found[1], AWS_ALLOW_HTTP="true")
        try:
            yield
        finally:
            process.kill()


# Sides: fetch one chunk into its place

Side = Callable[[int, memoryview], None]


def ours(origin: Origin, hashes: tuple[bytes, ...]) -> Side:
    """With everything: ranking, proof, counters."""
    tiers = Tiers([origin])

    def fetch(chunk: int, into: memoryview) -> None:
        tiers.bring(hashes[chunk * CHUNK_PAGES : (chunk + 1) * CHUNK_PAGES], into, None)

    return fetch


def raw_stream(address: str) -> Side:
    call = grpc.insecure_channel(address, options=(("grpc.max_receive_message_length", 4 << 20),)).unary_stream(_METHOD)

    def fetch(chunk: int, into: memoryview) -> None:
        at = 0
        for piece in call(b""):
            into[at : at + len(piece)] = piece
            at += len(piece)
        assert at == len(into)

    return fetch


def raw_socket(address: str) -> Side:
    local = threading.local()

    def fetch(chunk: int, into: memoryview) -> None:
        if not hasattr(local, "connection"):
            unix = address.startswith("unix:")
            local.connection = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
            host, _, port = address.rpartition(":")
            local.connection.connect(address.removeprefix("unix:") if unix else (host, int(port)))
        local.connection.sendall(struct.pack("<Q", len(into)))
        at = 0
        while at < len(into):
            at += local.connection.recv_into(into[at:])

    return fetch


def raw_objects(bucket: Bucket, hashes: tuple[bytes, ...]) -> Side:
    import obstore
    from obstore.store import from_url

    where = places(cut(hashes))
    opened = from_url(bucket.url, client_options={"allow_http": True})

    def fetch(chunk: int, into: memoryview) -> None:
        wanted = list(hashes[chunk * CHUNK_PAGES : (chunk + 1) * CHUNK_PAGES])
        for _, place, count in runs(wanted, where, CHUNK_PAGES):
            obstore.get_range(opened, place.pack.path, start=place.slot * PAGE_BYTES, length=count * PAGE_BYTES)

    return fetch


def measure(rounds: int, megabytes: int) -> Record:
    """Takes turns `rounds` times, after one that does not count."""
    with tempfile.TemporaryDirectory(prefix="aweigh-") as temporary, contextlib.ExitStack() as stack:
        here = Path(temporary)
        size = megabytes * 1_000_000 // CHUNK * CHUNK
        (here / "model").mkdir()
        text = json.dumps({"weights": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
        with (here / "model" / "model.safetensors").open("wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for _ in range(0, size, CHUNK):
                file.write(secrets.token_bytes(CHUNK))
        store = Store(here / "store")
        publish(here / "model", "model", store, program=False)
        with Stored(store, "model") as stored:
            hashes = tuple(page for extent in stored.extents for run in extent.runs for page in run.hashes)
        stack.enter_context(object_store())
        url = "s3://weights/bench"
        push(store, "model", url)
        sides: dict[str, Side] = {}
        for kind, listen in (("unix", f"unix:{here}/{{}}"), ("TCP", "127.0.0.1:0")):
            sides[f"raw socket, {kind}"] = raw_socket(stack.enter_context(server("pour", listen.format("socket"))))
            sides[f"raw gRPC, {kind}"] = raw_stream(stack.enter_context(server("stream", listen.format("stream"))))
            address = stack.enter_context(server("give", listen.format("pages"), str(store.root)))
            sides[f"peer, {kind}"] = ours(Peer(address), hashes)
        sides["raw S3"] = raw_objects(Bucket(url), hashes)
        sides["S3"] = ours(Objects(url, cut(hashes)), hashes)
        room = touched(size)
        values: dict[str, list[float]] = {name: [] for name in sides}
        threads = stack.enter_context(ThreadPoolExecutor(THREADS))
        for number in range(rounds + 1):
            for name, side in sides.items():
                begin = time.perf_counter()
                work = [threads.submit(side, at, room[at * CHUNK : (at + 1) * CHUNK]) for at in range(size // CHUNK)]
                for future in work:
                    future.result()
                if number:
                    values[name].append(size / 1e6 / (time.perf_counter() - begin))
    series = {name: Series(unit="MB/s", values=found) for name, found in values.items()}

    def share(name: str, limit: str) -> float:
        return series[name].median / series[limit].median

    return Record(
        name="tiers",
        series=series,
        goals={
            "peer over unix, share of a raw gRPC stream": Goal(
                value=share("peer, unix", "raw gRPC, unix"), at_least=0.5
            ),
            "peer over TCP, share of a raw gRPC stream": Goal(value=share("peer, TCP", "raw gRPC, TCP"), at_least=0.5),
            "S3, share of obstore alone": Goal(value=share("S3", "raw S3"), at_least=0.8),
        },
        facts={"megabytes": size / 1e6, "threads": THREADS},
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=int, default=256)
    parser.add_argument("--serve", nargs="+")
    given = parser.parse_args()
    if given.serve:
        what, listen, *rest = given.serve
        {"give": lambda: give(Path(rest[0]), listen), "stream": lambda: stream(listen), "pour": lambda: pour(listen)}[
            what
        ]()
        return
    record = measure(given.rounds, given.megabytes)
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
