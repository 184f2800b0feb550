"""API keys: what the file holds, and who is let in."""

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.serverless.fairness.limits import Caller, Limits
from aweigh.serverless.key_command import main
from aweigh.serverless.keys import NOBODY, Guard, KeyFile, hash_of


def bearer(secret: str) -> str:
    return f"Bearer {secret}"


def test_the_file_is_its_owners_and_has_no_key_in_it(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "home" / "keys.sqlite")
    assert file.all() == [] and file.alive() is None
    key, secret = file.create("ci")
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert secret.encode() not in file.path.read_bytes()
    assert [entry.name for entry in file.all()] == ["ci"]
    assert file.revoke("other") == []
    assert [entry.id for entry in file.revoke("ci")] == [key.id]
    assert file.revoke(key.id) == [] and file.alive() == {}


def test_who_is_let_in(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.sqlite")
    guard, strict = Guard(file, needed=False), Guard(file, needed=True)
    assert guard.caller_of(None, 0.0) == NOBODY and strict.caller_of(None, 0.0) is None
    key, secret = file.create("a")
    assert guard.caller_of(None, 0.5) == NOBODY, "it looks once a second"
    for one in (guard, strict):
        assert one.caller_of(None, 1.0) is None
        assert one.caller_of(bearer(secret), 1.0) == one.caller_of(f"bearer  {secret} ", 1.0) == Caller(key.id)
        for bad in ("", secret, f"Basic {secret}", bearer(secret[:-1]), bearer(secret + "x"), bearer(""), "Bearer"):
            assert one.caller_of(bad, 1.0) is None
    file.revoke(key.id)
    assert guard.caller_of(bearer(secret), 2.5) is None
    assert guard.caller_of(None, 2.5) is None, "all are revoked: nobody comes in"
    file.remove_all()
    assert guard.caller_of(None, 4.0) == NOBODY and strict.caller_of(None, 4.0) is None


def test_a_file_of_an_earlier_version_gets_limits(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.sqlite")
    with closing(sqlite3.connect(file.path)) as connection, connection:
        connection.execute(
            "CREATE TABLE keys (id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, created REAL NOT NULL, revoked REAL)"
        )
        connection.execute("INSERT INTO keys VALUES ('1', 'old', ?, 5.0, NULL)", (hash_of("secret"),))
    assert Guard(file, needed=True).caller_of(bearer("secret"), 0.0) == Caller("1")
    assert [(key.name, key.created, key.limits) for key in file.all()] == [("old", 5.0, Limits())]
    file.limit("old", lambda limits: replace(limits, requests=7))
    file.create("new", Limits(1, 2, 3))
    assert [entry.limits for entry in file.all()] == [Limits(requests=7), Limits(1, 2, 3)]


def test_limits_that_are_changed_are_known_a_second_later(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.sqlite")
    key, secret = file.create("a", Limits(requests=5))
    guard = Guard(file, needed=True)
    assert guard.caller_of(bearer(secret), 0.0) == Caller(key.id, Limits(requests=5))
    file.limit("a", lambda limits: replace(limits, tokens=9, priority=2))
    assert guard.caller_of(bearer(secret), 1.0) == Caller(key.id, Limits(5, 9, 2))
    for bad in (Limits(requests=-1), Limits(tokens=10**10), Limits(priority=0), Limits(priority=101)):
        with pytest.raises(InvalidRequest):
            file.limit("a", partial(replace, requests=bad.requests, tokens=bad.tokens, priority=bad.priority))
        with pytest.raises(InvalidRequest):
            file.create("b", bad)
    assert len(file.all()) == 1 and file.limit("nobody", lambda limits: limits) == []


def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.sqlite")
    _, secret = file.create("a")
    file.path.write_bytes(b"no database, whatever it was before" * 100)
    assert Guard(file, needed=False).caller_of(bearer(secret), 0.0) is None
    with pytest.raises(StoreFailed):
        file.all()


@pytest.mark.parametrize("name", ["", "x" * 129, "a\nb"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRequest):
        KeyFile(tmp_path / "keys.sqlite").create(name)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWEIGH_HOME", str(tmp_path))
    assert main(["create", "ci"]) == 0
    secret = capsys.readouterr().out.strip()
    assert Guard(KeyFile(), needed=True).caller_of(bearer(secret), 0.0)
    assert main(["ls", "--json"]) == 0
    assert '"name": "ci"' in capsys.readouterr().out
    assert main(["create", "more", "--requests-per-minute", "60", "--priority", "3"]) == 0
    assert main(["limit", "more", "--tokens-per-minute", "1000", "--requests-per-minute", "0"]) == 0
    assert "1000 tokens/min, priority 3\n" in capsys.readouterr().out
    assert [key.limits for key in KeyFile().all()] == [Limits(), Limits(0, 1000, 3)]
    assert main(["limit", "nobody", "--priority", "2"]) == 2 == main(["create", "x", "--priority", "0"])
    assert main(["revoke", "ci"]) == 0
    assert main(["revoke", "ci"]) == 2
    assert "no valid key" in capsys.readouterr().err
    assert main(["rm"]) == 2 and main(["rm", "--all"]) == 0
    assert KeyFile().all() == []
