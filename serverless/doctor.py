"""`aweigh doctor`: what is here, what is missing and what to do about it. Paste-ready, without secrets."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console

from aweigh.proto.errors import AweighError
from aweigh.proto.rendezvous import runtime_directory
from aweigh.serverless import client
from aweigh.serverless.typed_command import invoke

SHOWN = ("AWEIGH_ENGINE", "AWEIGH_RUNTIME", "AWEIGH_CACHE", "HF_HOME", "HF_HUB_OFFLINE", "CUDA_VISIBLE_DEVICES")
SCRIPT = {"torch": "pip install torch==2.13.0", "transformers": "pip install 'aweigh[cpu]'"}
COMPILER = {"torch-mlir": "pip install 'aweigh[cpu]'", "safetensors": "pip install safetensors"}
OPTIONAL = {"triton": "pip install 'aweigh[gpu]'", "accelerate": "pip install accelerate"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `fix` is what to do when it is not `good`."""

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
        mark = "[green]ok[/]     " if finding.good else "[red]missing[/]" if finding.needed else "[yellow]absent[/] "
        console.print(f"{mark} {finding.what}: {finding.value}" + (f"  -> {finding.fix}" if not finding.good else ""))
        missing += finding.needed and not finding.good
    return 1 if missing else 0


def findings() -> Iterator[Finding]:
    """Everything that is looked at, in the order of a report."""
    yield Finding("aweigh", importlib.metadata.version("aweigh"))
    version = platform.python_version()
    yield Finding("python", f"{version} ({sys.executable})", sys.version_info >= (3, 11), "use Python 3.11 or newer")
    yield Finding("system", f"{platform.platform()}, {len(os.sched_getaffinity(0))} cores")
    for needed, packages in ((True, SCRIPT), (True, COMPILER), (False, OPTIONAL)):
        for package, fix in packages.items():
            found = _version(package)
            yield Finding(package, found or "not installed", found is not None, fix, needed)
    yield Finding("accelerator", "NVIDIA driver found" if shutil.which("nvidia-smi") else "none: the CPU computes")
    try:
        directory = runtime_directory()
        free = shutil.disk_usage(directory).free
        yield Finding("runtime directory", f"{directory}, {free / 1e9:.0f} GB free")
    except OSError as error:
        yield Finding("runtime directory", str(error), False, "set AWEIGH_RUNTIME to a directory of yours")
    yield _engine()
    for name in SHOWN:
        if name in os.environ:
            yield Finding(name, os.environ[name])


def _engine() -> Finding:
    given = os.environ.get("AWEIGH_ENGINE")
    try:
        address = client.address_of(given)
        answer = client.status(address)
    except AweighError as error:
        hint = "`aweigh run` starts one by itself, `aweigh up` keeps one" if not given else "aweigh up"
        return Finding("engine", str(error), False, hint, needed=bool(given))
    ready = sum(worker.state == "ready" for worker in answer.workers)
    return Finding("engine", f"{address}, version {answer.version}, {ready}/{len(answer.workers)} workers ready")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
