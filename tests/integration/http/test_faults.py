"""What a client sees when there is too much to do, when a worker dies, and when another model takes a name."""

import contextlib
import http.client
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import openai
import pytest
from tests.integration.http.door import EXAMPLE, Door, command, environment_of, started, until

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

LONG = {"model": "small", "prompt": "def ", "max_tokens": 1000, "temperature": 0, "ignore_eos": True, "stream": True}
SHORT = {"model": "small", "prompt": "def ", "max_tokens": 4, "temperature": 0}


@contextlib.contextmanager
def streaming(door: Door) -> Iterator[http.client.HTTPResponse]:
    """A long answer that has begun."""
    connection = http.client.HTTPConnection(*door.address, timeout=60)
    connection.request("POST", "/v1/completions", json.dumps(LONG), {"content-type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.readline().startswith(b"data: {")
    try:
        yield answer
    finally:
        connection.close()


def worker_of(door: Door) -> Any:
    with grpc.insecure_channel(door.engine) as channel:
        return front_door_pb2_grpc.FrontDoorStub(channel).Status(front_door_pb2.StatusRequest()).workers[0]


@pytest.mark.slow
def test_overload_a_dead_worker_and_a_new_model(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    assert command(environment, "publish", str(EXAMPLE), "--as", "small").returncode == 0
    settings = {"AWEIGH_FRONT_DOOR__MAX_REQUESTS": "2"}
    with started(environment, {}, **settings) as door:
        assert door.post("/v1/completions", SHORT).status_code == 200
        with streaming(door), streaming(door):
            refused = door.post("/v1/completions", SHORT)
            assert refused.status_code == 429 and refused.headers["retry-after"] == "1"
            assert refused.elapsed.total_seconds() < 2
            assert refused.json()["error"]["type"] == "rate_limit_error"
            with pytest.raises(openai.RateLimitError):
                door.client().completions.create(**SHORT)
        until(lambda: door.post("/v1/completions", SHORT).status_code == 200)

        with streaming(door) as answer:
            before = worker_of(door)
            os.kill(before.process, signal.SIGKILL)
            events = answer.read().split(b"\n\n")
            last = json.loads(events[-2].removeprefix(b"data: "))
            assert last["error"]["type"] == "server_error" and events[-1] == b"", (
                "an error is the last event, and no [DONE]"
            )
        gone = [door.get("/health").status_code, door.post("/v1/completions", SHORT).status_code]
        assert set(gone) <= {200, 503}
        until(lambda: door.get("/health").status_code == 200, patience=60)
        assert worker_of(door).process != before.process
        first = door.post("/v1/completions", SHORT)
        assert first.status_code == 200, "the model was loaded again, nobody published it again"

        shutil.copytree(EXAMPLE, tmp_path / "other")
        generation = tmp_path / "other" / "generation_config.json"
        generation.write_text(json.dumps({**json.loads(generation.read_text()), "eos_token_id": 5000}))
        config = tmp_path / "other" / "config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "rms_norm_eps": 0.5}))
        assert command(environment, "publish", str(tmp_path / "other"), "--as", "small").returncode == 0
        text = first.json()["choices"][0]["text"]
        with streaming(door) as answer:
            until(lambda: door.post("/v1/completions", SHORT).json()["choices"][0]["text"] != text, patience=60)
            said = answer.read()
        assert said.endswith(b"data: [DONE]\n\n"), "an answer that had begun came to its end"
        until(lambda: len(worker_of(door).stats.models) == 1, patience=20)
        assert command(environment, "store", "rm", "small").returncode == 0
        until(lambda: door.post("/v1/completions", SHORT).status_code == 404)
        until(lambda: not worker_of(door).stats.models, patience=20)
