"""A first compile and a load show how far they are, to a person at a terminal; what a script prints stays as it is."""

import sys
from pathlib import Path
from types import SimpleNamespace

import grpc
import pytest
from tests.fakes.terminal import on_terminal
from tests.offload.conftest import environment

from aweigh.compiler.offload.connection import Connection
from aweigh.compiler.offload.placing import _load
from aweigh.compiler.progress import silent
from aweigh.proto.errors import Overloaded
from aweigh.proto.v1 import engine_pb2, front_door_pb2

SCRIPT = """
import sys, torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
print(model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=3))
"""


@pytest.mark.slow
def test_a_first_compile_shows_its_stages(checkpoints: tuple[Path, Path], oracle: str, tmp_path: Path) -> None:
    run = [sys.executable, "-m", "aweigh.compiler.offload", "--engine", oracle]
    env = environment(AWEIGH_CACHE=str(tmp_path))
    first = on_terminal([*run, "-c", SCRIPT, checkpoints[0]], env)
    assert first.code == 0, first.stderr
    assert first.stdout.startswith("tensor([[  1,   2,   3,")
    assert "aweigh: LlamaForCausalLM: importing transformers" in first.stderr
    assert "aweigh: LlamaForCausalLM: capture" in first.stderr and "0/28" in first.stderr
    assert first.stderr.splitlines()[-1].startswith("aweigh: 1 model, 1/1 calls offloaded")
    for path in tmp_path.iterdir():
        path.unlink()
    quiet = on_terminal([*run, "--quiet", "-c", SCRIPT, checkpoints[0]], env)
    assert (quiet.code, quiet.stdout) == (0, first.stdout)
    assert "aweigh" not in quiet.stderr and "capture" not in quiet.stderr


class _Full(grpc.RpcError):  # type: ignore[misc]
    """How a refused call ends."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.RESOURCE_EXHAUSTED

    def details(self) -> str:
        return "full"

    def trailing_metadata(self) -> None: ...


class _Door:
    """A front door whose load takes two looks."""

    def __init__(self) -> None:
        self.LoadModel = SimpleNamespace(future=lambda request: self)
        self.looks = 0
        self.failure: grpc.RpcError | None = None

    def cancel(self) -> None:
        raise AssertionError("nobody was interrupted")

    def result(self, timeout: float | None = None) -> str:
        if self.looks < 2 and timeout is not None:
            raise grpc.FutureTimeoutError
        if self.failure is not None:
            raise self.failure
        return "placed"

    def Status(self, request: object, timeout: float) -> front_door_pb2.StatusResponse:
        self.looks += 1
        if self.looks == 1:
            raise grpc.RpcError  # a look that fails is no failed load
        loading = [
            engine_pb2.StatsResponse.Loading(model="another", bytes_done=1, bytes_total=2),
            engine_pb2.StatsResponse.Loading(model="mine", bytes_done=30, bytes_total=40),
        ]
        worker = front_door_pb2.StatusResponse.Worker(stats=engine_pb2.StatsResponse(loading=loading))
        return front_door_pb2.StatusResponse(workers=[worker])


def test_a_load_that_takes_its_time_is_looked_at() -> None:
    told: list[tuple[str, int, int, bool]] = []

    def tell(stage: str, done: int = 0, total: int = 0, /, *, of_bytes: bool = False) -> None:
        told.append((stage, done, total, of_bytes))

    door = _Door()
    live = Connection.__new__(Connection)
    live.front_door, live._grpc = door, grpc
    request = engine_pb2.LoadModelRequest(model="mine")
    assert _load(live, request, tell) == "placed"
    assert told == [("loading", 30, 40, True)]
    assert _load(live, request, silent) == "placed"
    door.failure = _Full()
    for teller in (tell, silent):
        with pytest.raises(Overloaded, match="full"):
            _load(live, request, teller)
