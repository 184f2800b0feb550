"""API keys: what the file holds, and who is let in."""

import stat
from pathlib import Path

import pytest

from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.serverless.key_command import main
from aweigh.serverless.keys import Guard, KeyFile


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
    assert guard.tenant_of(None, 0.0) == "" and strict.tenant_of(None, 0.0) is None
    key, secret = file.create("a")
    assert guard.tenant_of(None, 0.5) == "", "it looks once a second"
    for one in (guard, strict):
        assert one.tenant_of(None, 1.0) is None
        assert one.tenant_of(bearer(secret), 1.0) == one.tenant_of(f"bearer  {secret} ", 1.0) == key.id
        for bad in ("", secret, f"Basic {secret}", bearer(secret[:-1]), bearer(secret + "x"), bearer(""), "Bearer"):
            assert one.tenant_of(bad, 1.0) is None
    file.revoke(key.id)
    assert guard.tenant_of(bearer(secret), 2.5) is None
    assert guard.tenant_of(None, 2.5) is None, "all are revoked: nobody comes in"
    file.remove_all()
    assert guard.tenant_of(None, 4.0) == "" and strict.tenant_of(None, 4.0) is None


def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.sqlite")
    _, secret = file.create("a")
    file.path.write_bytes(b"no database, whatever it was before" * 100)
    assert Guard(file, needed=False).tenant_of(bearer(secret), 0.0) is None
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
    assert Guard(KeyFile(), needed=True).tenant_of(bearer(secret), 0.0)
    assert main(["ls", "--json"]) == 0
    assert '"name": "ci"' in capsys.readouterr().out
    assert main(["revoke", "ci"]) == 0
    assert main(["revoke", "ci"]) == 2
    assert "no valid key" in capsys.readouterr().err
    assert main(["rm"]) == 2 and main(["rm", "--all"]) == 0
    assert KeyFile().all() == []
