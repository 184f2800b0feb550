"""`aweigh doctor`: what is here, what is missing and what to do about it. Paste-ready, without secrets.

A finding is good, or missing (something will fail: exit code 1), or a note (something works less well, or is not needed now).
"""

import importlib.metadata
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from aweigh.proto.errors import AweighError
from aweigh.proto.rendezvous import announced, find, runtime_directory, socket_parent
from aweigh.serverless import client
from aweigh.serverless.typed_command import invoke

SHOWN = (
    "AWEIGH_ENGINE", "AWEIGH_HOME", "AWEIGH_RUNTIME", "AWEIGH_CACHE", "AWEIGH_CACHE_BYTES", "AWEIGH_CACHE_DAYS", "HF_HOME",
    "HF_HUB_OFFLINE", "CUDA_VISIBLE_DEVICES",
)  # fmt: skip
NEEDED = ("torch", "transformers", "torch-mlir", "safetensors", "tokenizers", "numpy")
OPTIONAL = {"triton": "pip install 'aweigh[gpu]'", "accelerate": "pip install accelerate"}
LEAST_DISK = 200_000_000  # bytes: compiled models are megabytes, logs are small
LEAST_SHARED = 64_000_000  # bytes: what a container gets unless it asks for more
_BINDINGS = "from torch_mlir import ir; ir.Context()"
_PATIENCE = 60.0  # seconds for the bindings to load from a cold disk
_PINNED = re.compile(r"^([A-Za-z0-9-]+)((?:[<>=]=?|!=)[^;]*); extra == .(cpu|gpu).")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `fix` is what to do when it is not `good`; what is not `needed` is a note."""

    what: str
    value: str
    good: bool = True
    fix: str = ""
    needed: bool = True


def main(arguments: list[str]) -> int:
    return invoke(doctor, "doctor", arguments)


def doctor() -> int:
    """Say what is here and what is missing."""
    console = Console(highlight=False, soft_wrap=True)
    missing = 0
    for finding in findings():
        mark = "[green]ok[/]     " if finding.good else "[red]missing[/]" if finding.needed else "[yellow]note[/]   "
        console.print(mark, end=" ")
        fix = f"  -> {finding.fix}" if not finding.good else ""
        console.print(f"{finding.what}: {finding.value}{fix}", markup=False)
        missing += finding.needed and not finding.good
    return 1 if missing else 0


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order of a report."""
    yield Finding("aweigh", importlib.metadata.version("aweigh"))
    version = platform.python_version()
    yield Finding("python", f"{version} ({sys.executable})", sys.version_info >= (3, 11), "use Python 3.11 or newer")
    yield Finding("system", f"{platform.platform()}, {len(os.sched_getaffinity(0))} cores")
    for package in NEEDED:
        yield package_finding(package)
    if _version("torch-mlir") is not None:
        yield bindings()
    for package, fix in OPTIONAL.items():
        found = _version(package)
        yield Finding(package, found or "not installed", found is not None, fix, needed=False)
    yield Finding("accelerator", "NVIDIA driver found" if shutil.which("nvidia-smi") else "none: the CPU computes")
    yield from access_sources()
    yield hook()
    yield from directories()
    yield engine()
    for name in SHOWN:
        if name in os.environ:
            yield Finding(name, os.environ[name])


def package_finding(package: str) -> Finding:
    """A package that scripts or the compiler need, in a version that is known to fit."""
    found, wanted = _version(package), requirements(package)
    fix = f"pip install '{package}{wanted[0]}'" if wanted else "pip install 'aweigh[cpu]'"
    if found is None:
        return Finding(package, "not installed", False, fix)
    if wanted and not any(fits(found, versions) for versions in wanted):
        return Finding(package, f"{found}, where {' or '.join(wanted)} is needed", False, fix)
    return Finding(package, found)


def requirements(package: str) -> list[str]:
    """The versions that our own metadata ask for, as `==1.2` or `>=5,<6`: on a CPU, then on a GPU. Empty where they say nothing."""
    found = {}
    for line in importlib.metadata.requires("aweigh") or ():
        named = _PINNED.match(line)
        if named and named.group(1) == package:
            found[named.group(3)] = named.group(2).strip()
    return list(dict.fromkeys(found[extra] for extra in sorted(found)))


def fits(found: str, wanted: str) -> bool:
    """Whether a version satisfies all of `wanted`, by its numbers: a local label ("+cpu") says nothing."""
    numbers = _numbers(found)
    for part in filter(None, wanted.split(",")):
        sign, text = re.match(r"([<>=!]+)(.*)", part.strip()).groups()  # type: ignore[union-attr]
        bound = _numbers(text)
        size = max(len(bound), len(numbers))
        a, b = (item + (0,) * (size - len(item)) for item in (numbers, bound))
        if not {"==": a == b, ">=": a >= b, "<": a < b, "<=": a <= b, ">": a > b, "!=": a != b}[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0]))


def bindings() -> Finding:
    """MLIR's bindings, loaded as the compiler loads them, in a process of their own: a library that does not load may take it along."""
    command = [sys.executable, "-c", _BINDINGS]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1] if done.returncode else ""
    except subprocess.TimeoutExpired:
        reason = f"not loaded after {_PATIENCE:.0f} s"
    fix = f"pip install --force-reinstall 'torch-mlir{''.join(requirements('torch-mlir')[:1])}'"
    return Finding("MLIR bindings", reason[:200] or "load", not reason, fix)


def access_sources() -> Iterator[Finding]:
    """Which sources of access records `aweigh trace record` can use here, and why not the others: asked in a process of their own."""
    command = [sys.executable, "-m", "aweigh.memory.statistics"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        yield Finding("access records", reason[:200], False, "aweigh trace record cannot work", needed=False)
        return
    found = {told["source"]: told for told in map(json.loads, done.stdout.splitlines())}
    working = [name for name, told in found.items() if told["why_not"] is None]
    yield Finding("access records", f"{', '.join(working)} work here")
    for name, told in found.items():
        if told["why_not"] is not None:
            yield Finding(f"access records by {name}", told["why_not"], False, "take one of the others", needed=False)


def hook() -> Finding:
    """Whether an interpreter that `aweigh run` did not start gets the hooks, which one is asked. Either is well."""
    command = [sys.executable, "-I", "-c", "import sys; print('aweigh.compiler.offload' in sys.modules)"]
    variables = {key: value for key, value in os.environ.items() if not key.startswith("AWEIGH")} | {"AWEIGH": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=variables)
    if done.stdout.strip() == "True":
        return Finding("startup hook", f"installed in {sysconfig.get_path('purelib')}, active while AWEIGH=1")
    if done.stderr:
        return Finding("startup hook", done.stderr.strip().splitlines()[-1][:200], False, "aweigh hook install")
    return Finding("startup hook", "not installed (`aweigh hook install`: for servers, IDEs and python -I)")


def directories() -> Iterator[Finding]:
    """Where sockets, logs and compiled models go, and what others left there."""
    try:
        runtime = runtime_directory()
    except OSError as error:
        yield Finding("runtime directory", str(error), False, "set AWEIGH_RUNTIME to a directory of yours")
        return
    yield _space("runtime directory", runtime, "free some space, or set AWEIGH_RUNTIME to another directory")
    cache = Path(
        os.environ.get("AWEIGH_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aweigh"
    )
    # Path.exists raises where a parent is closed
    existing = next(path for path in (cache, *cache.parents) if os.path.exists(path))
    if not os.access(existing, os.W_OK | os.X_OK) or not existing.is_dir():
        fix = "set AWEIGH_CACHE to a directory of yours; until then every process compiles anew"
        yield Finding("cache", f"{cache} cannot be written", False, fix, needed=False)
    else:
        yield _space("cache", existing, "free some space, or set AWEIGH_CACHE to another directory", shown=cache)
    shared = Path("/dev/shm")
    if shared.is_dir():
        small = shutil.disk_usage(shared).total < LEAST_SHARED
        size = f"{shutil.disk_usage(shared).total / 1e6:.0f} MB"
        fix = "scripts that load data in several processes need more: docker run --shm-size=1g"
        yield Finding("shared memory", size, not small, fix, needed=False)
    yield from _left(runtime)


def _space(what: str, directory: Path, fix: str, shown: Path | None = None) -> Finding:
    free = shutil.disk_usage(directory).free
    size = f"{free / 1e9:.0f} GB" if free >= 1e10 else f"{free / 1e6:.0f} MB"
    return Finding(what, f"{shown or directory}, {size} free", free >= LEAST_DISK, fix)


def _left(runtime: Path) -> Iterator[Finding]:
    left = announced()
    if left is not None and find() is None:
        what = f"process {left.process} at {left.address} is gone and left its announcement"
        yield Finding("stale front door", what, False, "aweigh down removes it", needed=False)
    dead = [path for path in sorted(socket_parent().glob("front-door-*/front-door.sock")) if not _answers(path)]
    if dead:
        directories = " ".join(str(path.parent) for path in dead[:3])
        fix = f"rm -r {directories}"
        yield Finding("stale sockets", f"{len(dead)}, behind which nobody listens", False, fix, needed=False)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def engine() -> Finding:
    """The front door that a script would use now. One that was named or announced has to answer; none at all is no fault."""
    given = os.environ.get("AWEIGH_ENGINE")
    expected = bool(given) or find() is not None
    try:
        address = client.address_of(given)
        answer = client.status(address)
    except AweighError as error:
        hint = (
            "`aweigh run` starts one by itself, `aweigh up` keeps one"
            if not expected
            else "aweigh down --force; aweigh up"
        )
        return Finding(
            "engine", str(error), False, "unset AWEIGH_ENGINE, or aweigh up" if given else hint, needed=expected
        )
    ready = sum(worker.state == "ready" for worker in answer.workers)
    text = f"{address}, version {answer.version}, {ready}/{len(answer.workers)} workers ready"
    own = importlib.metadata.version("aweigh")
    if answer.version != own:
        return Finding("engine", f"{text}, where this is {own}", False, "aweigh down; aweigh up")
    if not ready:
        return Finding("engine", text, False, f"look at {runtime_directory() / 'front-door.log'}")
    return Finding("engine", text)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
