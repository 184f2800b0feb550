"""`aweigh up [cluster.toml]`: a front door and its workers, in the background unless --foreground."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aweigh.proto.rendezvous import find, runtime_directory
from aweigh.serverless.config import ClusterConfig, load
from aweigh.serverless.typed_command import invoke


def main(arguments: list[str]) -> int:
    return invoke(up, "up", arguments)


def up(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CLUSTER.TOML]", help="configuration; none: one CPU worker")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="check the configuration and start nothing")] = False,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="print the configuration, commented, as TOML")
    ] = False,
    foreground: Annotated[bool, typer.Option("--foreground", help="stay attached, log to this terminal")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="print the address and nothing else")] = False,
) -> int:
    """Start a front door and its workers on this machine."""
    settings = load(config)
    if print_config:
        print(commented(settings))
        return 0
    if check:
        print("the configuration is valid")
        return 0
    if found := find():
        print(
            f"aweigh: already up at {found.address} (process {found.process}): stop it with `aweigh down`",
            file=sys.stderr,
        )
        return 1
    command = [sys.executable, "-m", "aweigh.serverless", *(["--config", str(config.resolve())] if config else [])]
    if foreground:
        os.execv(sys.executable, command)
    log = runtime_directory() / "front-door.log"
    console = Console(stderr=True, quiet=quiet)
    with log.open("wb") as sink, console.status(f"starting {settings.workers.count} worker(s)"):
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=sink, start_new_session=True
        )
        assert process.stdout is not None
        line = process.stdout.readline().decode().strip()
        process.stdout.close()
    word, _, address = line.partition(" ")
    if word != "ready":
        code = process.wait()
        tail = log.read_text(errors="replace").strip().splitlines()[-5:]
        print(
            "\n".join([f"aweigh: the front door did not start (exit code {code}); the end of {log}:", *tail]),
            file=sys.stderr,
        )
        return code or 1
    if quiet:
        print(address)
        return 0
    print(f"up at {address} (process {process.pid}, log {log})")
    print(f"  run:    aweigh run script.py      (or AWEIGH_ENGINE={address} aweigh run script.py)")
    if (found := find()) is not None:
        print(f"  http:   curl {found.http}/v1/models" if found.http else f"  http:   none: {found.no_http}")
    print("  look:   aweigh status")
    print("  stop:   aweigh down")
    return 0


def commented(settings: ClusterConfig) -> str:
    """All keys as TOML, each with what it means above it."""
    rows: list[str] = []
    for section in type(settings).model_fields:
        values = getattr(settings, section)
        rows += ["", f"[{section}]  # {(type(values).__doc__ or '').splitlines()[0]}"]
        for key, field in type(values).model_fields.items():
            rows += [f"# {field.description}", f"{key} = {json.dumps(getattr(values, key))}"]
    return "\n".join(rows).lstrip()
