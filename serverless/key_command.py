"""`aweigh key`: who may use the HTTP door."""

import json
import sys
import time
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from aweigh.proto.errors import AweighError, InvalidRequest
from aweigh.serverless.keys import Key, KeyFile

_USAGE = 2


def main(arguments: list[str]) -> int:
    """Runs the command. Returns its exit code."""
    application = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        help="Say who may use the HTTP door.",
    )
    application.command("create")(create)
    application.command("revoke")(revoke)
    application.command("ls")(listing)
    application.command("rm")(remove)
    try:
        application(arguments, prog_name="aweigh key")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return _USAGE if isinstance(error, InvalidRequest) else 1
    return 0


def create(name: Annotated[str, typer.Argument(help="whose it is")] = "default") -> None:
    """Make a key and print it, this once; from now on nobody is let in without one."""
    key, secret = KeyFile().create(name)
    print(f"key {key.id} for {key.name}; it is not shown again:", file=sys.stderr)
    print(secret)


def revoke(key: Annotated[str, typer.Argument(help="the id of a key, or a name: then all keys of it")]) -> None:
    """Make keys invalid, in a running door too, within seconds."""
    found = KeyFile().revoke(key)
    if not found:
        raise InvalidRequest(f"there is no valid key {key!r}: `aweigh key ls` shows them")
    print(f"revoked {', '.join(entry.id for entry in found)}")


def listing(as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False) -> None:
    """Show keys; the keys themselves are not known."""
    keys = KeyFile().all()
    if as_json:
        print(json.dumps([_entry(key) for key in keys]))
        return
    table = Table("id", "name", "created", "revoked", box=box.SIMPLE_HEAD)
    for key in keys:
        table.add_row(key.id, key.name, _day(key.created), _day(key.revoked) if key.revoked else "")
    Console().print(table)


def remove(
    every: Annotated[bool, typer.Option("--all", help="all of them: the door is open on loopback again")] = False,
) -> None:
    """Forget keys."""
    if not every:
        raise InvalidRequest("say --all: single keys are revoked, not forgotten")
    KeyFile().remove_all()
    print("no keys")


def _entry(key: Key) -> dict[str, object]:
    return {"id": key.id, "name": key.name, "created": key.created, "revoked": key.revoked}


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
