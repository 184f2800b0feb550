"""A worker that is told its arena and its policy by a file, and told again."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.worker.test_paged_worker import PROMPT, load
from tests.engine.worker.test_worker import submit

from aweigh.engine.__main__ import assemble, reread
from aweigh.engine.config import Config
from aweigh.engine.schedule import events as ev
from aweigh.memory.policy.gdsf import GDSF
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.policy.sieve import Sieve
from aweigh.proto.errors import InvalidRequest

FILE = """
[arena]
bytes = 67108864

[policy]
name = "gdsf"

[split]
kv_most = 0.25
"""
OWN = '''
from aweigh.memory.policy.base import Drop, Policy


class Newest(Policy):
    """Drops what came last."""

    def suggest(self, view):
        for extent in reversed(list(view.resident)):
            yield Drop(extent)
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(FILE)
    return path


@pytest.fixture
def worker(file: Path) -> Iterator[tuple[Config, Any, Any]]:
    config = Config(listen="unix:unused", block_size=4, kernels="reference", policy=str(file))
    worker, service = assemble(config)
    worker.post(ev.LeaseOpened("l"))
    yield config, worker, service
    worker.stop()
    service.close()


def test_the_file_says_how_large_the_arena_is_and_who_stays(
    worker: tuple[Config, Any, Any], file: Path, wide: Any, caplog: pytest.LogCaptureFixture
) -> None:
    config, running, service = worker
    pager = running.pager
    assert pager.frames.frames == 32 and pager.most_kv_bytes == 16 << 20
    assert isinstance(pager.policy, GDSF)
    loaded = load(service, "wide", wide)
    expected = wide.greedy(PROMPT, 4)
    assert submit(running, loaded, "l", PROMPT, 4).wait().tokens == expected
    file.write_text(FILE.replace("gdsf", "sieve"))
    reread(config, running)
    assert isinstance(pager.policy, Sieve)
    assert submit(running, loaded, "l", PROMPT, 4).wait().tokens == expected
    file.write_text(FILE.replace("gdsf", "seive"))
    with caplog.at_level(logging.ERROR):
        reread(config, running)
    assert isinstance(pager.policy, Sieve) and "did you mean 'sieve'?" in caplog.text


def test_a_policy_of_one_s_own_runs_in_a_process_of_its_own(
    worker: tuple[Config, Any, Any], file: Path, wide: Any
) -> None:
    config, running, service = worker
    (file.parent / "mine.py").write_text(OWN)
    file.write_text(FILE.replace("gdsf", "mine:Newest"))
    reread(config, running)
    policy = running.pager.policy
    assert isinstance(policy, UserPolicy) and not policy.off
    loaded = load(service, "wide", wide)
    assert submit(running, loaded, "l", PROMPT, 4).wait().tokens == wide.greedy(PROMPT, 4)
    file.write_text(FILE)
    reread(config, running)
    assert policy.off, "the one before has ended"


def test_a_file_that_is_wrong_is_said_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("[arena]\nbyts = 3\n")
    with pytest.raises(InvalidRequest, match=r"policy\.toml:2: unknown key 'arena\.byts': did you mean 'bytes'\?"):
        assemble(Config(listen="unix:unused", policy=str(path)))
