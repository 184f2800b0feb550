"""Scripts that a launcher starts in several processes: `aweigh run -m LAUNCHER`, and the launcher with our hooks in its environment."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.offload.conftest import HERE, Run, environment

LAUNCHED = HERE / "scripts" / "launched"
TORCHRUN = ("-m", "torch.distributed.run", "--nproc_per_node=2", "--standalone")
ACCELERATE = ("-m", "accelerate.commands.launch", "--cpu", "--num_processes=1", "--num_machines=1", "--mixed_precision=no", "--dynamo_backend=no")  # fmt: skip


def _plain(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=280, env=environment())
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("launcher", "script"),
    [(TORCHRUN, "shape21_torchrun.py"), (TORCHRUN, "shape21_accelerate.py"), (ACCELERATE, "shape21_accelerate.py")],
)
def test_a_launched_script_prints_the_same(
    launcher: tuple[str, ...], script: str, checkpoints: tuple[Path, Path], aweigh_run: Run
) -> None:
    arguments = (*launcher, LAUNCHED / script, checkpoints[0])
    done = aweigh_run(*arguments, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == _plain(*arguments), done.stderr[-3000:]
    summaries = [line for line in done.stderr.splitlines() if "calls offloaded" in line]
    assert len(summaries) == (2 if launcher is TORCHRUN else 1)
    assert all(" generate" in line for line in summaries)


@pytest.mark.slow
def test_hooks_in_the_environment_reach_what_a_launcher_starts(checkpoints: tuple[Path, Path], aweigh_run: Run) -> None:
    """`aweigh run -- torchrun ...`: the launcher is any command, our hooks travel in its environment."""
    script = LAUNCHED / "shape21_torchrun.py"
    launcher = (Path(sys.executable).parent / "torchrun", *TORCHRUN[2:])
    done = aweigh_run("--", *launcher, script, checkpoints[0], timeout=280)
    assert done.stdout == _plain(*TORCHRUN, script, checkpoints[0]), done.stderr[-3000:]
    assert sum("calls offloaded" in line for line in done.stderr.splitlines()) == 2
