"""The worker as a process: health, reflection, statuses, ends in good and in bad order."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from tests.engine.rpc.conftest import Door, Process, load_request
from tests.engine.rpc.test_generate import ask

from aweigh.engine.config import parse
from aweigh.proto.status import METADATA_KEY, from_rpc
from aweigh.proto.v1 import engine_pb2


def kind_of(call: Any) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    error: Any = caught.value
    assert METADATA_KEY in dict(error.trailing_metadata()), "the error names its kind"
    return type(from_rpc(error)).__name__


def test_health_and_reflection(worker: Process) -> None:
    health = health_pb2_grpc.HealthStub(worker.channel)
    assert health.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING
    reflection = reflection_pb2_grpc.ServerReflectionStub(worker.channel)
    question = reflection_pb2.ServerReflectionRequest(list_services="")
    (answer,) = reflection.ServerReflectionInfo(iter([question]))
    assert "aweigh.v1.Engine" in [service.name for service in answer.list_services_response.service]


def test_a_model_is_loaded_once(worker: Process, loaded: Any, tiny: Any) -> None:
    again = worker.engine.LoadModel(load_request(tiny))
    assert again.already_loaded and again.weight_bytes == loaded.weight_bytes > 100_000
    assert again.limits.vocabulary_size == tiny.shape.vocabulary
    other = worker.engine.LoadModel(load_request(tiny, model="other name"))
    assert not other.already_loaded
    models = worker.engine.ListModels(engine_pb2.ListModelsRequest()).models
    assert sorted(model.model for model in models) == ["other name", "tiny"]
    worker.engine.UnloadModel(engine_pb2.UnloadModelRequest(model="other name"))
    assert (
        kind_of(lambda: worker.engine.UnloadModel(engine_pb2.UnloadModelRequest(model="other name"))) == "ModelNotFound"
    )


def test_what_cannot_be_loaded_is_refused(worker: Process, loaded: Any, tiny: Any, tmp_path: Path) -> None:
    def load(**changes: Any) -> Any:
        return lambda: worker.engine.LoadModel(load_request(tiny, **changes))

    assert kind_of(load(fingerprint=b"another")) == "ProgramInvalid"
    assert kind_of(load(directory="/nowhere")) == "ModelNotFound"
    assert kind_of(load(directory="relative")) == "ModelNotFound"
    assert kind_of(load(directory=str(tmp_path))) == "CheckpointInvalid"
    assert kind_of(load(directory="/proc/self/fd")) == "CheckpointInvalid"
    assert kind_of(load(model="x" * 1000)) == "InvalidRequest"
    (tmp_path / "model.safetensors").write_bytes((tiny.directory / "model.safetensors").read_bytes()[:-1])
    assert kind_of(load(directory=str(tmp_path))) == "CheckpointInvalid"
    (tmp_path / "model.safetensors").write_bytes((tiny.directory / "model.safetensors").read_bytes())
    assert kind_of(load(directory=str(tmp_path))) == "InvalidRequest"
    missing = load_request(tiny)
    del missing.manifest.slots[-1]
    assert kind_of(lambda: worker.engine.LoadModel(missing)) == "CheckpointInvalid"
    lying = load_request(tiny)
    lying.ClearField("fingerprint")
    lying.program.slots[0].shape[0] += 1
    assert kind_of(lambda: worker.engine.LoadModel(lying)) == "ProgramInvalid"


def test_unloading_fails_what_runs_and_frees_all(worker: Process, tiny: Any) -> None:
    door = Door(worker.engine)
    lease = door.lease("unload")
    worker.engine.LoadModel(load_request(tiny, model="tiny"))
    door.submit(1, lease, ask([[1, 2]], 450))
    door.wait(lambda: 1 in door.events)
    worker.engine.UnloadModel(engine_pb2.UnloadModelRequest(model="tiny"))
    assert door.result(1).failure == "ModelNotFound"
    worker.engine.LoadModel(load_request(tiny, model="tiny"))
    assert door.generate(2, lease, ask([[5, 17, 3, 60]], 8)).rows[0] == tiny.greedy([5, 17, 3, 60], 8)
    door.close()


def test_a_front_door_that_dies_takes_everything_along(worker: Process, loaded: Any) -> None:
    before = worker.engine.Stats(engine_pb2.StatsRequest())
    door = Door(worker.engine)
    lease = door.lease("dying")
    door.submit(1, lease, ask([[1, 2]], 450))
    rows = [engine_pb2.StepRow(session=7, tokens=[1, 2, 3])]
    worker.engine.Step(engine_pb2.StepRequest(lease=lease, model="tiny", rows=rows))
    door.close()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        stats = worker.engine.Stats(engine_pb2.StatsRequest())
        if (stats.leases, stats.sessions, stats.running) == (before.leases, before.sessions, 0):
            return
    raise AssertionError("what the front door held is still there")


def test_a_message_that_is_too_large_is_refused(worker: Process, loaded: Any) -> None:
    request = engine_pb2.LoadModelRequest(model="x" * (70 << 20))
    with pytest.raises(grpc.RpcError) as caught:
        worker.engine.LoadModel(request)
    error: Any = caught.value
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert worker.engine.ListModels(engine_pb2.ListModelsRequest()).models


def test_sigterm_drains(tiny: Any, tmp_path: Path) -> None:
    process = Process(tmp_path)
    process.engine.LoadModel(load_request(tiny))
    door = Door(process.engine)
    lease = door.lease("l")
    door.submit(1, lease, ask([[5, 17, 3, 60]], 200))
    door.wait(lambda: 1 in door.events)
    process.process.send_signal(signal.SIGTERM)
    assert door.result(1).rows[0] == tiny.greedy([5, 17, 3, 60], 200)
    assert process.process.wait(20) == 0, process.log.read_text()
    door.wait(lambda: door.over)
    lines = process.log.read_text().splitlines()
    assert all("] (engine-0 pid=" in line for line in lines) and "draining" in lines[1], lines


def test_a_worker_dies_with_its_parent(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys\n"
        f"p = subprocess.Popen([sys.executable, '-m', 'aweigh.engine', '--listen', 'unix:{tmp_path}/e.sock', '--kv-bytes', '1000000'],"
        " stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "p.stdout.readline()\nprint(p.pid, flush=True)\nsys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    descriptor = os.pidfd_open(child)
    parent.kill()
    parent.wait()
    ended, _, _ = select.select([descriptor], [], [], 10)
    assert ended, "the worker lives on without its parent"


def test_it_starts_without_transformers() -> None:
    code = "import sys, aweigh.engine.__main__; print(sorted({m.split('.')[0] for m in sys.modules} & {'transformers', 'triton', 'torch_mlir', 'pandas'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "example.org:80", ":80", "[::]:0", "127.0.0.1:x"])
def test_it_listens_on_loopback_only(listen: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--listen", listen])
    assert ended.value.code == 2 and "--listen" in capsys.readouterr().err
