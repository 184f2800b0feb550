"""A worker process on a Unix socket, and a front door's end of its stream."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from aweigh.proto.canonical import fingerprint
from aweigh.proto.convert import program_to_message
from aweigh.proto.convert_manifest import manifest_to_message
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2

OPTIONS = (("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", 128 << 20))


class Door:
    """A `Work` stream: commands out; events by request, acknowledgements and the end in."""

    def __init__(self, engine: Any) -> None:
        self._ready = threading.Condition()
        self._commands: list[engine_pb2.WorkCommand | None] = []
        self.events: dict[int, list[generation_pb2.GenerateEvent]] = {}
        self.leases: set[str] = set()
        self.over = False
        self.call = engine.Work(self._sent())
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, **fields: Any) -> None:
        with self._ready:
            self._commands.append(engine_pb2.WorkCommand(**fields))
            self._ready.notify_all()

    def lease(self, name: str) -> str:
        self.send(lease=engine_pb2.WorkCommand.LeaseChange(lease=name))
        self.wait(lambda: name in self.leases)
        return name

    def end(self, name: str) -> None:
        self.send(lease=engine_pb2.WorkCommand.LeaseChange(lease=name, ended=True))

    def submit(self, number: int, lease: str, request: generation_pb2.GenerateRequest) -> None:
        self.send(submit=engine_pb2.WorkCommand.Submit(request=number, lease=lease, generate=request))

    def generate(self, number: int, lease: str, request: generation_pb2.GenerateRequest) -> "Result":
        self.submit(number, lease, request)
        return self.result(number)

    def result(self, number: int) -> "Result":
        self.wait(lambda: self._ended(number))
        return Result(self.events[number])

    def wait(self, condition: Callable[[], bool]) -> None:
        with self._ready:
            assert self._ready.wait_for(condition, timeout=60), "it did not happen in a minute"

    def close(self) -> None:
        self.call.cancel()

    def _ended(self, number: int) -> bool:
        events = self.events.get(number)
        return self.over or bool(events and (events[-1].HasField("finished") or events[-1].HasField("failure")))

    def _sent(self) -> Iterator[engine_pb2.WorkCommand]:
        while True:
            with self._ready:
                self._ready.wait_for(lambda: bool(self._commands))
                command = self._commands.pop(0)
            if command is None:
                return
            yield command

    def _read(self) -> None:
        try:
            for message in self.call:
                with self._ready:
                    for entry in message.events:
                        self.events.setdefault(entry.request, []).append(entry.event)
                    self.leases.update(message.leases)
                    self._ready.notify_all()
        except grpc.RpcError:
            pass
        with self._ready:
            self.over = True
            self._ready.notify_all()


class Result:
    """All events of one request."""

    def __init__(self, events: list[generation_pb2.GenerateEvent]) -> None:
        self.rows: dict[int, list[int]] = {}
        for event in events:
            for row in event.rows:
                self.rows.setdefault(row.row, []).extend(row.tokens)
        self.last = events[-1]

    @property
    def failure(self) -> str:
        return self.last.failure.kind


class Process:
    """A worker in a process of its own."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.address = f"unix:{directory}/engine.sock"
        command = [sys.executable, "-m", "aweigh.engine", "--listen", self.address, "--kv-bytes", str(1 << 22)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self.log = directory / "engine.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--block-size", "4", *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], 60)
        assert readable, "the worker was not ready in a minute"
        line = self.process.stdout.readline()
        assert line.startswith("ready "), self.log.read_text()
        self.address = line.split()[1]
        self.channel = grpc.insecure_channel(self.address, options=OPTIONS)
        self.engine: Any = engine_pb2_grpc.EngineStub(self.channel)

    def stop(self) -> int:
        self.channel.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One worker for all tests that leave it as they found it."""
    process = Process(tmp_path_factory.mktemp("engine"), "--token-budget", "64")
    yield process
    process.stop()


@pytest.fixture
def door(worker: Process) -> Iterator[Door]:
    door = Door(worker.engine)
    yield door
    door.close()


def load_request(tiny: Any, **changes: Any) -> engine_pb2.LoadModelRequest:
    request = engine_pb2.LoadModelRequest(
        model="tiny",
        program=program_to_message(tiny.program),
        manifest=manifest_to_message(tiny.manifest),
        directory=str(tiny.directory),
        fingerprint=fingerprint(tiny.program),
        limits=engine_pb2.ModelLimits(context_length=512),
    )
    for name, value in changes.items():
        setattr(request, name, value)
    return request


@pytest.fixture
def loaded(worker: Process, tiny: Any) -> engine_pb2.ModelDescription:
    description: engine_pb2.ModelDescription = worker.engine.LoadModel(load_request(tiny))
    return description
