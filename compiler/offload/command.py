"""`aweigh run`: becomes the same interpreter, with our import hooks in front of the script.

By exec and not in this process: tracebacks, `__main__`, `sys.argv`, standard streams, signals and the exit code are then the
interpreter's own affair and stay as they were. The hooks travel as a PYTHONPATH entry with a `sitecustomize`, which also reaches
`subprocess` and `multiprocessing` children. ``python -E`` and ``-I`` miss them unless `aweigh hook install` was run (`interpreter.py`);
``-S`` and children with an empty environment always do.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aweigh.compiler.offload import address, interpreter, startup_file, warden
from aweigh.compiler.offload.settings import FALLBACKS, Settings
from aweigh.proto.errors import EngineUnreachable

USAGE, UNREACHABLE = 2, 3
HELP = """\
usage: aweigh run [OPTIONS] [-m MODULE | -c CODE | SCRIPT | -- COMMAND] [ARGUMENTS]

Runs a Python script as `python` does, with its models on an engine. Python's own options (-u, -X dev, -I) may stand before it.

  --engine ADDRESS   unix:PATH or HOST:PORT of a front door (or AWEIGH_ENGINE; else a running `aweigh up`; else a private one)
  --fallback MODE    what runs here because it cannot be offloaded: auto (in silence), warn (said once; the default), never (refused)
  --strict           the same as --fallback never
  --only NAME        offload only models of this class, or loaded from a path with this in it; may be repeated
  --skip NAME        the opposite
  --draft NAME=DIR   the model in DIR guesses for models loaded from a path with NAME in it what they will say; answers stay the same
  --report FILE      write the summary as JSON
  --explain          say of every call what ran where, why not on a higher rung, bytes and times
  --stats            say at the end what each model compiled to: ops before and after, launches, memory, times of passes
  --quiet            no summary line"""


class UsageError(ValueError):
    """The command line makes no sense; exit code 2."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A parsed command line: what of ours was set, and what to execute."""

    engine: str = ""
    fallback: str = ""
    quiet: bool = False
    explain: bool = False
    stats: bool = False
    report: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


def run(arguments: list[str]) -> int:
    """Does not return where all goes well: this process becomes the script. Exit code 2 for usage, 3 for an unreachable engine."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(HELP)
        return 0
    try:
        given = parse(arguments)
        environment = dict(os.environ)
        if environment.get("AWEIGH") != "0":
            if why := _obstacle(given.command):
                print(f"aweigh run: {why}", file=sys.stderr)
                return USAGE
            environment |= _environment(given)
    except UsageError as error:
        print(f"aweigh run: {error}\n\n{HELP}", file=sys.stderr)
        return USAGE
    except EngineUnreachable as error:
        print(f"aweigh: {error}", file=sys.stderr)
        return UNREACHABLE
    try:
        os.execvpe(given.command[0], given.command, environment)
    except OSError as error:
        print(f"aweigh run: cannot execute {given.command[0]}: {error.strerror}", file=sys.stderr)
        return 127 if isinstance(error, FileNotFoundError) else 126


def parse(arguments: list[str]) -> Invocation:
    """Our options end where the interpreter's begin: at -m, -c, --, - or the script. Raises UsageError."""
    values: dict[str, str] = {}
    names: dict[str, list[str]] = {"only": [], "skip": [], "draft": []}
    quiet, explain, stats, rest = False, False, False, iter(arguments)
    command: tuple[str, ...] = ()
    options: list[str] = [sys.executable]
    for word in rest:
        option, equals, value = word.partition("=")
        match option:
            case "--quiet":
                quiet = True
            case "--explain":
                explain = True
            case "--stats":
                stats = True
            case "--strict":
                values["fallback"] = "never"
            case "--engine" | "--fallback" | "--report" | "--only" | "--skip" | "--draft":
                text = value if equals else _next(rest, option)
                name = option.removeprefix("--")
                if name in names:
                    names[name].append(text)
                else:
                    values[name] = text
            case "--":
                command = tuple(rest)
                break
            case _ if word.startswith("-") and word != "-":
                read = _interpreters(word, rest)
                options += read.words
                if read.program:
                    command = (*options, *rest)
                    break
            case _:
                command = (*options, word, *rest)
                break
    if not command:
        raise UsageError("name a script, -m MODULE or -c CODE")
    if values.get("fallback", "warn") not in FALLBACKS:
        raise UsageError(f"--fallback takes one of {', '.join(FALLBACKS)}")
    only, skip, draft = (tuple(found) for found in names.values())
    if not all(all(entry.partition("=")) for entry in draft):
        raise UsageError("--draft takes NAME=DIRECTORY")
    return Invocation(
        **values, quiet=quiet, explain=explain, stats=stats, only=only, skip=skip, draft=draft, command=command
    )


def _next(rest: Iterator[str], option: str) -> str:
    for word in rest:
        return word
    raise UsageError(f"{option} needs a value")


def _interpreters(word: str, rest: Iterator[str]) -> interpreter.Options:
    try:
        read = None if word.startswith("--") else interpreter.options(word, rest)
    except StopIteration:
        raise UsageError(f"{word} needs a value") from None
    if read is None:
        raise UsageError(f"there is no option {word.partition('=')[0]}")
    return read


def _obstacle(command: tuple[str, ...]) -> str | None:
    """Why this interpreter would start without the hooks, in a sentence. Any other is that user's own affair."""
    if shutil.which(command[0]) != sys.executable:
        return None
    flags = interpreter.flags(command[1:])
    return interpreter.obstacle(flags, startup_file=startup_file.installed())


def _environment(given: Invocation) -> dict[str, str]:
    variables = os.environ
    chosen = address.choose(given.engine, variables.get("AWEIGH_ENGINE", ""))
    strict = variables.get("AWEIGH_STRICT", "") not in ("", "0")
    settings = Settings(
        active=True,
        address=chosen.address,
        warden="" if chosen.address else warden.post(os.getpid()),
        fallback=given.fallback or ("never" if strict else variables.get("AWEIGH_FALLBACK", "warn")),
        quiet=given.quiet or variables.get("AWEIGH_QUIET", "") not in ("", "0"),
        report=os.path.abspath(given.report) if given.report else variables.get("AWEIGH_REPORT", ""),
        explain=given.explain or variables.get("AWEIGH_EXPLAIN", "") not in ("", "0"),
        stats=given.stats or variables.get("AWEIGH_STATS", "") not in ("", "0"),
        only=given.only or tuple(name for name in variables.get("AWEIGH_ONLY", "").split(",") if name),
        skip=given.skip or tuple(name for name in variables.get("AWEIGH_SKIP", "").split(",") if name),
        draft=given.draft or tuple(name for name in variables.get("AWEIGH_DRAFT", "").split(",") if name),
        root=os.getpid(),
    )
    hooks = str(Path(__file__).resolve().parent / "site")
    path = [hooks, *(entry for entry in variables.get("PYTHONPATH", "").split(os.pathsep) if entry not in ("", hooks))]
    return settings.environment() | {"PYTHONPATH": os.pathsep.join(path)}
