"""How scripts find a front door, and which addresses are local."""

import os
import tempfile
from pathlib import Path

import pytest

from aweigh.proto.rendezvous import Rendezvous, announce, find, is_local, runtime_directory, socket_parent, withdraw


def test_announce_find_withdraw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWEIGH_RUNTIME", str(tmp_path / "run"))
    assert find() is None
    here = Rendezvous("unix:/x", os.getpid(), "1")
    announce(here)
    assert find() == here
    assert runtime_directory().stat().st_mode & 0o077 == 0
    withdraw(1)
    assert find() == here
    withdraw(os.getpid())
    assert find() is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"address": 1}', '{"address": "a", "process": 99999999, "version": ""}']
)
def test_a_stale_or_broken_announcement_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setenv("AWEIGH_RUNTIME", str(tmp_path))
    (tmp_path / "front-door.json").write_text(content)
    assert find() is None


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("unix:/tmp/x", True),
        ("127.0.0.1:80", True),
        ("127.9.9.9:80", True),
        ("[::1]:80", True),
        ("localhost:80", True),
        ("0.0.0.0:80", False),
        ("[::]:80", False),
        ("10.0.0.1:80", False),
        ("example.org:80", False),
    ],
)
def test_local_addresses(address: str, local: bool) -> None:
    assert is_local(address) is local


def test_sockets_go_elsewhere_where_their_path_would_be_too_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory() as short:
        monkeypatch.setenv("AWEIGH_RUNTIME", short)
        assert socket_parent() == Path(short)
    monkeypatch.setenv("AWEIGH_RUNTIME", str(tmp_path / ("x" * 90)))
    assert socket_parent() == Path(tempfile.gettempdir())
