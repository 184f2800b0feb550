"""Where pages lie in an object store. Pure.

    packs/NAME          up to 8 pages one behind the other: 16 MiB. NAME is the BLAKE3 hash of their hashes, so a pack never changes
    files/DIGEST        a model's small file
    models/NAME.model   a model's record (published.py), written last: what it names is there

One object per page would cost a request per page in both directions, one per model would have to be written anew for every fine-tune. A range
of a pack is what a chunk of the mover is: adjoining pages in the order of use. A page that a record in the same place has in one of its
packs is not sent again, so a fine-tune costs what is new of it. Nothing is ever deleted or overwritten except a record by a newer one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blake3 import blake3
from google.protobuf.message import DecodeError

from aweigh.memory.store.name import check as check_name
from aweigh.proto.errors import InvalidRequest, StoreFailed
from aweigh.proto.v1 import published_pb2

PACK_PAGES = 8
MOST_PACK_PAGES = 64
HASH_BYTES = 32
_MODELS, _SUFFIX = "models/", ".model"


@dataclass(frozen=True, slots=True)
class Pack:
    """The hashes of its pages, by slot."""

    hashes: tuple[bytes, ...]

    @property
    def path(self) -> str:
        return f"packs/{blake3(b''.join(self.hashes)).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Place:
    """A page in a pack."""

    pack: Pack
    slot: int


def cut(hashes: Iterable[bytes]) -> Iterator[Pack]:
    """Packs of pages in their order, equal pages once."""
    waiting = list(dict.fromkeys(hashes))
    for first in range(0, len(waiting), PACK_PAGES):
        yield Pack(tuple(waiting[first : first + PACK_PAGES]))


def places(packs: Iterable[Pack]) -> dict[bytes, Place]:
    """By hash of the page."""
    return {name: Place(pack, slot) for pack in packs for slot, name in enumerate(pack.hashes)}


def runs(hashes: Sequence[bytes], known: Mapping[bytes, Place], most: int) -> Iterator[tuple[int, Place, int]]:
    """Neighbours that lie one behind the other in a pack: index of the first, its place, and how many. Pages without a place are left out."""
    at = 0
    while at < len(hashes):
        place = known.get(hashes[at])
        if place is None:
            at += 1
            continue
        count = 1
        while (
            count < most
            and at + count < len(hashes)
            and hashes[at + count : at + count + 1]
            == list(place.pack.hashes[place.slot + count : place.slot + count + 1])
        ):
            count += 1
        yield at, place, count
        at += count


def split(joined: bytes) -> tuple[bytes, ...]:
    """Hashes that stand one behind the other. Raises StoreFailed."""
    if len(joined) % HASH_BYTES:
        raise StoreFailed("a list of pages is torn")
    return tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))


def encode(packs: Iterable[Pack]) -> bytes:
    """For the catalog."""
    message = published_pb2.PublishedModel()
    message.packs.extend(published_pb2.PublishedModel.Pack(hashes=b"".join(pack.hashes)) for pack in packs)
    return message.SerializeToString()


def decode(data: bytes) -> list[Pack]:
    """What `encode` made. Raises StoreFailed."""
    try:
        message = published_pb2.PublishedModel.FromString(data)
    except DecodeError:
        raise StoreFailed("the catalog's list of packs is torn: pull the model again") from None
    return [Pack(split(pack.hashes)) for pack in message.packs]


def record_path(name: str) -> str:
    """Of a model's record. Raises InvalidRequest for a name that is none."""
    check_name(name)
    return f"{_MODELS}{name}{_SUFFIX}"


def name_of(path: str) -> str | None:
    """The model whose record is at a path; None if it is no such path."""
    if not path.startswith(_MODELS) or not path.endswith(_SUFFIX):
        return None
    name = path[len(_MODELS) : -len(_SUFFIX)]
    try:
        check_name(name)
    except InvalidRequest:
        return None
    return name


def file_path(digest: bytes) -> str:
    """Of a small file."""
    return f"files/{digest.hex()}"
