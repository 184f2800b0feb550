"""The warden: a small process beside a run that starts the private engine when a model first needs one, and ends it with the run.

Why a process of its own: `aweigh run` becomes the script by exec, and an engine that it had started would be a child that the
script's `os.wait()` meets; an engine started by the script from a thread would die with the thread (a parent-death signal belongs to
the thread that forked); and one started by a child of the script would die with that child. The warden is nobody's child (forked
twice), watches the script through a pidfd, and is the engine's parent. Scripts that load no model start no engine.

Protocol: connect to its socket, read one line: ``ready ADDRESS`` or ``failed WHY``.
"""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from aweigh.proto.errors import EngineUnreachable
from aweigh.proto.rendezvous import socket_parent

_PATIENCE = 120.0  # seconds from the first question to the engine's answer
_TAIL = 400  # characters of an engine's last words


def post(root: int) -> str:
    """Forks a warden for the process `root` from this (single-threaded) process. Returns the path of its socket."""
    directory, listener = _listen()
    if child := os.fork():
        os.waitpid(child, 0)
        listener.close()
        return str(directory / "warden.sock")
    try:
        if not os.fork():
            _stand(root, directory, listener)
    finally:
        os._exit(0)


def summon(root: int) -> str:
    """The same from a process that has threads: through an interpreter of its own."""
    command = [sys.executable, "-m", "aweigh.compiler.offload.warden", str(root)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def ask(path: str) -> str:
    """The address of the private engine behind the warden's socket, started if it is not running. Raises EngineUnreachable."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_PATIENCE + 5)
            connection.connect(path)
            answer = connection.makefile().readline()
    except OSError as error:
        raise EngineUnreachable(f"the warden of this run is gone ({error}): start the script again") from None
    word, _, rest = answer.strip().partition(" ")
    if word != "ready":
        raise EngineUnreachable(
            f"the private engine did not start: {rest or 'no answer'}; run here: AWEIGH=0 python ..., check: aweigh doctor"
        )
    return rest


def _listen() -> tuple[Path, socket.socket]:
    directory = Path(tempfile.mkdtemp(prefix="run-", dir=socket_parent()))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(directory / "warden.sock"))
    listener.listen(64)
    return directory, listener


def _stand(root: int, directory: Path, listener: socket.socket) -> None:
    os.setsid()  # the terminal's Ctrl-C is for the script
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    engine: subprocess.Popen[bytes] | None = None
    try:
        watch = os.pidfd_open(root)
        answer = b""
        waiting: list[socket.socket] = []
        while True:
            started = engine is not None and not answer
            sources: list[int] = [watch, listener.fileno()]
            if started and engine is not None and engine.stdout is not None:
                sources.append(engine.stdout.fileno())
            ready, _, _ = select.select(sources, [], [], _PATIENCE if started else None)
            if watch in ready:
                return
            if listener.fileno() in ready:
                waiting.append(listener.accept()[0])
                engine = engine or _start(directory)
            elif started and engine is not None:
                answer = _answer(engine, directory, timed_out=not ready)
            if answer:
                for connection in waiting:
                    with contextlib.suppress(OSError), connection:
                        connection.sendall(answer)
                waiting.clear()
    finally:
        if engine is not None:
            engine.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                engine.wait(5)
            engine.kill()
        shutil.rmtree(directory, ignore_errors=True)


def _start(directory: Path) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "AWEIGH"}
    with (directory / "engine.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "aweigh.serverless", "--private"],
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
        )


def _answer(engine: subprocess.Popen[bytes], directory: Path, *, timed_out: bool) -> bytes:
    assert engine.stdout is not None
    line = b"" if timed_out else engine.stdout.readline()
    if line.startswith(b"ready "):
        return line
    log = (directory / "engine.log").read_text(errors="replace").strip()
    why = log[-_TAIL:] or ("no answer in time" if timed_out else f"exit code {engine.wait()}")
    return b"failed " + why.replace("\n", " | ").encode() + b"\n"


if __name__ == "__main__":
    print(post(int(sys.argv[1])), flush=True)
