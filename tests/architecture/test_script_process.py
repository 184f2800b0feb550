"""What a script pays before its first line: the hooks load neither torch nor grpc, and never an operator's room."""

import os
import subprocess
import sys

from house.tree import ROOT

FORBIDDEN = ("torch", "transformers", "numpy", "grpc", "google", "rich", "typer", "pydantic")
OTHER_SIDE = ("aweigh.engine", "aweigh.memory", "aweigh.serverless", "aweigh.kernels")


def modules(program: str, **environment: str) -> set[str]:
    """What a fresh interpreter has loaded when it runs ``program``; the hooks are on if the environment says so."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        env={**os.environ, **environment},
        cwd="/",
        check=True,
        capture_output=True,
        text=True,
    )
    return set(ran.stdout.split())


def within(loaded: set[str], packages: tuple[str, ...]) -> set[str]:
    return {
        name for name in loaded if name.startswith(tuple(f"{package}." for package in packages)) or name in packages
    }


def test_the_hooks_load_nothing_that_the_script_did_not_ask_for() -> None:
    loaded = modules("", AWEIGH="1", PYTHONPATH=str(ROOT / "src/aweigh/compiler/offload/site"))
    assert "aweigh.compiler.offload.hooks" in loaded
    assert not within(loaded, FORBIDDEN + OTHER_SIDE)


def test_without_aweigh_the_path_entry_does_nothing() -> None:
    loaded = modules("", AWEIGH="0", PYTHONPATH=str(ROOT / "src/aweigh/compiler/offload/site"))
    assert not within(loaded, ("aweigh",))


def test_the_command_starts_a_script_without_torch_or_grpc() -> None:
    loaded = modules("import aweigh.serverless.cli, aweigh.compiler.offload.command")
    assert not within(loaded, FORBIDDEN)
    assert within(loaded, OTHER_SIDE) == {"aweigh.serverless", "aweigh.serverless.cli"}


def test_import_aweigh_auto_is_the_same_hooks() -> None:
    loaded = modules("import aweigh.auto", AWEIGH="")
    assert "aweigh.compiler.offload.hooks" in loaded
    assert not within(loaded, FORBIDDEN + OTHER_SIDE)


def test_a_notebook_gets_them_as_an_extension() -> None:
    loaded = modules("import aweigh; aweigh.load_ipython_extension(object())", AWEIGH="")
    assert "aweigh.compiler.offload.hooks" in loaded


def test_all_that_a_stub_can_load_stays_on_its_side_of_the_wire() -> None:
    """Every module of the script's half, imported at once: torch and grpc are allowed by now, the other rooms are not."""
    names = [
        f"aweigh.compiler.offload.{'.'.join(path.relative_to(ROOT / 'compiler/offload').with_suffix('').parts)}"
        for path in (ROOT / "compiler/offload").rglob("*.py")
        if path.name not in ("__init__.py", "__main__.py", "sitecustomize.py")
    ]
    assert names
    loaded = modules("import " + ", ".join(names))
    assert not within(loaded, ("aweigh.engine", "aweigh.memory", "aweigh.serverless"))
