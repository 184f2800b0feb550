"""`policy.toml`: written, read back, and what is said of mistakes."""

from pathlib import Path

import pytest

from aweigh.memory.policy.table import POLICIES
from aweigh.memory.tuner.policy_file import OriginsSection, PolicyFile, PolicySection, read
from aweigh.memory.tuner.written import written
from aweigh.proto.errors import InvalidRequest


def test_what_is_written_is_read_back_and_every_key_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    for name, entry in POLICIES.items():
        file = PolicyFile(policy=PolicySection(name=name, parameters=entry.defaults()))
        path.write_text(written(file))
        assert read(path) == file
    text = written(PolicyFile())
    keys = [n for n, line in enumerate(text.splitlines()) if "=" in line and not line.startswith("#")]
    assert len(keys) == 17 and all("default" in text.splitlines()[number - 1] for number in keys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[arena]\nbites = 5\n", r"policy.toml:2: unknown key 'arena.bites': did you mean 'bytes'\?"),
        ("\n[arna]\n", r":2: unknown key 'arna': did you mean 'arena'\?"),
        ("[arena]\n# bytes = 1\nbytes = 1\n", r":3: arena.bytes: .*greater than or equal to 2097152"),
        ('[policy]\nname = "lur"\n', r":1: policy: there is no policy 'lur': did you mean 'lru'\?"),
        ('[policy]\nname = "2q"\n[policy.parameters]\nshort = 7\n', "short must be from 0.01 to 0.9"),
        ('[[tiers]]\nname = "a"\n[[tiers]]\nbytes_per_second = -1\n', r":4: tiers.bytes_per_second"),
        ("[[tiers]]\nbytes = 5\n", "the last tier, and only that, holds everything"),
        ("[split]\nkv_least = 0.5\nkv_most = 0.2\n", r":3: split.kv_most: KV may take at least"),
        ("[arena\n", "is not TOML"),
        ("[prefetch]\ndepth = nan\n", "prefetch.depth"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(InvalidRequest, match=said):
        read(path)


def test_a_policy_of_ones_own_is_read_but_not_built_here(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('[policy]\nname = "least_used:LeastUsed"\n[policy.parameters]\nhalf_life = 5.0\n')
    file = read(path)
    assert file.policy.parameters == {"half_life": 5.0}
    path.write_text(written(file))
    assert read(path) == file
    with pytest.raises(InvalidRequest, match="cannot be tuned"):
        file.policy.build()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('peers = ["10.0.0.1:7000"]', "authenticated"),
        ('listen = "example.org:1"', "authenticated"),
        ('order = ["disk", "disk"]', "once"),
        ('order = ["tape"]', "disk"),
        ("keep_bytes = -1", "greater"),
    ],
)
def test_origins_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f"[origins]\n{text}\n")
    with pytest.raises(InvalidRequest, match=said):
        read(path)
    path.write_text('[origins]\npeers = ["unix:/run/a", "127.0.0.1:7000", "[::1]:1"]\norder = ["objects", "disk"]\n')
    assert read(path).origins.order == ("objects", "disk")


def test_workers_that_have_one_file_have_addresses_of_their_own() -> None:
    section = OriginsSection(listen="unix:/run/{worker}.pages")
    assert {section.of(name).listen for name in ("a", "b")} == {"unix:/run/a.pages", "unix:/run/b.pages"}
