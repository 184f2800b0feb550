"""`aweigh logs [WORKER] [-f]`: what the front door and its workers have logged."""

from typing import Annotated

import typer

from aweigh.serverless import client
from aweigh.serverless.typed_command import invoke


def main(arguments: list[str]) -> int:
    return invoke(logs, "logs", arguments)


def logs(
    process: Annotated[str, typer.Argument(metavar="[WORKER]", help="a worker, or front-door; none: all")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="go on with what comes")] = False,
    engine: Annotated[
        str | None, typer.Option(envvar="AWEIGH_ENGINE", help="address; none: what `aweigh up` started")
    ] = None,
) -> None:
    """Print the last lines of the logs."""
    for line in client.logs(client.address_of(engine), process, follow=follow):
        print(line.text, flush=follow)
