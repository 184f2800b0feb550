"""`aweigh status`: workers, models, memory and calls, for people or as JSON."""

from typing import Annotated

import typer
from google.protobuf.json_format import MessageToJson
from rich import box
from rich.console import Console
from rich.table import Table

from aweigh.proto.v1 import front_door_pb2
from aweigh.serverless import client
from aweigh.serverless.typed_command import invoke


def main(arguments: list[str]) -> int:
    return invoke(status, "status", arguments)


def status(
    engine: Annotated[
        str | None, typer.Option(envvar="AWEIGH_ENGINE", help="address; none: what `aweigh up` started")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Show workers and models."""
    address = client.address_of(engine)
    answer = client.status(address)
    if as_json:
        print(MessageToJson(answer, preserving_proto_field_name=True))
        return
    console = Console()
    head = f"aweigh {answer.version} at {address}, up {answer.uptime_seconds:.0f} s, {answer.leases} client(s)"
    console.print(head, soft_wrap=True)
    if answer.http:
        console.print(f"http: {answer.http}", soft_wrap=True)
    console.print(_calls(answer.calls), soft_wrap=True)
    console.print(_workers(answer))
    if any(worker.stats.models for worker in answer.workers):
        console.print(_models(answer))


def _calls(calls: front_door_pb2.StatusResponse.Calls) -> str:
    refused = sorted((reason, count) for reason, count in calls.refused.items() if count)
    told = "".join(f", {count} refused ({reason})" for reason, count in refused)
    return f"calls: {calls.running} running, {calls.waiting} waiting for their turn{told}"


def _workers(answer: front_door_pb2.StatusResponse) -> Table:
    table = Table(
        "worker",
        "state",
        "process",
        "device",
        "restarts",
        "running",
        "waiting",
        "sessions",
        "KV free",
        "tokens",
        box=box.SIMPLE_HEAD,
        padding=0,
    )
    for worker in answer.workers:
        stats = worker.stats
        blocks = f"{stats.blocks_free / stats.blocks_total:.0%}" if stats.blocks_total else "-"
        numbers = (worker.restarts, stats.running, stats.waiting, stats.sessions)
        row = (
            worker.name,
            worker.state,
            str(worker.process),
            stats.device,
            *map(str, numbers),
            blocks,
            str(stats.generated_tokens),
        )
        table.add_row(*row)
    return table


def _models(answer: front_door_pb2.StatusResponse) -> Table:
    table = Table("model", "worker", "weights", "requests", box=box.SIMPLE_HEAD, padding=0)
    for worker in answer.workers:
        for model in worker.stats.models:
            table.add_row(model.model, worker.name, f"{model.weight_bytes / 1e6:.1f} MB", str(model.requests))
    return table
