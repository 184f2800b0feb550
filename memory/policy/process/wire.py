"""What is said over the pipe to a user's policy: frames of a kind (uint8), a length (uint32) and so many bytes, all little-endian.

There is no pickle and no JSON: a batch of records is an array, and nothing in a frame can be more than the numbers it stands for. The
parent believes no frame of the child; lengths are checked before anything is kept.
"""

import math
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aweigh.memory.policy.base import Drop, Fetch, Item, Pin, Prefer, Record, Suggestion, Unpin, View

RECORDS, ITEMS, FORGOTTEN, ARRIVED, DROPPED, ASK = range(1, 7)  # to the child
READY, FAILED, ANSWER = range(101, 104)  # from the child
MOST_SUGGESTIONS = 4096  # of an answer; a manager takes fewer
MOST_ANSWER_BYTES = 1 << 20
_HEAD = struct.Struct("<BI")
_RECORD = struct.Struct("<dIQ")  # time, extent, uses
_ITEM = struct.Struct("<IIQIdH")  # id, frames, bytes, order, fetch seconds, models
_TIMED = struct.Struct("<dI")  # time, extent
_QUESTION = struct.Struct("<IdIIIIIIII")
_ANSWERED = struct.Struct("<IdI")  # number, wakes (NaN: never), suggestions
_SUGGESTION = struct.Struct("<BIdB")  # kind, extent, cost or time, bytes of a tier's name
_LENGTH = struct.Struct("<H")
_KINDS: tuple[type[Suggestion], ...] = (Fetch, Drop, Pin, Unpin, Prefer)
_IDS = "I"


class NoAnswer(ValueError):
    """Bytes that no honest child sends."""


@dataclass(slots=True)
class Frames:
    """Bytes as they come, cut into frames. A frame of more than `most` bytes raises NoAnswer when its head is there."""

    most: int
    _bytes: bytearray = field(default_factory=bytearray)

    def add(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Kind and content of every frame that is whole now."""
        self._bytes += data
        while len(self._bytes) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._bytes)
            if length > self.most:
                raise NoAnswer(f"a message of {length} bytes, where {self.most} are the most")
            end = _HEAD.size + length
            if len(self._bytes) < end:
                return
            content = bytes(self._bytes[_HEAD.size : end])
            del self._bytes[:end]
            yield kind, content


def frame(kind: int, content: bytes = b"") -> bytes:
    return _HEAD.pack(kind, len(content)) + content


def pack_records(records: Iterable[Record]) -> bytes:
    pack = _RECORD.pack
    return b"".join([pack(*record) for record in records])


def unpack_records(content: bytes) -> list[Record]:
    return [Record(*fields) for fields in _RECORD.iter_unpack(content)]


def pack_items(items: Iterable[Item]) -> bytes:
    parts = []
    for item in items:
        parts.append(
            _ITEM.pack(item.id, item.frames, item.bytes, item.order, item.fetch_seconds, len(item.models))
            + b"".join(map(_text, item.models))
        )
    return b"".join(parts)


def unpack_items(content: bytes) -> Iterator[Item]:
    position = 0
    while position < len(content):
        number, frames, size, order, seconds, models = _ITEM.unpack_from(content, position)
        position += _ITEM.size
        names = []
        for _ in range(models):
            name, position = _read_text(content, position)
            names.append(name)
        yield Item(number, frames, size, tuple(names), order, seconds)


def pack_timed(time: float, extent: int) -> bytes:
    return _TIMED.pack(time, extent)


def unpack_timed(content: bytes) -> tuple[float, int]:
    time, extent = _TIMED.unpack(content)
    return time, extent


def pack_ids(ids: Iterable[int]) -> bytes:
    return array(_IDS, ids).tobytes()


def unpack_ids(content: bytes) -> "array[int]":
    ids = array(_IDS)
    ids.frombytes(content)
    return ids


def pack_question(number: int, view: View) -> bytes:
    """All of a view but its items."""
    collections = (view.resident, view.held, view.moving, view.wanted)
    head = (number, view.time, view.budget_frames, view.free_frames, view.need_frames)
    return b"".join(
        (
            _QUESTION.pack(*head, *map(len, collections), len(view.running)),
            *map(pack_ids, collections),
            *(_text(name) + pack_ids((place,)) for name, place in view.running.items()),
        )
    )


def unpack_question(content: bytes, items: Mapping[int, Item]) -> tuple[int, View]:
    number, time, budget, free, need, *sizes, running = _QUESTION.unpack_from(content)
    position = _QUESTION.size
    collections = []
    for size in sizes:
        end = position + size * array(_IDS).itemsize
        collections.append(dict.fromkeys(unpack_ids(content[position:end])))
        position = end
    resident, held, moving, wanted = collections
    places = {}
    for _ in range(running):
        name, position = _read_text(content, position)
        places[name] = unpack_ids(content[position : position + 4])[0]
        position += 4
    return number, View(time, budget, free, need, resident, held, moving, items, places, tuple(wanted))


def pack_answer(number: int, wakes: float | None, suggestions: Sequence[Any]) -> bytes:
    """Raises TypeError for what is no suggestion."""
    parts = [_ANSWERED.pack(number, math.nan if wakes is None else wakes, len(suggestions))]
    for suggestion in suggestions:
        match suggestion:
            case Fetch(extent, value) | Drop(extent, value) | Pin(extent, value):
                tier = b""
            case Unpin(extent):
                value, tier = 0.0, b""
            case Prefer(extent, name):
                value, tier = 0.0, name.encode()[:255].decode(errors="ignore").encode()
            case _:
                raise TypeError(
                    f"{type(suggestion).__name__} is no suggestion: yield Fetch, Drop, Pin, Unpin or Prefer"
                )
        if not 0 <= extent < 1 << 32:
            extent = (1 << 32) - 1  # nobody has this one: the parent counts it as impossible
        parts.append(_SUGGESTION.pack(_KINDS.index(type(suggestion)), extent, value, len(tier)) + tier)
    return b"".join(parts)


def unpack_answer(content: bytes) -> tuple[int, float | None, list[Suggestion]]:
    """Number of the question, when the policy wants to be asked again, suggestions. Raises NoAnswer, whatever the bytes are."""
    try:
        number, wakes, count = _ANSWERED.unpack_from(content)
        if count > MOST_SUGGESTIONS:
            raise NoAnswer(f"{count} suggestions, where {MOST_SUGGESTIONS} are the most")
        position = _ANSWERED.size
        suggestions = []
        for _ in range(count):
            kind, extent, value, length = _SUGGESTION.unpack_from(content, position)
            position += _SUGGESTION.size
            tier = content[position : position + length].decode()
            position += length
            suggestions.append(_suggestion(_KINDS[kind], extent, value, tier))
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        raise NoAnswer(f"an answer that cannot be read ({error})") from None
    if position != len(content):
        raise NoAnswer("an answer with bytes left over")
    return number, wakes if math.isfinite(wakes) else None, suggestions


def _suggestion(kind: type[Suggestion], extent: int, value: float, tier: str) -> Suggestion:
    if kind is Unpin:
        return Unpin(extent)
    if kind is Prefer:
        return Prefer(extent, tier)
    assert kind is Fetch or kind is Drop or kind is Pin
    return kind(extent, value)


def _text(text: str) -> bytes:
    data = text.encode()[:65535]
    return _LENGTH.pack(len(data)) + data


def _read_text(content: bytes, position: int) -> tuple[str, int]:
    (length,) = _LENGTH.unpack_from(content, position)
    begin = position + _LENGTH.size
    return content[begin : begin + length].decode(errors="replace"), begin + length
