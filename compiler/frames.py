"""Messages over a pipe: four bytes little-endian length, then the message."""

from typing import BinaryIO

LIMIT = 1 << 28
"""Bytes of the largest frame that is read."""


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Raises OSError where the other end is gone."""
    stream.write(len(data).to_bytes(4, "little") + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next message; None at the end of the stream.

    Raises:
        EOFError: the stream ends within a message.
        ValueError: the message is longer than `LIMIT`.
    """
    head = stream.read(4)
    if not head:
        return None
    length = int.from_bytes(head, "little")
    if length > LIMIT:
        raise ValueError(f"a frame of {length} bytes is longer than {LIMIT}")
    data = stream.read(length)
    if len(head) < 4 or len(data) < length:
        raise EOFError("the stream ends within a message")
    return data
