"""Models of the store and their Programs, asked of the processes of the rooms that know: this room imports neither."""

import asyncio
import json
import time

from aweigh.proto.errors import ModelNotFound
from aweigh.proto.status import from_kind
from aweigh.proto.v1 import compiler_pb2, engine_pb2
from aweigh.proto.v1 import published_pb2 as pb
from aweigh.serverless.child import Child

LIST_SECONDS = 1.0
"""A list is this old at most."""


class Published:
    """What `aweigh publish` has stored, and what it takes to load it."""

    def __init__(self) -> None:
        self._store = Child("aweigh.memory.store", idle=600.0, patience=60.0)
        self._compiler = Child("aweigh.compiler", idle=60.0, patience=600.0)
        self._entries: dict[str, pb.StoredEntry] = {}
        self._listed_at = float("-inf")
        self._listing = asyncio.Lock()

    async def entries(self) -> dict[str, pb.StoredEntry]:
        """By name, in its order. Raises StoreFailed, PeerFailed."""
        async with self._listing:
            if time.monotonic() - self._listed_at > LIST_SECONDS:
                answer = await self._ask(pb.StoreRequest(list=pb.ListStored()))
                self._entries = {entry.name: entry for entry in answer.models}
                self._listed_at = time.monotonic()
        return self._entries

    async def entry(self, name: str) -> pb.StoredEntry:
        """Raises ModelNotFound, StoreFailed, PeerFailed."""
        entry = (await self.entries()).get(name)
        if entry is None:
            raise ModelNotFound(
                f"the model {name!r} does not exist: `aweigh publish DIRECTORY --as NAME` makes one, /v1/models lists them"
            )
        return entry

    async def open(self, name: str) -> pb.OpenedModel:
        """Raises ModelNotFound, StoreFailed, PeerFailed."""
        return (await self._ask(pb.StoreRequest(open=pb.OpenStored(name=name)))).opened

    async def program(self, opened: pb.OpenedModel) -> engine_pb2.LoadModelRequest:
        """What a worker is told to load. Raises UnsupportedModel, CheckpointInvalid, PeerFailed."""
        question = compiler_pb2.CompileRequest(directory=opened.directory, dtype=_dtype(opened))
        data = await self._compiler.ask(question.SerializeToString(), _is_answer)
        answer = compiler_pb2.CompileAnswer.FromString(data)
        if answer.HasField("failure"):
            raise from_kind(answer.failure.kind, answer.failure.sentence)
        compiled = answer.compiled
        return engine_pb2.LoadModelRequest(
            model=f"{opened.entry.name}@{opened.entry.content.hex()[:16]}",
            program=compiled.program,
            manifest=compiled.manifest,
            directory=opened.directory,
            limits=compiled.limits,
            fingerprint=compiled.fingerprint,
        )

    async def close(self) -> None:
        await self._store.close()
        await self._compiler.close()

    async def _ask(self, request: pb.StoreRequest) -> pb.StoreAnswer:
        answer = pb.StoreAnswer.FromString(await self._store.ask(request.SerializeToString()))
        if answer.HasField("failure"):
            raise from_kind(answer.failure.kind, answer.failure.message)
        return answer


def _is_answer(data: bytes) -> bool:
    return not compiler_pb2.CompileAnswer.FromString(data).HasField("progress")


def _dtype(opened: pb.OpenedModel) -> str:
    """Of the configuration, as every script gets it that asks for none."""
    try:
        config = json.loads(opened.files.get("config.json", b"{}"))
        said = config.get("dtype") or config.get("torch_dtype")
    except (ValueError, RecursionError, AttributeError):
        said = None
    return str(said).removeprefix("torch.") if said else "float32"
