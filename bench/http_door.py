"""What the HTTP door costs: tokens and requests per second of one process, before an engine that costs nothing.

    python -m bench.http_door

The door's own processor time is what is divided by, since clients and engine share the machine with it; wall clock stands beside.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.record import Goal, Record, Series

EXAMPLE = Path(__file__).parent.parent / "examples" / "model"


async def serve(engine: str) -> None:
    """The door's process: a front door with one link, and HTTP."""
    from aweigh.serverless.config import ClusterConfig
    from aweigh.serverless.front_door import FrontDoor
    from aweigh.serverless.http.server import HttpDoor
    from aweigh.serverless.worker_link import WorkerLink

    config = ClusterConfig()
    front = FrontDoor(config.front_door, "bench")
    link = WorkerLink("free", engine)
    running = asyncio.create_task(link.run())
    await front.worker_ready(link)
    door = HttpDoor(config.http, front, 1.0)
    door.open()
    print(door.address, flush=True)
    await asyncio.gather(door.run(), running)


class Client:
    """One connection, kept alive, that counts chunks and reads nothing else."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, tokens: int, *, streamed: bool = True) -> tuple[float, int]:
        """Seconds to the first chunk, and chunks with tokens."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._reader is not None
        body = json.dumps(
            {"model": "small", "prompt": "def send(", "max_tokens": tokens, "stream": streamed, "seed": 1}
        ).encode()
        head = f"POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        began = time.perf_counter()
        self._writer.write(head.encode() + body)
        said = await self._reader.readuntil(b"\r\n\r\n")
        if not streamed:
            length = int(said.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            await self._reader.readexactly(length)
            return time.perf_counter() - began, 1
        first, count, end = 0.0, 0, b""
        while not end.endswith(b"0\r\n\r\n"):
            data = await self._reader.read(1 << 16)
            first = first or time.perf_counter() - began
            count += data.count(b"data: {")
            end = (end + data)[-5:]
        return first, count

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


async def load(port: int, streams: int, tokens: int) -> dict[str, float]:
    """So many streams at once."""
    clients = [Client(port) for _ in range(streams)]
    began = time.perf_counter()
    done = await asyncio.gather(*(client.ask(tokens) for client in clients))
    seconds = time.perf_counter() - began
    for client in clients:
        client.close()
    return {"seconds": seconds, "chunks": sum(count for _, count in done)}


async def requests(port: int, count: int, at_once: int) -> float:
    """Seconds for so many short answers that are not streamed."""
    left = iter(range(count))

    async def one() -> None:
        client = Client(port)
        for _ in left:
            await client.ask(1, streamed=False)
        client.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    return time.perf_counter() - began


async def first_tokens(port: int, count: int) -> list[float]:
    """Seconds to the first token, one stream after the other."""
    client = Client(port)
    found = [(await client.ask(2))[0] for _ in range(count)]
    client.close()
    return sorted(found)


def measure(port: int, process: psutil.Process, streams: int, tokens: int, count: int) -> dict[str, float]:
    """One round."""

    def spent() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    asyncio.run(load(port, 4, 16))
    before = spent()
    found = asyncio.run(load(port, streams, tokens))
    between = spent()
    seconds = asyncio.run(requests(port, count, 16))
    after = spent()
    first = asyncio.run(first_tokens(port, 200))
    return {
        "tokens per second": streams * tokens / found["seconds"],
        "tokens per second of the door's processor": streams * tokens / (between - before),
        "requests per second": count / seconds,
        "requests per second of the door's processor": count / (after - between),
        "first token, median": first[100] * 1e3,
        "first token, p99": first[197] * 1e3,
    }


def main() -> None:
    """Measure and write `results/http_door.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--streams", type=int, default=32)
    parser.add_argument("--tokens", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(arguments.serve))
        return
    with tempfile.TemporaryDirectory() as directory:
        environment = {
            **os.environ, "AWEIGH_HOME": f"{directory}/home", "AWEIGH_CACHE": f"{directory}/cache",
            "AWEIGH_HTTP__LISTEN": "127.0.0.1:0",
        }  # fmt: skip
        publish = [sys.executable, "-m", "aweigh.serverless.cli", "publish", str(EXAMPLE), "--as", "small"]
        subprocess.run(publish, env=environment, check=True, stdout=subprocess.DEVNULL)
        engine = f"unix:{directory}/engine"
        with (
            subprocess.Popen([sys.executable, "-m", "bench.free_engine", engine, "0"], stdout=subprocess.PIPE) as free,
            subprocess.Popen(
                [sys.executable, "-m", "bench.http_door", "--serve", engine], stdout=subprocess.PIPE, env=environment, text=True
            ) as door,
        ):  # fmt: skip
            assert free.stdout is not None and door.stdout is not None
            free.stdout.readline()
            port = int(door.stdout.readline().strip().rpartition(":")[2])
            process = psutil.Process(door.pid)
            rounds = [
                measure(port, process, arguments.streams, arguments.tokens, arguments.requests)
                for _ in range(arguments.rounds)
            ]
            door.terminate()
            free.terminate()
    series = {
        name: Series(unit="ms" if "first" in name else "1/s", values=[found[name] for found in rounds])
        for name in rounds[0]
    }
    record = Record(
        name="http_door",
        series=series,
        goals={
            name: Goal(value=series[name].median, at_least=at_least, at_most=at_most)
            for name, at_least, at_most in (
                ("tokens per second of the door's processor", 20_000.0, None),
                ("requests per second of the door's processor", 1_000.0, None),
                ("first token, median", None, 2.0),
            )
        },
        facts={"streams": arguments.streams, "tokens_per_stream": arguments.tokens, "requests": arguments.requests},
    )
    print(record.as_json(), record.write(), sep="")


if __name__ == "__main__":
    main()
