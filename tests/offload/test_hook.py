"""`aweigh hook`: a startup file in the site-packages of an environment of its own, never of the one that runs the tests."""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.offload.conftest import environment

import aweigh
from aweigh.compiler.offload import interpreter, startup_file

ACTIVE = "import sys; print('aweigh.compiler.offload.hooks' in sys.modules)"
HOOK = ("-m", "aweigh.serverless.cli", "hook")


class Environment:
    """A virtual environment that finds what the tests' own one holds."""

    def __init__(self, root: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
        self.python = root / "bin" / "python"
        (self.site,) = root.glob("lib/python*/site-packages")
        source = Path(aweigh.__file__).parents[1]
        (self.site / "_parents.pth").write_text(f"{source}\n{sysconfig.get_path('purelib')}\n")
        self.runtime = root / "runtime"

    def run(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        variables = environment(AWEIGH_RUNTIME=str(self.runtime), **more)
        variables.pop("PYTHONPATH", None)
        command = [str(self.python), *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, env=variables)

    def files(self) -> set[str]:
        return {path.name for path in self.site.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("environment"))


@pytest.fixture
def bare(made: Environment) -> Iterator[Environment]:
    """The environment without the file, before and after."""
    yield made
    made.run(*HOOK, "remove")
    assert "aweigh-hook.pth" not in made.files()


def test_install_says_where_is_idempotent_and_remove_leaves_nothing(bare: Environment) -> None:
    before = bare.files()
    first, second = bare.run(*HOOK, "install"), bare.run(*HOOK, "install")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    file = bare.site / "aweigh-hook.pth"
    assert first.stdout.startswith(f"installed: {file}\n")
    assert second.stdout == f"already installed: {file}\n"
    assert bare.files() - before == {"aweigh-hook.pth"}
    assert bare.run(*HOOK, "remove").stdout == f"removed: {file}\n"
    assert bare.files() == before
    assert bare.run(*HOOK, "remove").stdout == f"not installed: there is no {file}\n"


@pytest.mark.parametrize("options", [(), ("-I",), ("-E",), ("-Iu",)])
def test_with_the_file_every_interpreter_has_the_hooks_while_aweigh_is_1(
    bare: Environment, options: tuple[str, ...]
) -> None:
    assert bare.run(*options, "-c", ACTIVE, AWEIGH="1").stdout == "False\n"
    bare.run(*HOOK, "install")
    assert bare.run(*options, "-c", ACTIVE, AWEIGH="1").stdout == "True\n"
    assert bare.run(*options, "-c", ACTIVE, AWEIGH="0").stdout == "False\n"
    assert bare.run(*options, "-c", ACTIVE).stdout == "False\n"


def test_an_inactive_file_loads_nothing(bare: Environment) -> None:
    code = "import sys; print(sorted(sys.modules))"
    before = bare.run("-I", "-c", code).stdout
    bare.run(*HOOK, "install")
    assert bare.run("-I", "-c", code).stdout == before


@pytest.mark.slow
def test_an_isolated_script_is_offloaded(bare: Environment, checkpoints: tuple[Path, Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, torch\n"
        "from transformers import AutoModelForCausalLM\n"
        "model = AutoModelForCausalLM.from_pretrained(sys.argv[1])\n"
        "print(model.generate(torch.tensor([[1, 2, 3]]), max_new_tokens=5, do_sample=False).tolist())\n"
    )
    bare.run(*HOOK, "install")
    plain = bare.run("-I", str(script), str(checkpoints[0]))
    report = tmp_path / "report.json"
    ours = bare.run("-I", str(script), str(checkpoints[0]), AWEIGH="1", AWEIGH_REPORT=str(report))
    assert (ours.returncode, ours.stdout) == (0, plain.stdout), ours.stderr
    (model,) = json.loads(report.read_text())["models"]
    assert model["calls"] == {"generate": 1, "step": 0, "module": 0, "local": 0}
    assert "1/1 calls offloaded" in ours.stderr


def test_aweigh_run_says_what_needs_the_file(bare: Environment) -> None:
    run = ("-m", "aweigh.compiler.offload")
    for option in ("-I", "-E", "-uE"):
        done = bare.run(*run, option, "-c", ACTIVE)
        assert done.returncode == 2
        assert "run `aweigh hook install` once" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    named = bare.run(*run, "--", str(bare.python), "-I", "-c", ACTIVE)
    assert named.returncode == 2
    bare.run(*HOOK, "install")
    for option in ("-I", "-E", "-uE"):
        assert bare.run(*run, option, "-c", ACTIVE).stdout == "True\n"
    for options in (("-S",), ("-IS",), ("-u", "-S")):
        done = bare.run(*run, *options, "-c", ACTIVE)
        assert (done.returncode, done.stdout) == (2, "")
        assert "leave out -S" in done.stderr
    assert bare.run(*run, "-S", "-c", "print(1)", AWEIGH="0").stdout == "1\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["-u", "-c", "import sys; print(sys.argv, sys.stdout.write_through)"], 0),
        (["-X", "utf8=0", "-Wignore", "-c", "import sys; print(sys._xoptions, sys.warnoptions)"], 0),
        (["-Bc", "import sys; print(sys.dont_write_bytecode, sys.argv)", "-u"], 0),
        (["-OO", "-c", "assert False; print(__debug__)"], 0),
        (["-Qx", "-c", "pass"], 2),
    ],
)
def test_pythons_own_options_are_pythons(bare: Environment, arguments: list[str], code: int) -> None:
    plain, ours = bare.run(*arguments), bare.run("-m", "aweigh.compiler.offload", *arguments)
    assert (ours.returncode, ours.stdout) == (plain.returncode, plain.stdout), ours.stderr
    assert ours.returncode == code


def test_the_options_of_a_command_end_at_its_program() -> None:
    assert interpreter.flags(("-u", "-X", "dev", "script.py", "-I")) == {"u"}
    assert interpreter.flags(("-Im", "package", "-S")) == {"I"}
    assert interpreter.flags(("-W", "-I", "-")) == frozenset()
    assert interpreter.flags(("-W",)) == frozenset()


def test_doctor_says_whether_it_is_installed(bare: Environment) -> None:
    def line() -> str:
        lines = bare.run("-m", "aweigh.serverless.cli", "doctor").stdout.splitlines()
        return next(line for line in lines if "startup hook" in line)

    assert "startup hook: not installed" in line()
    bare.run(*HOOK, "install")
    assert f"startup hook: installed in {bare.site}" in line()


def test_a_place_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(startup_file, "path", lambda: Path("/proc/aweigh-hook.pth"))
    assert startup_file.main(["install"]) == 1
    said = capsys.readouterr()
    assert "cannot write /proc/aweigh-hook.pth" in said.err
    assert "virtual environment" in said.err
    assert not os.path.exists("/proc/aweigh-hook.pth")


@pytest.mark.parametrize("arguments", [[], ["instal"], ["install", "remove"]])
def test_a_command_line_without_sense_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert startup_file.main(arguments) == 2
    assert "usage: aweigh hook" in capsys.readouterr().err
