"""From a Program and its weights to a place: the manifest says where each weight's bytes are, and what the engine lacks is put there.

A weight that lies in a file is named by its place in it; an engine that cannot find it there (it is on another machine, or the file is
another by now) is given the content instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import torch

from aweigh.compiler.offload.connection import Connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.compiler.offload.module import ledger
from aweigh.compiler.offload.module.ledger import Entry
from aweigh.compiler.progress import Tell
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.errors import CheckpointInvalid, ModelNotFound, Overloaded
from aweigh.proto.v1 import compiler_pb2, engine_pb2, program_pb2

_ROUNDS = 4  # of loading and putting what is missing: the front door may choose another worker in between


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Program is loaded with these weights: its name there, the worker's address, and the lease that it is loaded under."""

    model: str
    address: str
    lease: str
    entries: tuple[Entry, ...]

    def of(self, weights: list[torch.Tensor]) -> bool:
        """Whether it was loaded for these tensors, whatever their values were."""
        return all(entry.tensor() is weight for entry, weight in zip(self.entries, weights, strict=False))

    def holds(self, weights: list[torch.Tensor]) -> bool:
        """Whether it has the values of these tensors, as far as that can be told without reading them."""
        return all(entry.unchanged(weight) for entry, weight in zip(self.entries, weights, strict=False))


class Named(Protocol):
    """Anything that is loaded under a name."""

    @property
    def model(self) -> str:
        """Its name on the engine."""


def load(live: Connection, compiled: compiler_pb2.Compiled, named: dict[str, torch.Tensor], tell: Tell) -> Place:
    """`named`: tensors by the keys that the compiled manifest uses.

    Raises the typed errors of LoadModel and PutContent, and UnsupportedModel for a weight that cannot travel.
    """
    try:
        return _loaded(live, compiled, named, tell, content=False)
    except (CheckpointInvalid, ModelNotFound):
        if all(entry.digest is not None for entry in ledger.entries(named.values())):
            raise
        return _loaded(live, compiled, named, tell, content=True)


def _loaded(
    live: Connection, compiled: compiler_pb2.Compiled, named: dict[str, torch.Tensor], tell: Tell, *, content: bool
) -> Place:
    found = dict(zip(named, ledger.entries(named.values(), content=content), strict=True))
    held = {entry.digest: named[name] for name, entry in found.items() if entry.digest is not None}
    request = engine_pb2.LoadModelRequest(
        program=compiled.program,
        manifest=_manifest(compiled.manifest, found),
        fingerprint=compiled.fingerprint,
        lease=live.lease,
    )
    for _ in range(_ROUNDS):
        tell("loading")
        placement = live.ask(lambda: live.front_door.LoadModel, request)
        missing = list(placement.model.missing)
        if not missing:
            return Place(placement.model.model, placement.address, live.lease, tuple(found.values()))
        tell("sending weights")
        put(live, placement.address, {digest: held[digest] for digest in missing})
    raise Overloaded("the engine does not keep the weights that it is given: it has too little memory for them")


def put(live: Connection, address: str, contents: Mapping[bytes, torch.Tensor]) -> None:
    """Sends the bytes of tensors, by their digests, to the worker at `address`. Raises the typed errors of PutContent."""
    parts = [(digest, ledger.bytes_of(tensor)) for digest, tensor in contents.items()]
    couriers().ask(partial(_put, live, address, parts))


def unload(live: Connection, place: Named) -> None:
    """Best effort: whoever else uses it loads it again."""
    with suppress(ModelNotFound):
        live.ask(lambda: live.front_door.UnloadModel, engine_pb2.UnloadModelRequest(model=place.model))


def _manifest(given: program_pb2.Manifest, found: dict[str, Entry]) -> program_pb2.Manifest:
    made = program_pb2.Manifest()
    made.CopyFrom(given)
    for slot in made.slots:
        _fill(slot, found)
    return made


def _fill(node: program_pb2.WeightExpression, found: dict[str, Entry]) -> None:
    """Puts what is known in the place of names, in a tree of expressions."""
    kind = node.WhichOneof("node")
    if kind == "tensor":
        node.CopyFrom(found[node.tensor].expression)
    elif kind in ("stack", "concatenate"):
        for source in getattr(node, kind).sources:
            _fill(source, found)
    elif kind in ("permute", "view", "chunk", "cast"):
        _fill(getattr(node, kind).source, found)


# On a courier


def _put(live: Connection, address: str, parts: Sequence[tuple[bytes, memoryview]], errand: Errand[Any]) -> Any:
    return live.upload(errand, live.worker(address), _chunks(live.lease, parts), method="PutContent")


def _chunks(lease: str, parts: Sequence[tuple[bytes, memoryview]]) -> Iterator[Any]:
    for digest, view in parts:
        for begin in range(0, max(len(view), 1), CHUNK_BYTES):
            chunk = engine_pb2.ContentChunk(data=view[begin : begin + CHUNK_BYTES].tobytes())
            if not begin:
                chunk.lease, chunk.digest, chunk.size = lease, digest, len(view)
            yield chunk
