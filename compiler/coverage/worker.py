"""A worker of the engine as a process, spoken to over its wire: coverage measures what a script would get."""

import os
import queue
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aweigh.proto.errors import EngineLost, EngineUnreachable
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2

_KV_BYTES = 64 << 20
_PATIENCE = 60.0
_LEASE = "coverage"


class WorkerProcess:
    """`python -m aweigh.engine` on a socket of its own, restarted when it is found dead."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="aweigh-coverage-")
        self._process: subprocess.Popen[str] | None = None

    def address(self) -> str:
        """The address of a worker that lives. Raises EngineUnreachable if none can be started."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        return f"unix:{self._folder.name}/engine.sock"

    def _start(self) -> None:
        socket = Path(self._folder.name) / "engine.sock"
        socket.unlink(missing_ok=True)
        command = [sys.executable, "-m", "aweigh.engine", "--listen", f"unix:{socket}", "--kv-bytes", str(_KV_BYTES)]
        log = open(Path(self._folder.name) / "engine.log", "a")  # noqa: SIM115 (the child holds it)
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
        )
        log.close()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("ready"):
            raise EngineUnreachable("python -m aweigh.engine did not become ready: run it by hand to see why.")

    def close(self) -> None:
        """Ends the worker."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
        self._folder.cleanup()


class Client:
    """One connection with a lease, for one model."""

    def __init__(self, address: str, lease: str = _LEASE) -> None:
        import grpc

        self._lease = lease
        self._channel = grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)])
        self._engine: Any = engine_pb2_grpc.EngineStub(self._channel)
        self._commands: queue.SimpleQueue[engine_pb2.WorkCommand | None] = queue.SimpleQueue()
        self._events: Iterator[engine_pb2.WorkEvents] = self._engine.Work(iter(self._commands.get, None))
        self._say(lease=engine_pb2.WorkCommand.LeaseChange(lease=self._lease))
        while self._lease not in next(self._events).leases:
            pass

    def _say(self, **command: Any) -> None:
        self._commands.put(engine_pb2.WorkCommand(**command))

    def load(self, compiled: Any, directory: Path) -> str:
        """Loads a compiled model; returns the name that it is asked for."""
        answer = self._engine.LoadModel(
            engine_pb2.LoadModelRequest(
                program=compiled.program,
                manifest=compiled.manifest,
                fingerprint=compiled.fingerprint,
                limits=compiled.limits,
                directory=str(directory),
            ),
            timeout=_PATIENCE,
        )
        return str(answer.model)

    def logits(self, model: str, tokens: Sequence[int]) -> "np.ndarray[Any, np.dtype[np.float32]]":
        """Logits [T, V] of one sequence in float32."""
        row = engine_pb2.StepRow(session=1, tokens=tokens, logits=len(tokens))
        request = engine_pb2.StepRequest(lease=self._lease, model=model, rows=[row])
        answer = self._engine.Step(request, timeout=_PATIENCE)
        (tensor,) = (output.tensor for output in answer.outputs if output.name == "logits")
        if tensor.transfer:
            chunks = self._engine.Download(engine_pb2.Transfer(transfer=tensor.transfer, lease=self._lease))
            data = b"".join(chunk.data for chunk in chunks)
        else:
            data = tensor.data
        return np.frombuffer(data, dtype=np.float32).reshape(tuple(tensor.shape))

    def greedy(self, model: str, prompts: Sequence[Sequence[int]], new_tokens: int) -> list[list[int]]:
        """The next tokens of each prompt, all in one batch.

        Raises:
            EngineLost: the stream ended before the answer was complete, or the request failed; the message says how.
        """
        request = generation_pb2.GenerateRequest(
            model=model,
            prompts=[generation_pb2.Prompt(tokens=prompt) for prompt in prompts],
            sampling=generation_pb2.SamplingSettings(max_new_tokens=new_tokens),
        )
        self._say(submit=engine_pb2.WorkCommand.Submit(request=1, lease=self._lease, generate=request))
        found: list[list[int]] = [[] for _ in prompts]
        for message in self._events:
            for event in (each.event for each in message.events):
                for row in event.rows:
                    found[row.row].extend(row.tokens)
                if event.HasField("failure"):
                    raise EngineLost(f"{event.failure.kind}: {event.failure.message}")
                if event.HasField("finished"):
                    return found
        raise EngineLost("the stream ended before the answer was complete")

    def close(self, model: str) -> None:
        """Unloads the model and ends the lease."""
        self._say(lease=engine_pb2.WorkCommand.LeaseChange(lease=self._lease, ended=True))
        self._commands.put(None)
        if model:
            self._engine.UnloadModel(engine_pb2.UnloadModelRequest(model=model), timeout=_PATIENCE)
        self._channel.close()
