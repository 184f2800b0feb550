"""The floor of a round trip: a bare asyncio unary call between two processes over a Unix socket.

The server answers at once with as many bytes as the logits of one step have; there is nothing of ours in it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc

METHOD = "/bench.Bare/Call"


async def answer(size: int, address: str) -> None:
    """Serve until the process is ended; every answer has `size` bytes."""
    payload = bytes(size)

    async def call(request: bytes, context: object) -> bytes:
        return payload

    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(call)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Bare", {"Call": handler}),))
    server.add_insecure_port(address)
    await server.start()
    print("ready", flush=True)
    await server.wait_for_termination()


class BareServer:
    """The server in a process of its own. A context manager: leaving it ends the process."""

    def __init__(self, size: int) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._address = f"unix:{Path(self._folder.name) / 'bare.sock'}"
        command = [sys.executable, "-m", "bench.bare_call", str(size), self._address]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("the bare server did not start.")

    def seconds(self, calls: int, request_bytes: int = 64) -> list[float]:
        """The time of each of `calls` calls, one after the other."""
        return asyncio.run(self._call(calls, bytes(request_bytes)))

    async def _call(self, calls: int, request: bytes) -> list[float]:
        seconds = []
        async with grpc.aio.insecure_channel(self._address) as channel:
            call = channel.unary_unary(METHOD)
            for _ in range(50):
                await call(request)
            for _ in range(calls):
                began = time.perf_counter()
                await call(request)
                seconds.append(time.perf_counter() - began)
        return seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdout
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()


if __name__ == "__main__":
    asyncio.run(answer(int(sys.argv[1]), sys.argv[2]))
