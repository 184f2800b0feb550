"""A worker of ours as a process, asked for many answers at once over its wire."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aweigh.compiler.client import compile_model
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2

LEASE = "bench"


class Asker:
    """One model on one worker. A context manager: leaving it ends the worker."""

    def __init__(self, folder: Path, threads: int, *options: str, home: Path | None = None) -> None:
        """`home`: where the store is that the folder belongs to."""
        import grpc

        self._temporary = tempfile.TemporaryDirectory(prefix="aweigh-bench-")
        address = f"unix:{self._temporary.name}/engine.sock"
        command = [sys.executable, "-m", "aweigh.engine", "--listen", address, "--threads", str(threads), *options]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)} | ({"AWEIGH_HOME": str(home)} if home else {})
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._process.stdout is not None
        if not self._process.stdout.readline().startswith("ready"):
            raise RuntimeError("the engine did not start: run it by hand to see why.")
        self._channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])
        stub: Any = engine_pb2_grpc.EngineStub(self._channel)
        self._commands: queue.SimpleQueue[engine_pb2.WorkCommand | None] = queue.SimpleQueue()
        self._events: Iterator[engine_pb2.WorkEvents] = stub.Work(iter(self._commands.get, None))
        self._commands.put(engine_pb2.WorkCommand(lease=engine_pb2.WorkCommand.LeaseChange(lease=LEASE)))
        while LEASE not in next(self._events).leases:
            pass
        compiled = compile_model(folder)
        loaded = stub.LoadModel(
            engine_pb2.LoadModelRequest(
                program=compiled.program,
                manifest=compiled.manifest,
                fingerprint=compiled.fingerprint,
                limits=compiled.limits,
                directory=str(folder),
            )
        )
        self._model = str(loaded.model)
        self._numbers = 0

    @property
    def pid(self) -> int:
        """The worker's."""
        return self._process.pid

    def ask(self, prompts: Sequence[Sequence[int]], new: Sequence[int]) -> dict[str, Any]:
        """Asks for so many greedy tokens behind each prompt, all at once: {"first": [seconds], "seconds": seconds, "tokens": [[token]]}.

        Raises RuntimeError where a request fails."""
        begin = time.perf_counter()
        base = self._numbers + 1
        self._numbers += len(prompts)
        for number, (prompt, count) in enumerate(zip(prompts, new, strict=True), base):
            request = generation_pb2.GenerateRequest(
                model=self._model,
                prompts=[generation_pb2.Prompt(tokens=prompt)],
                sampling=generation_pb2.SamplingSettings(max_new_tokens=count),
            )
            submit = engine_pb2.WorkCommand.Submit(request=number, lease=LEASE, generate=request)
            self._commands.put(engine_pb2.WorkCommand(submit=submit))
        first: list[float] = [0.0] * len(prompts)
        tokens: list[list[int]] = [[] for _ in prompts]
        left = len(prompts)
        while left:
            message = next(self._events)
            now = time.perf_counter() - begin
            for one in message.events:
                index = one.request - base
                for row in one.event.rows:
                    first[index] = first[index] or now
                    tokens[index].extend(row.tokens)
                if one.event.HasField("failure"):
                    raise RuntimeError(str(one.event.failure))
                left -= one.event.HasField("finished")
        return {"first": first, "seconds": time.perf_counter() - begin, "tokens": tokens}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._commands.put(None)
        self._channel.close()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._temporary.cleanup()
