"""A front door on a loopback TCP port: scripts print the same, and no other address is listened on."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.house import House

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def start(directory: Path, listen: str) -> "subprocess.Popen[str]":
    """A front door that belongs to this process."""
    config = directory / "cluster.toml"
    config.write_text(f'[front_door]\nlisten = "{listen}"\n[workers]\nthreads = 1\nkv_bytes = 67108864\n')
    environment = {**os.environ, "AWEIGH_RUNTIME": str(directory / "run"), "OMP_NUM_THREADS": "1"}
    environment.pop("AWEIGH_ENGINE", None)
    command = [sys.executable, "-m", "aweigh.serverless", "--private", "--config", str(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)


@pytest.fixture(scope="module")
def tcp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    directory = tmp_path_factory.mktemp("tcp")
    with start(directory, "127.0.0.1:0") as process:
        assert process.stdout is not None and process.stderr is not None
        word, _, address = process.stdout.readline().strip().partition(" ")
        assert word == "ready", process.stderr.read()
        environment = {**os.environ, "AWEIGH_RUNTIME": str(directory / "of scripts"), "OMP_NUM_THREADS": "1"}
        yield House(address, environment | {"AWEIGH_CACHE": str(directory / "cache")}, directory)
        process.terminate()


@pytest.mark.parametrize(
    "script", [pytest.param(name, marks=pytest.mark.slow) for name in ("complete.py", "token_loop.py", "sample.py")]
)
def test_scripts_print_the_same_over_tcp(tcp: House, script: str) -> None:
    assert tcp.address.startswith("127.0.0.1:")
    assert tcp.address.rpartition(":")[2] != "0", "the port that the system chose is told"
    report = tcp.directory / f"{script}.json"
    plain = tcp.plain(str(EXAMPLES / script))
    ours = tcp.offloaded(str(EXAMPLES / script), options=("--strict", "--report", str(report)))
    assert (ours.returncode, ours.stdout) == (0, plain.stdout), ours.stderr
    (model,) = json.loads(report.read_text())["models"]
    assert model["calls"]["local"] == 0 and model["calls"]["generate"] + model["calls"]["step"] > 0


def test_localhost_is_an_address_too(tcp: House) -> None:
    port = tcp.address.rpartition(":")[2]
    command = [sys.executable, "-m", "aweigh.serverless.cli", "status", "--engine", f"localhost:{port}", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=tcp.environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [worker["state"] for worker in json.loads(done.stdout)["workers"]] == ["ready"]


def test_nobody_listens_beyond_loopback(tcp: House) -> None:
    """From outside of the process: every TCP socket that its family listens on."""
    import psutil

    port = int(tcp.address.rpartition(":")[2])
    listening: list[tuple[str, int]] = [
        tuple(connection.laddr)  # type: ignore[misc]
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert [ip.removeprefix("::ffff:") for ip, found in listening if found == port] == ["127.0.0.1"]


@pytest.mark.parametrize("listen", ["192.0.2.1:0", "example.org:80", "[2001:db8::1]:0", ":0"])
def test_an_address_that_others_reach_is_refused(listen: str, tmp_path: Path) -> None:
    with start(tmp_path, listen) as process:
        out, error = process.communicate(timeout=60)
    assert process.returncode == 4 and out == ""
    assert error.startswith(f"aweigh: {tmp_path}/cluster.toml:2: front_door.listen: ")
    assert "calls are not authenticated yet: listen on a Unix socket or on a loopback address" in error
    assert error.count("\n") == 1


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with start(tmp_path, f"127.0.0.1:{port}") as process:
            out, error = process.communicate(timeout=60)
    assert process.returncode not in (0, None) and out == ""
    assert f"127.0.0.1:{port}" in error.strip().splitlines()[-1]
    assert "Traceback" not in error
