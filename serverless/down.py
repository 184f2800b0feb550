"""`aweigh down`: the orderly end of what `aweigh up` started, or with --force the sudden one."""

import contextlib
import sys
from typing import Annotated

import psutil
import typer
from rich.console import Console

from aweigh.proto.rendezvous import find, withdraw
from aweigh.serverless.typed_command import invoke

MARGIN = 30.0  # seconds beyond what running calls get: workers that do not leave are killed in that time


def main(arguments: list[str]) -> int:
    return invoke(down, "down", arguments)


def down(force: Annotated[bool, typer.Option("--force", help="kill at once, running calls are lost")] = False) -> int:
    """Stop what `aweigh up` started."""
    found = find()
    if found is None:
        withdraw(0)  # what a front door left that was killed
        print("nothing is running here")
        return 0
    try:
        process = psutil.Process(found.process)
        if "aweigh.serverless" not in process.cmdline():
            # The front door was killed, and a stranger has its number now.
            raise psutil.NoSuchProcess(found.process)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        withdraw(found.process)
        print("nothing is running here")
        return 0
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill() if force else process.terminate()
    for member in family[1:] if force else ():
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    patience = found.drain_seconds + MARGIN
    with Console(stderr=True).status("waiting for running calls to end"):
        _, alive = psutil.wait_procs(family, patience)
    if alive:
        print(
            f"aweigh: {len(alive)} process(es) are still busy after {patience:.0f} s: use `aweigh down --force`",
            file=sys.stderr,
        )
        return 1
    withdraw(found.process)
    print("down")
    return 0
