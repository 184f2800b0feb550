"""The launcher with processes that are no engines."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from aweigh.serverless.config import ClusterConfig, FrontDoorConfig, StoreConfig, WorkersConfig
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.launcher import Launcher

NO_STREAM = "import signal; print('ready unix:/nowhere', flush=True); signal.pause()"


def run(directory: Path, monkeypatch: pytest.MonkeyPatch, program: str, event: str) -> Launcher:
    """A launcher whose workers run `program`, until one of its events."""

    async def main() -> Launcher:
        launcher = Launcher(ClusterConfig(), FrontDoor(FrontDoorConfig(), "test"), directory)
        monkeypatch.setattr(launcher, "_command", lambda name: [sys.executable, "-S", "-c", program])
        running = asyncio.create_task(launcher.run())
        async with asyncio.timeout(60):
            if event == "hopeless":
                await launcher.hopeless.wait()
            while event == "restart" and not launcher.supervisor.workers["worker-0"].restarts:
                await asyncio.sleep(0.01)
            launcher.leave()
            await running
        return launcher

    return asyncio.run(main())


def test_a_worker_that_lives_without_its_stream_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(tmp_path, monkeypatch, NO_STREAM, "restart").first_ready.is_set()


def test_workers_that_never_start_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not run(tmp_path, monkeypatch, "raise SystemExit(1)", "hopeless").first_ready.is_set()


def test_workers_on_one_machine_share_its_memory(tmp_path: Path) -> None:
    config = ClusterConfig(workers=WorkersConfig(count=8))
    launcher = Launcher(config, FrontDoor(FrontDoorConfig(), "test"), tmp_path)
    command = launcher._command("worker-0")
    assert 8 * int(command[command.index("--kv-bytes") + 1]) <= psutil.virtual_memory().total // 2


def test_a_worker_is_told_how_long_it_may_drain_and_is_killed_only_later(tmp_path: Path) -> None:
    launcher = Launcher(
        ClusterConfig(workers=WorkersConfig(drain_timeout=77)), FrontDoor(FrontDoorConfig(), "test"), tmp_path
    )
    command = launcher._command("worker-0")
    assert command[command.index("--drain-seconds") + 1] == "77.0"
    assert launcher.supervisor.drain_timeout > 77


def test_workers_are_told_whose_models_they_may_load(tmp_path: Path) -> None:
    config = ClusterConfig(store=StoreConfig(require_signature=True, trusted_keys="/keys"))
    command = Launcher(config, FrontDoor(FrontDoorConfig(), "test"), tmp_path)._command("worker-0")
    assert "--require-signature" in command and command[command.index("--trusted-keys") + 1] == "/keys"
    command = Launcher(ClusterConfig(), FrontDoor(FrontDoorConfig(), "test"), tmp_path)._command("worker-0")
    assert not {"--require-signature", "--trusted-keys"} & set(command)


def test_a_worker_s_threads_sleep_soon_unless_the_user_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = Launcher(ClusterConfig(), FrontDoor(FrontDoorConfig(), "test"), tmp_path)
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    assert 0 < int(launcher._environment()["GOMP_SPINCOUNT"]) < 10_000
    monkeypatch.setenv("GOMP_SPINCOUNT", "77")
    assert launcher._environment()["GOMP_SPINCOUNT"] == "77"
