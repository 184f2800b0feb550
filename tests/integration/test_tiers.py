"""Models whose pages are elsewhere, as users run them: from an object store, from a peer's memory, and while one of these dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from tests.integration.families import SMALL
from tests.integration.house import House
from tests.integration.test_paging import answers, same
from tests.memory.tiers.object_store import BUCKET, Server, serving

SCRIPT = str(Path(__file__).parent / "scripts" / "family.py")
ARENA, KV = 64 << 20, 8 << 20
POLICY = """
[arena]
bytes = {arena}
[origins]
order = ["disk", "peers", "objects"]
peers = {peers}
listen = {listen}
keep_bytes = {keep}
"""


@dataclass(frozen=True)
class Running(House):
    """A house of its own, with a home of its own."""

    process: "subprocess.Popen[str]"

    def aweigh(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "aweigh.serverless.cli", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def tiers(self) -> dict[str, Any]:
        return {tier.name: tier for tier in self.status().workers[0].stats.arena.tiers}

    def kill(self) -> None:
        """-9 to all of it."""
        door = psutil.Process(self.process.pid)
        for process in (*door.children(recursive=True), door):
            process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def opened(
    house: House,
    directory: Path,
    server: Server,
    *,
    peers: tuple[str, ...] = (),
    listen: str = "",
    arena: int = ARENA,
    keep: int = 0,
) -> Iterator[Running]:
    directory.mkdir()
    policy = directory / "policy.toml"
    policy.write_text(POLICY.format(arena=arena, peers=json.dumps(peers), listen=json.dumps(listen), keep=keep))
    environment = {
        **house.environment,
        **server.environment,
        "AWEIGH_RUNTIME": str(directory / "run"),
        "AWEIGH_HOME": str(directory / "home"),
        "AWEIGH_WORKERS__KV_BYTES": str(KV),
    }
    if arena:
        environment["AWEIGH_WORKERS__POLICY"] = str(policy)
    command = [sys.executable, "-m", "aweigh.serverless", "--private"]
    with (
        (directory / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, text=True) as process,
    ):
        assert process.stdout is not None
        word, _, address = process.stdout.readline().strip().partition(" ")
        assert word == "ready", (directory / "log").read_text()
        try:
            yield Running(address, environment, directory, process)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("s3") / "log") as server:
        yield server


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 75 MB."""
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(0)
    directory = tmp_path_factory.mktemp("llama")
    sizes = {**SMALL, "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 6}
    config = AutoConfig.for_model("llama", **sizes, initializer_range=0.1)
    AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(directory)
    return directory


@pytest.fixture(scope="module")
def expected(house: House, model: Path) -> Any:
    """What transformers says."""
    (answer,) = answers(house.plain(SCRIPT, str(model))).values()
    return answer


@pytest.fixture(scope="module")
def first(house: House, server: Server, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A worker with room for the model, which has published and pushed it, and gives pages."""
    directory = tmp_path_factory.mktemp("first")
    with opened(house, directory / "house", server, listen=f"unix:{directory}/pages", arena=4 * ARENA) as running:
        running.aweigh("publish", str(model), "--as", "llama", "--order", "names")
        running.aweigh("store", "push", "llama", f"s3://{BUCKET}/all")
        yield running


def pulled(house: Running) -> str:
    said = house.aweigh("store", "pull", f"s3://{BUCKET}/all", "llama", "--lazy")
    return said.strip().rpartition("scripts find it in ")[2]


def right(found: "subprocess.CompletedProcess[str]", directory: str, expected: Any) -> bool:
    return same(answers(found), {directory: expected})


@pytest.mark.slow
def test_a_lazily_pulled_model_answers_from_the_object_store_and_then_from_the_disk(
    house: House, first: Running, server: Server, expected: Any, tmp_path: Path
) -> None:
    with opened(house, tmp_path / "house", server, keep=64 << 20) as running:
        directory = pulled(running)
        assert right(running.offloaded(SCRIPT, directory), directory, expected)
        tiers = running.tiers()
        assert tiers[f"s3://{BUCKET}/all"].bytes > 32 << 20 and tiers[f"s3://{BUCKET}/all"].failures == 0
        assert "s3://weights/all" in running.aweigh("memory", "--engine", running.address, "--once")
    assert running.aweigh("store", "verify") == "30 pages are what was stored\n", "all of them were kept"


@pytest.mark.slow
def test_a_worker_without_an_arena_brings_the_model_when_it_loads_it(
    house: House, first: Running, server: Server, expected: Any, tmp_path: Path
) -> None:
    with opened(house, tmp_path / "house", server, arena=0) as running:
        directory = pulled(running)
        assert right(running.offloaded(SCRIPT, directory), directory, expected)


@pytest.mark.slow
def test_headers_without_a_store_are_one_sentence(
    house: House, first: Running, server: Server, expected: Any, tmp_path: Path
) -> None:
    with opened(house, tmp_path / "house", server) as running:
        directory = pulled(running)
        catalog = tmp_path / "house" / "home" / "store" / "catalog.sqlite"
        catalog.unlink()
        done = running.offloaded(SCRIPT, directory)
        assert done.returncode != 0 and "pull the model again" in done.stderr


@pytest.mark.slow
def test_pages_come_from_a_peers_memory(
    house: House, first: Running, server: Server, model: Path, expected: Any, tmp_path: Path
) -> None:
    assert right(first.offloaded(SCRIPT, str(model)), str(model), expected)
    address = f"unix:{first.directory.parent}/pages"
    # Its segments are gone: what it still gives, it gives from its arena.
    segments = Path(first.environment["AWEIGH_HOME"]) / "store" / "segments"
    hidden = segments.rename(segments.with_name("hidden"))
    try:
        with opened(house, tmp_path / "house", server, peers=(address,)) as running:
            directory = pulled(running)
            assert right(running.offloaded(SCRIPT, directory), directory, expected)
            tiers = running.tiers()
            assert tiers[address].bytes > 48 << 20 and tiers[address].failures == 0
            objects = tiers.get(f"s3://{BUCKET}/all")
            assert objects is None or objects.bytes < tiers[address].bytes / 4
    finally:
        hidden.rename(segments)


@pytest.mark.slow
def test_a_peer_that_is_killed_in_the_middle(
    house: House, first: Running, server: Server, model: Path, expected: Any, tmp_path: Path
) -> None:
    address = f"unix:{tmp_path}/pages"
    with opened(house, tmp_path / "peer", server, listen=address, arena=4 * ARENA) as peer:
        peer.aweigh("publish", str(model), "--as", "llama", "--order", "names")
        with opened(house, tmp_path / "house", server, peers=(address,), arena=ARENA * 3 // 4) as running:
            directory = pulled(running)
            command = [sys.executable, "-m", "aweigh.serverless.cli", "run", "--engine", running.address, "--strict"]
            with subprocess.Popen(
                [*command, SCRIPT, directory],
                env=running.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as script:
                until = time.monotonic() + 120
                while time.monotonic() < until and script.poll() is None:
                    if address in (tiers := running.tiers()) and tiers[address].bytes > 20 << 20:
                        break
                peer.kill()
                assert script.poll() is None, "it was still running"
                said, errors = script.communicate(timeout=240)
            found = subprocess.CompletedProcess(command, script.returncode, said, errors)
            assert right(found, directory, expected)
            tiers = running.tiers()
            assert tiers[address].failures and tiers[f"s3://{BUCKET}/all"].bytes > 0
            assert os.path.exists(directory)
