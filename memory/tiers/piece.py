"""A `PagePiece` of the wire, written and read without copying its megabyte more than once. Legend: B bytes.

The generated code copies the data into a message, out of it into the wire's bytes, and so again on the other side: with it pages came at two
fifths of the speed of a bare gRPC stream. The bytes here are those of the protobuf encoding (tests compare), so any other client can be made from
the .proto file.
"""

from google.protobuf.message import DecodeError

from aweigh.proto.errors import PeerFailed
from aweigh.proto.v1 import pages_pb2

FETCH = "/aweigh.v1.Pages/Fetch"
_PAGE, _OFFSET, _DATA = 0x08, 0x10, 0x1A  # field number and wire type


def encode(page: int, offset: int, data_B: memoryview) -> bytes:
    """The message."""
    head = bytearray()
    for tag, value in ((_PAGE, page), (_OFFSET, offset)):
        if value:
            head.append(tag)
            _varint(head, value)
    head.append(_DATA)
    _varint(head, len(data_B))
    return b"".join((head, data_B))


def decode(message: bytes) -> tuple[int, int, memoryview]:
    """Page, offset and data. Raises PeerFailed for what is no such message."""
    page = offset = at = 0
    try:
        while at < len(message):
            tag = message[at]
            value, after = _number(message, at + 1)
            if tag == _PAGE:
                page = value
            elif tag == _OFFSET:
                offset = value
            elif tag == _DATA and after + value == len(message):
                return page, offset, memoryview(message)[after:]
            else:
                break
            at = after
        piece = pages_pb2.PagePiece.FromString(message)  # legal, and not in the order in which we write it
    except (DecodeError, IndexError):
        raise PeerFailed("it gave what is no piece of a page") from None
    return piece.page, piece.offset, memoryview(piece.data)


def _varint(into: bytearray, value: int) -> None:
    while value >= 0x80:
        into.append(value & 0x7F | 0x80)
        value >>= 7
    into.append(value)


def _number(message: bytes, at: int) -> tuple[int, int]:
    """A varint, and where it ends."""
    value = shift = 0
    while shift < 35:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFF, at
        shift += 7
    raise IndexError("no 32 bits are so long")
