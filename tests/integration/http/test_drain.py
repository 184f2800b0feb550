"""`aweigh drain` and `aweigh logs`, with two workers of which one has work."""

import http.client
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import grpc
from tests.integration.http.door import EXAMPLE, Door, command, environment_of, started, until

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

CALL = {"model": "small", "prompt": "def ", "max_tokens": 4, "temperature": 0}
LONG = {**CALL, "max_tokens": 1000, "ignore_eos": True, "stream": True, "n": 16}


def workers(door: Door) -> dict[str, Any]:
    with grpc.insecure_channel(door.engine) as channel:
        found = front_door_pb2_grpc.FrontDoorStub(channel).Status(front_door_pb2.StatusRequest()).workers
    return {worker.name: worker for worker in found}


def test_a_worker_ends_what_it_has_and_stays_away_until_it_is_called_back(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    assert command(environment, "publish", str(EXAMPLE), "--as", "small").returncode == 0
    with started(environment, {}, AWEIGH_WORKERS__COUNT="2") as door:
        environment = door.environment
        until(lambda: all(worker.state == "ready" for worker in workers(door).values()))
        connection = http.client.HTTPConnection(*door.address, timeout=60)
        connection.request("POST", "/v1/completions", json.dumps(LONG), {"content-type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.readline()
        name = next(name for name, worker in workers(door).items() if worker.stats.models)
        other = next(other for other in workers(door) if other != name)
        with grpc.insecure_channel(door.engine) as channel:
            front_door_pb2_grpc.FrontDoorStub(channel).Drain(front_door_pb2.DrainRequest(worker=name))
        assert workers(door)[name].state == "draining", "it has work still"
        said: list[bytes] = []
        reader = threading.Thread(target=lambda: said.append(answer.read()))
        reader.start()
        assert door.post("/v1/completions", CALL).status_code == 200
        assert [model.model for model in workers(door)[other].stats.models], "what came then went to the other one"
        drained = command(environment, "drain", name)
        assert (drained.returncode, drained.stdout) == (0, f"{name} is drained\n"), drained.stderr
        reader.join(60)
        assert said[0].endswith(b"data: [DONE]\n\n"), "what ran came to its end"

        logged = command(environment, "logs", name).stdout
        assert f"({name} pid=" in logged and f"({other} pid=" not in logged and "draining" in logged
        assert f"{name} exited with code" in command(environment, "logs").stdout
        assert workers(door)[name].state == "drained" and not workers(door)[name].restarts
        follow = [sys.executable, "-m", "aweigh.serverless.cli", "logs", "front-door", "-f"]
        with subprocess.Popen(follow, stdout=subprocess.PIPE, text=True, env=environment) as following:
            assert following.stdout is not None and following.stdout.readline()
            back = command(environment, "drain", "--undo", name)
            assert (back.returncode, back.stdout) == (0, f"{name} is ready\n")
            ready = 0
            while ready < 2:  # its first life, and its second
                line = following.stdout.readline()
                assert line, "it follows"
                ready += f"{name} is ready at" in line
            following.terminate()
        for arguments in (("drain", "nobody"), ("logs", "nobody")):
            wrong = command(environment, *arguments)
            assert wrong.returncode == 4 and "'nobody'" in wrong.stderr and not wrong.stdout
