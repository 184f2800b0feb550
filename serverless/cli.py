"""The command `aweigh`: one table of lazily loaded names. Each command lives in the room that does the work.

A command is a function from its arguments to an exit code and is imported only when it is called, so that `aweigh run` loads
nothing that it does not need. Exit codes: 0; 1 failure; 2 usage; 3 engine unreachable; 4 configuration invalid; 130 SIGINT;
143 SIGTERM. `aweigh run` gives the script's own code.
"""

import difflib
import importlib
import sys
from collections.abc import Callable

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("aweigh.compiler.offload.command:run", "run a Python script whose model is somewhere else"),
    "up": ("aweigh.serverless.up:main", "start a front door and its workers on this machine"),
    "status": ("aweigh.serverless.status:main", "show workers and models"),
    "down": ("aweigh.serverless.down:main", "stop what `up` started"),
    "key": ("aweigh.serverless.key_command:main", "say who may use the HTTP door: create, revoke, ls, rm"),
    "publish": ("aweigh.memory.store.command:publish_main", "store the weights of a model as pages"),
    "store": (
        "aweigh.memory.tiers.command:store_main",
        "look after stored weights: ls, verify, rm, gc, export, push, pull",
    ),
    "trace": ("aweigh.memory.trace.command:main", "record who uses which weights, or show what was recorded"),
    "memory": ("aweigh.serverless.memory:main", "show who has how much of the workers' memory"),
    "doctor": ("aweigh.serverless.doctor:main", "say what is missing here"),
    "tune": ("aweigh.memory.tuner.command:main", "search for a better policy.toml from a trace of requests"),
    "hook": ("aweigh.compiler.offload.startup_file:main", "install the hooks for servers, IDEs and python -I"),
    "compile": ("aweigh.compiler.command:main", "show what a model compiles to"),
}
USAGE = 2


def main(arguments: list[str] | None = None) -> int:
    """Runs one command. Returns its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    name = given[0] if given else "--help"
    if name in ("-h", "--help", "help"):
        print(_help())
        return 0 if given else USAGE
    if name in ("-V", "--version"):
        from importlib.metadata import version

        print("aweigh", version("aweigh"))
        return 0
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        hint = f"did you mean 'aweigh {near[0]}'?" if near else "see 'aweigh --help'"
        print(f"aweigh: there is no command {name!r}: {hint}", file=sys.stderr)
        return USAGE
    module, _, function = COMMANDS[name][0].partition(":")
    command: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
    try:
        return command(given[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _help() -> str:
    width = max(map(len, COMMANDS))
    rows = (f"  {name:{width}}  {text}" for name, (_, text) in COMMANDS.items())
    return "\n".join(("usage: aweigh COMMAND ...", "", *rows, "", "'aweigh COMMAND --help' says more about one."))


if __name__ == "__main__":
    sys.exit(main())
