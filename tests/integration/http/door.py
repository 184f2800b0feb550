"""A front door with HTTP, in processes of its own, and the models that it serves."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx2
from openai import OpenAI

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc

EXAMPLE = Path(__file__).parents[3] / "examples" / "model"
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{% if message.role == 'user' %}def {{ message.content }}(self):\n"
    "{% else %}{{ message.content }}\n{% endif %}{% endfor %}{% if add_generation_prompt %}    {% endif %}"
)


@dataclass(frozen=True)
class Door:
    """What a client of the door needs. `models`: directories by the names that they are published by."""

    url: str
    engine: str
    environment: dict[str, str]
    models: dict[str, Path]
    process: subprocess.Popen[str]

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.partition("//")[2].rpartition(":")
        return host, int(port)

    def client(self, key: str = "none", **named: Any) -> Any:
        return OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=120, **named)

    def post(self, route: str, body: Any, **named: Any) -> httpx2.Response:
        return httpx2.post(self.url + route, json=body, timeout=120, **named)

    def get(self, route: str, **named: Any) -> httpx2.Response:
        return httpx2.get(self.url + route, timeout=60, **named)

    def running(self) -> int:
        """Calls in the engine, those that wait too."""
        with grpc.insecure_channel(self.engine) as channel:
            status = front_door_pb2_grpc.FrontDoorStub(channel).Status(front_door_pb2.StatusRequest())
        return sum(worker.stats.running + worker.stats.waiting for worker in status.workers)

    def raw(self, data: bytes, *, limit: float = 30.0) -> bytes:
        """What comes back on a socket until the door closes it."""
        with socket.create_connection(self.address, timeout=limit) as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65536), b""))


def until(true: Callable[[], bool], patience: float = 20.0) -> None:
    """Looks again until it is true."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def command(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "aweigh.serverless.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=280,
        env=environment,
        check=False,
    )


def make_models(directory: Path) -> dict[str, Path]:
    """The example in float32, so that every token is the oracle's; with a chat template, as a model of another name."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    plain, chat = directory / "plain", directory / "chat"
    AutoModelForCausalLM.from_pretrained(EXAMPLE, dtype=torch.float32).save_pretrained(plain)
    AutoTokenizer.from_pretrained(EXAMPLE).save_pretrained(plain)
    shutil.copytree(plain, chat)
    (chat / "chat_template.jinja").write_text(TEMPLATE)
    return {"small": plain, "org/chat": chat}


def environment_of(directory: Path) -> dict[str, str]:
    """Of everything that belongs to one door, apart from all others."""
    told = {key: value for key, value in os.environ.items() if not key.startswith("AWEIGH_")}
    (directory / "run").mkdir(parents=True, exist_ok=True)
    return {
        **told,
        "AWEIGH_HOME": str(directory / "home"),
        "AWEIGH_RUNTIME": str(directory / "run"),
        "AWEIGH_CACHE": str(directory / "cache"),
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def started(environment: dict[str, str], models: dict[str, Path], **settings: str) -> Iterator[Door]:
    """A door on a port of its own; `settings` of the environment."""
    environment = {**environment, "AWEIGH_HTTP__LISTEN": "127.0.0.1:0", **settings}
    runtime = Path(environment["AWEIGH_RUNTIME"])
    with (
        (runtime / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", "aweigh.serverless"], stdout=subprocess.PIPE, stderr=log, env=environment, text=True
        ) as process,
    ):
        assert process.stdout is not None
        word, _, engine = process.stdout.readline().strip().partition(" ")
        assert word == "ready", (runtime / "log").read_text()
        url = json.loads((runtime / "front-door.json").read_text())["http"]
        try:
            yield Door(url, engine, environment, models, process)
        finally:
            process.terminate()
            process.wait(60)
