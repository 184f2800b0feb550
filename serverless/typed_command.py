"""A typer function as a command of the table: its exit code is returned, never raised."""

import functools
import sys
from collections.abc import Callable
from typing import Any

import typer

from aweigh.proto.errors import AweighError, EngineUnreachable, InvalidRequest

UNREACHABLE = 3
CONFIG_INVALID = 4


def invoke(function: Callable[..., int | None], name: str, arguments: list[str]) -> int:
    """Parses `arguments` by the signature of `function` and calls it. Typed errors become one line and an exit code."""
    code = 0

    @functools.wraps(function)
    def call(*positional: Any, **named: Any) -> None:
        nonlocal code
        code = function(*positional, **named) or 0

    application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    application.command()(call)
    try:
        application(arguments, prog_name=f"aweigh {name}")
    except SystemExit as ended:
        return code or (ended.code if isinstance(ended.code, int) else 1)
    except AweighError as error:
        print(f"aweigh: {error}", file=sys.stderr)
        if isinstance(error, EngineUnreachable):
            return UNREACHABLE
        return CONFIG_INVALID if isinstance(error, InvalidRequest) else 1
    return code
