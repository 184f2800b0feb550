"""Pieces as the wire has them are those of the generated code."""

import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers

from aweigh.memory.tiers.piece import decode, encode
from aweigh.proto.errors import PeerFailed
from aweigh.proto.v1.pages_pb2 import PagePiece

NUMBERS = integers(0, (1 << 32) - 1)


def whole(message: bytes) -> tuple[int, int, bytes]:
    page, offset, data = decode(message)
    return page, offset, bytes(data)


@given(page=NUMBERS, offset=NUMBERS, data=binary(min_size=1, max_size=300))
def test_both_ways(page: int, offset: int, data: bytes) -> None:
    message = PagePiece(page=page, offset=offset, data=data)
    assert PagePiece.FromString(encode(page, offset, memoryview(data))) == message
    assert whole(message.SerializeToString()) == (page, offset, data)
    backwards = PagePiece(data=data).SerializeToString() + PagePiece(page=page, offset=offset).SerializeToString()
    assert whole(backwards) == (page, offset, data)


@given(binary(max_size=64))
def test_noise(noise: bytes) -> None:
    try:
        page, offset, data = whole(noise)
    except PeerFailed:
        return
    piece = PagePiece.FromString(noise)
    assert (piece.page, piece.offset, piece.data) == (page, offset, data)


@pytest.mark.parametrize(
    "message", [b"\x08", b"\x08\xff\xff\xff\xff\xff\xff", b"\x1a\x05abc", b"\x1a\xff\xff\xff\xff\x0f"]
)
def test_torn(message: bytes) -> None:
    with pytest.raises(PeerFailed):
        decode(message)
