"""Contents: kept while a lease or a reader wants them, counted before they are taken, believed when their digest is right."""

import pytest
import torch
from blake3 import blake3

from aweigh.memory import contents as contents_module
from aweigh.memory.contents import Contents
from aweigh.memory.host_arena import HostArena
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid, InvalidRequest, LeaseEnded, Overloaded
from aweigh.proto.program import Cast, Content, Manifest, Slot, View


def _put(contents: Contents, lease: str, data: bytes, digest: bytes | None = None, chunk: int = 7) -> bytes:
    digest = digest or blake3(data).digest()
    arriving = contents.begin(lease, digest, len(data))
    try:
        for begin in range(0, len(data), chunk):
            arriving.add(data[begin : begin + chunk])
        contents.arrived(arriving, arriving.proved())
    finally:
        contents.given_up(arriving)
    return digest


def _contents(*leases: str, most: int = 1000, most_of_lease: int = 1000) -> Contents:
    made = Contents(most, most_of_lease)
    for lease in leases:
        made.open(lease)
    return made


def test_a_model_reads_a_content_where_it_arrived() -> None:
    contents, arena = _contents("a"), HostArena()
    values = torch.arange(6, dtype=torch.float32)
    digest = _put(contents, "a", values.numpy().tobytes())
    found, missing = contents.read([digest])
    assert not missing
    leaf = Content(digest, DType.FLOAT32, (2, 3))
    slots = (Slot(DType.FLOAT32, (2, 3)), Slot(DType.FLOAT64, (2, 3)), Slot(DType.FLOAT32, (6,)))
    manifest = Manifest((leaf, Cast(leaf, DType.FLOAT64), View(leaf, (6,))))
    weights = load(manifest, slots, Sources(contents=found), arena)
    assert torch.equal(weights.tensor(0), values.view(2, 3))
    assert torch.equal(weights.tensor(1), values.view(2, 3).double())
    assert torch.equal(weights.tensor(2), values)
    assert weights.tensor(0).data_ptr() == found[digest].map().data_ptr()
    weights.close()
    assert arena.mapped_bytes() == 0
    with pytest.raises(CheckpointInvalid, match="needs 28"):
        wrong = Manifest((Content(digest, DType.FLOAT32, (7,)),))
        load(wrong, (Slot(DType.FLOAT32, (7,)),), Sources(contents=found), arena)
    with pytest.raises(CheckpointInvalid, match="put it"):
        load(Manifest((leaf,)), slots[:1], Sources(), arena)


def test_a_content_lives_while_a_lease_or_a_reader_does() -> None:
    contents = _contents("a", "b")
    digest = _put(contents, "a", b"weights")
    assert _put(contents, "b", b"weights") == digest
    assert contents.size == 7
    contents.end("a")
    assert contents.read([digest])[1] == []
    contents.end("b")
    assert contents.size == 7
    contents.release([digest])
    assert contents.size == 0
    assert contents.read([digest]) == ({}, [digest])


def test_where_one_is_missing_none_is_read() -> None:
    contents = _contents("a")
    digest, other = _put(contents, "a", b"weights"), blake3(b"other").digest()
    assert contents.read([digest, other]) == ({}, [other])
    contents.end("a")
    assert contents.size == 0


def test_what_is_not_what_was_declared_is_refused() -> None:
    contents = _contents("a")
    with pytest.raises(InvalidRequest, match="digest"):
        _put(contents, "a", b"weights", blake3(b"other").digest())
    arriving = contents.begin("a", blake3(b"abc").digest(), 3)
    with pytest.raises(InvalidRequest, match="more bytes"):
        arriving.add(b"abcd")
    arriving.add(b"ab")
    with pytest.raises(InvalidRequest, match="2 bytes of a content came, 3 were declared"):
        arriving.proved()
    contents.given_up(arriving)
    assert contents.size == 0


def test_bytes_are_counted_before_they_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = _contents("a", "b", "c", most=100, most_of_lease=60)
    digest = blake3(b"").digest()
    first = contents.begin("a", digest, 60)
    with pytest.raises(Overloaded, match="a lease may put 60 bytes"):
        contents.begin("a", digest, 1)
    with pytest.raises(Overloaded, match="no room"):
        contents.begin("b", digest, 41)
    second = contents.begin("b", digest, 40)
    contents.given_up(first)
    contents.given_up(second)
    contents.given_up(second)
    assert contents.size == 0
    monkeypatch.setattr(contents_module, "Anonymous", pytest.fail)
    with pytest.raises(Overloaded):
        _contents("a", most=1 << 62, most_of_lease=1 << 62).begin("a", digest, 1 << 60)


def test_nothing_is_kept_for_a_lease_that_is_over() -> None:
    contents = _contents("a")
    with pytest.raises(LeaseEnded):
        contents.begin("b", blake3(b"abc").digest(), 3)
    arriving = contents.begin("a", blake3(b"abc").digest(), 3)
    arriving.add(b"abc")
    contents.end("a")
    with pytest.raises(LeaseEnded):
        contents.arrived(arriving, arriving.proved())
    assert contents.size == 0


def test_a_content_of_no_bytes_is_one() -> None:
    contents = _contents("a")
    digest = _put(contents, "a", b"")
    found, _ = contents.read([digest])
    weights = load(
        Manifest((Content(digest, DType.FLOAT32, (0, 3)),)),
        (Slot(DType.FLOAT32, (0, 3)),),
        Sources(contents=found),
        HostArena(),
    )
    assert weights.tensor(0).shape == (0, 3)
