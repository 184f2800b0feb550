"""`aweigh run` is the interpreter: exit codes, standard streams, arguments, signals, children, tracebacks."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.offload.conftest import environment

RUN = [sys.executable, "-m", "aweigh.compiler.offload"]


@pytest.fixture
def private(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment in which nobody has said `aweigh up`, and which leaves nothing behind."""
    runtime = tmp_path / "runtime"
    yield environment(AWEIGH_RUNTIME=str(runtime))
    assert not list(runtime.glob("front-door-*"))


def _both(arguments: list[str], env: dict[str, str], **options: object) -> tuple[object, object]:
    results = []
    for command in ([sys.executable, *arguments], [*RUN, *arguments]):
        done = subprocess.run(command, check=False, capture_output=True, env=env, timeout=60, **options)  # type: ignore[call-overload]
        results.append((done.returncode, done.stdout, done.stderr))
    return results[0], results[1]


SCRIPTS = {
    "arguments": "import sys; print(sys.argv, __name__, __file__)",
    "code": "import sys; sys.exit(7)",
    "message": "import sys; sys.exit('a message')",
    "traceback": "def inner():\n    raise ValueError('no')\ninner()",
    "streams": "import sys; print(sys.stdin.read().upper()); print('err', file=sys.stderr)",
    "imports": "import neighbour; print(neighbour.VALUE)",
    "path": "import sys; print([entry for entry in sys.path if 'offload' in entry], sys.executable, sys.flags.isolated)",
    "own": "import os; os.kill(os.getpid(), 9)",
    "exit": "import atexit, os; atexit.register(print, 'atexit'); print('x')",
    "children": "import os\ntry:\n    os.wait()\nexcept ChildProcessError:\n    print('childless')",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_without_models_cannot_tell(name: str, tmp_path: Path, private: dict[str, str]) -> None:
    (tmp_path / "neighbour.py").write_text("VALUE = 42")
    script = tmp_path / "script.py"
    script.write_text(SCRIPTS[name])
    plain, ours = _both([str(script), "--flag", "-m", "a b", "--"], private, input=b"text", cwd="/")
    assert plain == ours


def test_modules_code_and_standard_input(tmp_path: Path, private: dict[str, str]) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__main__.py").write_text("import sys; print(sys.argv[1:], __name__, __package__)")
    for arguments in (["-m", "package", "-x", "1"], ["-c", "import sys; print(sys.argv)", "a"], ["-", "b"]):
        plain, ours = _both(arguments, private, input=b"import sys; print(sys.argv)", cwd=tmp_path)
        assert plain == ours


def test_a_signal_reaches_the_script_and_nothing_else_answers(tmp_path: Path, private: dict[str, str]) -> None:
    code = "import sys, time\ntry:\n    print('up', flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    sys.exit(5)"
    for sent, expected in ((signal.SIGINT, 5), (signal.SIGTERM, -signal.SIGTERM)):
        process = subprocess.Popen([*RUN, "-c", code], stdout=subprocess.PIPE, env=private)
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(sent)
        assert process.wait(20) == expected


CHILDREN = """
import multiprocessing, os, subprocess, sys

def active(queue):
    import wrapt, sys
    queue.put(any('wrapt' in type(finder).__module__ for finder in sys.meta_path))

if __name__ == "__main__":
    code = "import sys; print(any('wrapt' in type(finder).__module__ for finder in sys.meta_path))"
    print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip())
    for method in ("spawn", "fork"):
        context = multiprocessing.get_context(method)
        queue = context.Queue()
        process = context.Process(target=active, args=(queue,))
        process.start()
        print(queue.get())
        process.join()
"""


def test_the_hooks_reach_every_kind_of_child(tmp_path: Path, private: dict[str, str]) -> None:
    script = tmp_path / "children.py"
    script.write_text(CHILDREN)
    done = subprocess.run([*RUN, script], capture_output=True, text=True, env=private, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True", "True"]


def test_the_users_own_sitecustomize_runs_too(tmp_path: Path, private: dict[str, str]) -> None:
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.MINE = __file__")
    done = subprocess.run(
        [*RUN, "-c", "import sitecustomize; print(MINE, sitecustomize.__file__)"],
        capture_output=True, text=True, env=private | {"PYTHONPATH": str(tmp_path)}, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(tmp_path / "sitecustomize.py")] * 2


def test_a_plain_script_imports_nothing_heavy(private: dict[str, str]) -> None:
    code = "import sys; print([name for name in ('torch', 'grpc', 'transformers', 'numpy') if name in sys.modules])"
    done = subprocess.run([*RUN, "-c", code], capture_output=True, text=True, env=private, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_an_unreachable_engine_ends_the_run_before_the_script_begins(tmp_path: Path, private: dict[str, str]) -> None:
    marker = tmp_path / "ran"
    code = f"open({str(marker)!r}, 'w')"
    for options, extra in (
        (["--engine", "unix:/nowhere/engine.sock"], {}),
        (["--engine", "127.0.0.1:1"], {}),
        ([], {"AWEIGH_ENGINE": "127.0.0.1:1"}),
        (["--engine", "nonsense"], {}),
    ):
        done = subprocess.run(
            [*RUN, *options, "-c", code], check=False, capture_output=True, text=True, env=private | extra, timeout=60
        )
        assert done.returncode == 3
        assert "no engine at" in done.stderr
        assert ("--engine" if options else "AWEIGH_ENGINE") in done.stderr
        for step in ("aweigh up", "AWEIGH=0", "aweigh doctor"):
            assert step in done.stderr
        assert "Traceback" not in done.stderr
        assert not marker.exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--nonsense", "x.py"], ["--fallback", "maybe", "x.py"], ["-m"], ["--engine"]]
)
def test_a_command_line_without_sense_is_exit_code_2(arguments: list[str], private: dict[str, str]) -> None:
    done = subprocess.run([*RUN, *arguments], check=False, capture_output=True, text=True, env=private, timeout=60)
    assert done.returncode == 2
    assert "usage: aweigh run" in done.stderr


def test_aweigh_0_is_plain_python(private: dict[str, str]) -> None:
    code = "import sys; print(any('wrapt' in type(finder).__module__ for finder in sys.meta_path))"
    for address in ("", "127.0.0.1:1"):
        done = subprocess.run(
            [*RUN, "-c", code], check=True, capture_output=True, text=True, timeout=60,
            env=private | {"AWEIGH": "0", "AWEIGH_ENGINE": address},
        )  # fmt: skip
        assert done.stdout == "False\n"


def test_a_report_is_written_although_no_model_was_loaded(tmp_path: Path, private: dict[str, str]) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [*RUN, "--report", report, "-c", "pass"], check=True, capture_output=True, text=True, env=private, timeout=60
    )
    assert done.stderr == ""
    assert json.loads(report.read_text())["models"] == []


def test_the_warden_goes_with_the_script(tmp_path: Path, private: dict[str, str]) -> None:
    code = textwrap.dedent("""
        import os, socket
        path = os.environ["AWEIGH_WARDEN"]
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        print(path, flush=True)
    """)
    broken = private | {"PYTHONPATH": str(tmp_path)}
    (tmp_path / "sitecustomize.py").write_text("")
    done = subprocess.run([*RUN, "-c", code], check=True, capture_output=True, text=True, env=broken, timeout=60)
    directory = Path(done.stdout.strip()).parent
    descriptor = os.open(directory.parent, os.O_RDONLY)
    try:
        for _ in range(1000):
            if not directory.exists():
                break
            subprocess.run(["true"], check=True)  # time passes by another process's work
    finally:
        os.close(descriptor)
    assert not directory.exists()
