"""Keys and the list of those that are believed: files as ssh-keygen and openssl have them, closed to others, and never half there."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from aweigh.memory.trust.private_key import PrivateKey, generate
from aweigh.memory.trust.public_key import PublicKey
from aweigh.memory.trust.signature import BYTES, Signature
from aweigh.memory.trust.trust import Trust
from aweigh.proto.errors import InvalidRequest, Untrusted

CONTENT = bytes(range(32))
# `openssl genpkey -algorithm ed25519`, and `ssh-keygen -lf` of its public half.
PEM = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
-----END PRIVATE KEY-----
"""


def written(path: Path, text: str | bytes, mode: int = 0o600) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def test_a_new_key_is_closed_and_its_public_half_is_one_line(tmp_path: Path) -> None:
    public = generate(tmp_path / "key", "release team")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    line = (tmp_path / "key.pub").read_text()
    assert line.startswith("ssh-ed25519 AAAA") and line.endswith(" release team\n")
    read = PrivateKey.read(tmp_path / "key")
    assert read.public.raw == public.raw and PublicKey.from_line(line) == public
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "key.pub"]
    with pytest.raises(InvalidRequest, match="never overwritten"):
        generate(tmp_path / "key")
    assert PrivateKey.read(tmp_path / "key").public == read.public


def test_a_known_key_signs_as_it_always_did(tmp_path: Path) -> None:
    """RFC 8032 makes signatures of one key over one message equal; the id is that of OpenSSH."""
    key = PrivateKey.read(written(tmp_path / "key", PEM))
    assert key.public.raw.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    signature = key.sign(CONTENT)
    assert len(signature.to_bytes()) == BYTES == 97
    own = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(b"aweigh.model.signature.v1\0" + CONTENT)
    assert signature.to_bytes() == b"\x01" + key.public.raw + own
    assert Signature.from_bytes(signature.to_bytes()) == signature and signature.is_of(CONTENT)


def test_ssh_keygen_says_the_same_id(tmp_path: Path) -> None:
    public = generate(tmp_path / "key", "me")
    try:
        said = subprocess.run(["ssh-keygen", "-lf", tmp_path / "key.pub"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("there is no ssh-keygen here")
    assert said.stdout.split()[1] == public.id


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    generate(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(InvalidRequest, match="others than its owner"):
        PrivateKey.read(tmp_path / "key")


def test_what_is_no_key(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    closed = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    for text, said in (
        ("", "no Ed25519"),
        (PEM[:60], "no Ed25519"),
        ("x" * 20000, "no Ed25519"),
        (closed, "passphrase"),
    ):
        with pytest.raises(InvalidRequest, match=said):
            PrivateKey.read(written(tmp_path / "key", text))
    with pytest.raises(InvalidRequest, match="keygen"):
        PrivateKey.read(tmp_path / "nowhere")
    with pytest.raises(InvalidRequest, match=r"is no file|cannot be read"):
        PrivateKey.read(tmp_path)
    with pytest.raises(InvalidRequest, match="cannot be written"):
        generate(tmp_path / "no" / "key")
    with pytest.raises(InvalidRequest, match="one line"):
        generate(tmp_path / "other", "a\nssh-ed25519 AAAA")
    for line in ("", "ssh-rsa AAAA", "ssh-ed25519", "ssh-ed25519 AAAA x", "ssh-ed25519 " + "A" * 68, "hello world"):
        with pytest.raises(InvalidRequest, match="no public key"):
            PublicKey.from_line(line)


@pytest.mark.parametrize("call", ["fsync", "link", "replace"])
def test_a_disk_that_fails_leaves_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(InvalidRequest, match="cannot be written"):
            generate(tmp_path / "key")
    assert not (tmp_path / "key").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    generate(tmp_path / "key")
    assert PublicKey.from_line((tmp_path / "key.pub").read_text()) == PrivateKey.read(tmp_path / "key").public


def test_every_bit_of_a_signature_counts() -> None:
    key = PrivateKey(Ed25519PrivateKey.generate())
    data = key.sign(CONTENT).to_bytes()
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            assert not Signature.from_bytes(bytes(changed)).is_of(CONTENT)
        except InvalidRequest:
            assert bit < 8, "another version"
    for bit in range(8 * len(CONTENT)):
        other = bytearray(CONTENT)
        other[bit // 8] ^= 1 << bit % 8
        assert not Signature.from_bytes(data).is_of(bytes(other))
    for wrong in (b"", data[:-1], data + b"\0"):
        with pytest.raises(InvalidRequest, match="no signature"):
            Signature.from_bytes(wrong)


def test_who_is_believed(tmp_path: Path) -> None:
    ours, theirs = PrivateKey(Ed25519PrivateKey.generate()), PrivateKey(Ed25519PrivateKey.generate())
    trust = Trust(True, written(tmp_path / "keys", f"# ours\n\n  {ours.public.line} the release team\n"))
    assert trust.signer("m", CONTENT, [theirs.sign(CONTENT), ours.sign(CONTENT)]).owner == "the release team"
    for signatures, said in (
        ([], "has no signature: `aweigh store sign m"),
        ([theirs.sign(CONTENT)], f"signed by {theirs.public.id}, which"),
        ([ours.sign(bytes(32))], "not over what is stored"),
        ([Signature(ours.public, theirs.sign(CONTENT).value)], "not over what is stored"),
    ):
        with pytest.raises(Untrusted, match=said.replace("+", r"\+")):
            trust.check("m", CONTENT, signatures)
        Trust(False, trust.file).check("m", CONTENT, signatures)


def test_a_key_that_was_taken_out_is_not_believed_any_more(tmp_path: Path) -> None:
    ours = PrivateKey(Ed25519PrivateKey.generate())
    trust = Trust(True, written(tmp_path / "keys", ours.public.line))
    trust.check("m", CONTENT, [ours.sign(CONTENT)])
    written(tmp_path / "keys", f"# {ours.public.line}\n")
    with pytest.raises(Untrusted, match="does not name"):
        trust.check("m", CONTENT, [ours.sign(CONTENT)])
    trust.file.unlink()
    with pytest.raises(Untrusted, match="does not name"):
        trust.check("m", CONTENT, [ours.sign(CONTENT)])


def test_a_list_that_cannot_be_believed(tmp_path: Path) -> None:
    ours = PrivateKey(Ed25519PrivateKey.generate())
    path = tmp_path / "keys"
    for text, mode, said in (
        (f"{ours.public.line}\nssh-ed25519 nonsense\n", 0o644, "keys:2: .*no public key"),
        (ours.public.line, 0o646, "anybody may write"),
        ("#" * (2 << 20), 0o644, "larger than"),
    ):
        written(path, text, mode)
        with pytest.raises(Untrusted, match=said):
            Trust(True, path).check("m", CONTENT, [ours.sign(CONTENT)])
    with pytest.raises(Untrusted, match="cannot be read"):
        Trust(True, tmp_path).keys()
    assert os.stat(path)
