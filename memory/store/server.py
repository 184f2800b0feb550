"""The store's process: `python -m aweigh.memory.store`, a child of whoever serves stored models and does not import this room.

A request from standard input, an answer to standard output, until the input ends or nothing is asked for a while. Nothing of a model is held between two requests.
"""

import ctypes
import os
import select
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from google.protobuf.message import DecodeError

from aweigh.memory.store.catalog import Store, reading
from aweigh.memory.store.export import assets_of
from aweigh.memory.store.headers import directory_of
from aweigh.memory.store.placed import is_source, place
from aweigh.memory.store.stored import Stored
from aweigh.proto.errors import AweighError
from aweigh.proto.v1 import generation_pb2
from aweigh.proto.v1 import published_pb2 as pb

_LIMIT = 1 << 16  # bytes of a request
_PR_SET_PDEATHSIG = 1


def serve(store: Store, idle: float) -> None:
    """Serves until the parent closes the pipe or dies, or asks for nothing for `idle` seconds."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while select.select([requests], [], [], idle)[0] and (data := _read(requests)) is not None:
        reply = answer(store, data).SerializeToString()
        answers.write(len(reply).to_bytes(4, "little") + reply)
        answers.flush()


def answer(store: Store, data: bytes) -> pb.StoreAnswer:
    """To one request; whatever is wrong with it or with the store is in the answer."""
    try:
        request = pb.StoreRequest.FromString(data)
        if request.WhichOneof("request") == "open":
            return pb.StoreAnswer(opened=_opened(store, request.open.name))
        return pb.StoreAnswer(models=_listed(store))
    except AweighError as error:
        return pb.StoreAnswer(failure=generation_pb2.Failure(kind=type(error).__name__, message=str(error)))
    except DecodeError:
        return pb.StoreAnswer(failure=generation_pb2.Failure(kind="InvalidRequest", message="this is no StoreRequest"))


def _listed(store: Store) -> list[pb.StoredEntry]:
    if not store.exists:
        return []
    with store.catalog("listing the store") as connection, reading(connection):
        rows = connection.execute("SELECT name, content, published FROM models ORDER BY name").fetchall()
    return [pb.StoredEntry(name=name, content=content, published=published) for name, content, published in rows]


def _opened(store: Store, name: str) -> pb.OpenedModel:
    with Stored(store, name, absent=True) as stored:
        assets = assets_of(store, stored)
        with store.catalog(f"opening {name}") as connection, reading(connection):
            source, published = connection.execute(
                "SELECT source, published FROM models WHERE name = ?", (name,)
            ).fetchone() or ("", 0.0)
            directories = (Path(source), directory_of(store, name))
            found = next(
                (path for path in directories if path.is_absolute() and is_source(connection, name, path)), None
            )
        if found is None:
            found = place(store, name, list(stored.tensors.values()), assets, stored.content)
    entry = pb.StoredEntry(name=name, content=stored.content, published=published)
    return pb.OpenedModel(entry=entry, directory=str(found), files=assets)


def _read(stream: BinaryIO) -> bytes | None:
    """The next request; None at the end, or where the other side talks nonsense."""
    length = int.from_bytes(stream.read(4), "little")
    if not 0 < length <= _LIMIT:
        return None
    data = stream.read(length)
    return data if len(data) == length else None
