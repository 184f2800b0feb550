"""cluster.toml, environment and flags: one merge rule, and errors that say where and what instead."""

from pathlib import Path

import pytest

from aweigh.proto.errors import InvalidRequest
from aweigh.serverless.config import load
from aweigh.serverless.up import commented


def written(path: Path, text: str) -> Path:
    file = path / "cluster.toml"
    file.write_text(text)
    return file


def test_no_file_is_one_cpu_worker() -> None:
    config = load(None)
    assert (config.workers.count, config.workers.device) == (1, "cpu")


def test_flag_over_environment_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "[workers]\ncount = 2\nthreads = 2\nkv_bytes = 2\n")
    monkeypatch.setenv("AWEIGH_WORKERS__COUNT", "3")
    monkeypatch.setenv("AWEIGH_WORKERS__THREADS", "3")
    workers = load(file, {"workers": {"count": 4}}).workers
    assert (workers.count, workers.threads, workers.kv_bytes) == (4, 3, 2)
    assert load(file).workers.count == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[workers]\ncuont = 2\n", r"cluster.toml:2: unknown key 'workers.cuont': did you mean 'count'"),
        ("[wrokers]\ncount = 2\n", r"cluster.toml:1: unknown key 'wrokers': did you mean 'workers'"),
        ("[workers]\ncount = 0\n", r"cluster.toml:2: workers.count: .*greater than or equal to 1"),
        ("[workers]\ndevice = 'tpu'\n", r"workers.device"),
        ("[workers]\ndrain_timeout = 1e9\n", r"workers.drain_timeout: .*less than or equal to 3600"),
        ("[workers]\ndrain_timeout = inf\n", r"workers.drain_timeout"),
        ("[workers]\nstart_timeout = nan\n", r"workers.start_timeout"),
        ("[workers\n", r"is not TOML"),
        ("[front_door]\nlisten = '0.0.0.0:80'\n", r"loopback"),
        ("[front_door]\nlisten = 'example.org:80'\n", r"loopback"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InvalidRequest, match=sentence):
        load(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_the_printed_configuration_is_read_back(tmp_path: Path) -> None:
    config = load(None, {"workers": {"count": 2}})
    assert load(written(tmp_path, commented(config))) == config
