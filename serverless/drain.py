"""`aweigh drain WORKER`: it takes nothing new, ends what runs, and stays away until `--undo`."""

import time
from typing import Annotated

import typer
from rich.console import Console

from aweigh.proto.v1 import front_door_pb2
from aweigh.serverless import client
from aweigh.serverless.supervision import WorkerState
from aweigh.serverless.typed_command import invoke

LOOK_SECONDS = 0.2


def main(arguments: list[str]) -> int:
    return invoke(drain, "drain", arguments)


def drain(
    worker: Annotated[str, typer.Argument(help="its name in `aweigh status`")],
    undo: Annotated[bool, typer.Option("--undo", help="start it again")] = False,
    wait: Annotated[bool, typer.Option(help="until it is gone, or serves again")] = True,
    engine: Annotated[
        str | None, typer.Option(envvar="AWEIGH_ENGINE", help="address; none: what `aweigh up` started")
    ] = None,
) -> int:
    """Take a worker out of service: running calls end, new ones go elsewhere."""
    address = client.address_of(engine)
    client.drain(address, worker, undo=undo)
    wanted = WorkerState.READY if undo else WorkerState.DRAINED
    state = _state(address, worker)
    with Console(stderr=True).status(f"waiting for {worker}"):
        while wait and state != wanted.value:
            time.sleep(LOOK_SECONDS)
            state = _state(address, worker)
    print(f"{worker} is {state}")
    return 0


def _state(address: str, worker: str) -> str:
    workers: list[front_door_pb2.StatusResponse.Worker] = list(client.status(address).workers)
    return next((each.state for each in workers if each.name == worker), "gone")
