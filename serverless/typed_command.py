"""A typer function as a command of the table: its exit code is returned, never raised."""

import sys
from collections.abc import Callable
from typing import Any

import click
import typer

from aweigh.proto.errors import AweighError, EngineUnreachable, InvalidRequest

UNREACHABLE = 3
CONFIG_INVALID = 4


def invoke(function: Callable[..., int | None], name: str, arguments: list[str]) -> int:
    """Parses `arguments` by the signature of `function` and calls it. Typed errors become one line and an exit code."""
    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(function)
    command: Any = typer.main.get_command(application)
    try:
        return int(command.main(arguments, prog_name=f"aweigh {name}", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return 130
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return (
            UNREACHABLE
            if isinstance(error, EngineUnreachable)
            else CONFIG_INVALID
            if isinstance(error, InvalidRequest)
            else 1
        )
