"""Script, wire and engine on the Triton kernels, in Triton's interpreter: the kernel interface has two masters."""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.families import make
from tests.integration.house import House

SCRIPT = str(Path(__file__).parent / "scripts" / "short.py")


@pytest.fixture
def triton_house(house: House, tmp_path: Path) -> Iterator[House]:
    environment = {
        **house.environment,
        "AWEIGH_RUNTIME": str(tmp_path),
        "AWEIGH_WORKERS__KERNELS": "triton",
        "AWEIGH_WORKERS__KV_BYTES": str(4 << 20),
        "TRITON_INTERPRET": "1",
    }
    command = [sys.executable, "-m", "aweigh.serverless", "--private"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        yield dataclasses.replace(house, address=address)
        process.terminate()


@pytest.mark.parametrize("family", ["llama", pytest.param("gemma3_text", marks=pytest.mark.slow)])
def test_same_tokens_on_triton(triton_house: House, checkpoints: Path, family: str) -> None:
    path = str(make(family, checkpoints))
    plain, ours = triton_house.plain(SCRIPT, path), triton_house.offloaded(SCRIPT, path)
    assert plain.returncode == 0, plain.stderr
    assert ours.returncode == 0, ours.stderr[-4000:]
    assert ours.stdout == plain.stdout
    assert len(ours.stdout) > 40
