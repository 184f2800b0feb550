"""`aweigh publish` and `aweigh store` as somebody types them: what they print, and their exit codes."""

import json
import sys
from pathlib import Path

import pytest
from tests.memory.store.checkpoints import pages, read_files, small, write
from tests.memory.store.test_verify import flip

from aweigh.memory.store import hub
from aweigh.memory.store.catalog import Store
from aweigh.serverless.cli import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AWEIGH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "150")
    return tmp_path / "home"


Capture = pytest.CaptureFixture[str]


def test_from_publish_to_gc(tmp_path: Path, home: Path, capsys: Capture) -> None:
    directory = write(tmp_path / "llama", small())
    assert main(["publish", str(directory), "--order", "names"]) == 0
    said = capsys.readouterr()
    assert said.out == "published llama: 7.84 MB of tensors, by names; 7.84 MB read, 10 MB new, 0 B shared\n"
    assert said.err == ""
    assert main(["publish", str(directory), "--as", "me/llama", "--order", "names"]) == 0
    assert "0 B read, 0 B new, 10 MB shared" in capsys.readouterr().out

    assert main(["store", "ls"]) == 0
    table = capsys.readouterr().out
    assert "me/llama" in table and "tensors" in table
    assert main(["store", "ls", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [model["name"] for model in listed] == ["llama", "me/llama"]
    assert (listed[0]["own_bytes"], listed[0]["tensors"], listed[0]["source"]) == (0, 7, str(directory))

    assert main(["store", "verify", "llama"]) == 0
    assert capsys.readouterr().out == "5 pages are what was stored\n"
    assert main(["store", "export", "llama", str(tmp_path / "out")]) == 0
    assert read_files(tmp_path / "out") == small()

    (segment,) = (home / "store" / "segments").iterdir()
    flip(segment, 8)
    capsys.readouterr()
    assert main(["store", "verify"]) == 1
    said = capsys.readouterr()
    assert "llama: embed.weight: page " in said.out and "me/llama: embed.weight: page " in said.out
    assert "1 of 5 pages are damaged, 0 fault(s)" in said.out

    assert main(["store", "rm", "llama"]) == 0
    assert main(["store", "rm", "llama"]) == 1
    assert "no model 'llama'" in capsys.readouterr().err
    assert main(["store", "rm", "me/llama"]) == 0
    assert main(["store", "gc"]) == 0
    assert "10 MB given back: 5 pages, 1 segments" in capsys.readouterr().out


def test_mistakes(tmp_path: Path, capsys: Capture) -> None:
    directory = write(tmp_path / "one" / "name", {"a": pages(1)})
    assert main(["store", "verify"]) == 1
    assert main(["publish", str(tmp_path / "nowhere")]) == 1
    assert main(["publish", str(directory), "--as", "no name"]) == 2
    assert main(["publish", str(tmp_path)]) == 1
    assert main(["publish", str(directory), "--order", "names"]) == 0
    other = write(tmp_path / "two" / "name", {"a": pages(2)})
    assert main(["publish", str(other), "--order", "names"]) == 2
    assert main(["store", "export", "name", str(directory)]) == 2
    assert main(["store", "nonsense"]) == 2
    said = capsys.readouterr().err
    for line in ("there is no store", "no directory", "is no name", "neither model.safetensors", "--as", "not empty"):
        assert line in said
    assert "Traceback" not in said


def test_signing(tmp_path: Path, home: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    directory, key = write(tmp_path / "llama", small()), tmp_path / "key"
    monkeypatch.delenv("AWEIGH_STORE__TRUSTED_KEYS", raising=False)
    monkeypatch.setenv("COLUMNS", "250")
    assert main(["store", "keygen", str(key), "--comment", "release team"]) == 0
    said = capsys.readouterr().out
    identity = said.split()[0]
    assert identity.startswith("SHA256:") and f"{home}/trusted_keys" in said
    assert main(["publish", str(directory), "--order", "names"]) == 0
    assert main(["store", "verify"]) == 0
    assert main(["store", "verify", "--require-signature"]) == 1
    assert "llama has no signature: `aweigh store sign llama --key KEY`" in capsys.readouterr().out
    assert main(["store", "sign", "llama", "--key", str(key)]) == 0
    assert capsys.readouterr().out == f"signed llama with {identity}\n"
    assert main(["store", "verify", "--require-signature"]) == 1
    assert f"llama is signed by {identity}, which {home}/trusted_keys does not name" in capsys.readouterr().out
    assert main(["store", "verify", "--require-signature", "--trusted-keys", f"{key}.pub"]) == 0
    assert "llama is signed by release team" in capsys.readouterr().out
    assert main(["store", "ls"]) == 0
    assert identity in capsys.readouterr().out
    (home / "trusted_keys").write_bytes((tmp_path / "key.pub").read_bytes())
    assert main(["store", "ls"]) == 0
    assert "release team" in capsys.readouterr().out
    monkeypatch.setenv("AWEIGH_STORE__REQUIRE_SIGNATURE", "true")
    assert main(["store", "verify"]) == 0
    other = write(tmp_path / "other", small(3))
    assert main(["publish", str(other), "--order", "names", "--sign", str(key)]) == 0
    assert main(["store", "verify"]) == 0
    assert main(["store", "export", "other", str(tmp_path / "out")]) == 0
    assert main(["store", "rm", "other"]) == 0
    assert main(["publish", str(tmp_path / "out"), "--as", "back", "--order", "names"]) == 0
    assert main(["store", "verify"]) == 0, "the signature came along"
    key.chmod(0o644)
    assert main(["publish", str(other), "--sign", str(key)]) == 2
    assert "others than its owner may read the key" in capsys.readouterr().err
    assert main(["store", "keygen", str(key)]) == 2
    (home / "trusted_keys").write_text("nonsense")
    assert main(["store", "ls"]) == 0
    assert main(["store", "verify"]) == 1
    assert "trusted_keys:1" in capsys.readouterr().out


def test_help(capsys: Capture) -> None:
    assert main(["store", "--help"]) == 0
    assert main(["publish", "--help"]) == 0
    said = capsys.readouterr().out
    for word in ("ls", "verify", "rm", "gc", "export", "--as", "ORGANISATION/MODEL"):
        assert word in said


def test_a_model_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The hub's own client, with a cache that has the model; there is no network."""
    snapshot = tmp_path / "hub" / "models--org--small" / "snapshots" / ("0" * 40)
    write(snapshot, small())
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0" * 40)
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert main(["publish", "org/small", "--order", "names"]) == 0
    assert main(["store", "ls", "--json"]) == 0
    said = capsys.readouterr().out
    assert '"name": "org/small"' in said and '"source": "org/small"' in said
    assert main(["publish", "org/other", "--order", "names"]) == 1
    assert "the hub cannot be reached" in capsys.readouterr().err


def test_no_hub_client(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert main(["publish", "org/small"]) == 1
    assert "pip install huggingface_hub" in capsys.readouterr().err


def test_names_of_the_hub() -> None:
    assert hub.is_hub_name("org/model-1.2_b")
    for name in ("model", "a/b/c", "/a", "../a", "a/..", "a/"):
        assert not hub.is_hub_name(name)


def test_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWEIGH_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Store().root == tmp_path / "aweigh" / "store"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert Store().root == Path.home() / ".local" / "share" / "aweigh" / "store"
