"""The models that the door serves: opened at their first request, and again when another one was published by the same name.

What has lost its name, to another model or because it was removed, goes from the workers when the last answer of it has ended.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import grpc

from aweigh.proto.errors import AweighError, InvalidRequest, ModelNotFound, UnsupportedModel
from aweigh.proto.v1 import engine_pb2
from aweigh.proto.v1 import published_pb2 as pb
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http.chat_template import ChatTemplate
from aweigh.serverless.http.defaults import Defaults
from aweigh.serverless.http.errors import NoWorker
from aweigh.serverless.http.tokenizer import Tokenizer
from aweigh.serverless.published import Published

_log = logging.getLogger(__name__)
MOST_OPEN = 256  # tokenizers of some megabytes each


@dataclass(slots=True)
class ServedModel:
    """A published model, as the door needs it. `source`: what a worker is told to load, once it is known. `answers`: that are being made of it;
    `retired`: it has lost its name."""

    opened: pb.OpenedModel
    tokenizer: Tokenizer
    template: ChatTemplate | None
    defaults: Defaults
    source: engine_pb2.LoadModelRequest | None = None
    preparing: asyncio.Lock = field(default_factory=asyncio.Lock)
    answers: int = 0
    retired: bool = False

    @property
    def name(self) -> str:
        return self.opened.entry.name

    def chat_template(self) -> ChatTemplate:
        """Raises InvalidRequest where the model has none."""
        if self.template is None:
            raise InvalidRequest(f"{self.name} has no chat template: use /v1/completions")
        return self.template


class Models:
    """Opens what is asked for, once however many ask at the same time, and keeps the last MOST_OPEN."""

    def __init__(self, published: Published, door: FrontDoor) -> None:
        self.published = published
        self._door = door
        self._open: dict[str, ServedModel] = {}
        self._opening: dict[str, asyncio.Task[ServedModel]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def get(self, name: str) -> ServedModel:
        """Raises ModelNotFound, UnsupportedModel, StoreFailed, PeerFailed."""
        try:
            entry = await self.published.entry(name)
        except ModelNotFound:
            self._retire(name)
            raise
        known = self._open.get(name)
        if known is not None and known.opened.entry.content == entry.content:
            self._open[name] = self._open.pop(name)
            return known
        task = self._opening.get(name)
        if task is None:
            task = self._opening[name] = asyncio.create_task(self._opened(name))
            task.add_done_callback(lambda _: self._opening.pop(name))
        return await asyncio.shield(task)

    async def ready(self, model: ServedModel) -> engine_pb2.LoadModelRequest:
        """Where it is not loaded it is loaded now. Raises what stands in the way, NoWorker."""
        if not self._door.placement.ready:
            raise NoWorker("no worker is ready: retry in a moment")
        async with model.preparing:
            if model.source is None:
                model.source = await self.published.program(model.opened)
            if model.source.model not in self._door.placement.models:
                await self._door.load(model.source)
        return model.source

    @contextlib.contextmanager
    def answering(self, model: ServedModel) -> Iterator[None]:
        """While an answer is made of a model it stays. Raises ModelNotFound where it has gone already."""
        if model.retired:
            raise ModelNotFound(f"{model.name} was removed or replaced just now: ask again")
        model.answers += 1
        try:
            yield
        finally:
            model.answers -= 1
            self._leave_if_unused(model)

    def _retire(self, name: str) -> None:
        model = self._open.pop(name, None)
        if model is not None:
            model.retired = True
            self._leave_if_unused(model)

    def _leave_if_unused(self, model: ServedModel) -> None:
        if model.retired and not model.answers and model.source is not None:
            task = asyncio.create_task(self._leave(model.source.model))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _leave(self, engine_name: str) -> None:
        try:
            await self._door.unload(engine_pb2.UnloadModelRequest(model=engine_name))
        except (AweighError, grpc.RpcError) as error:  # it went with its worker
            _log.info("model %s was not unloaded: %s", engine_name, error)

    async def _opened(self, name: str) -> ServedModel:
        opened = await self.published.open(name)
        model = await asyncio.to_thread(_read, opened)
        self._retire(name)
        self._open[name] = model
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        return model


def _read(opened: pb.OpenedModel) -> ServedModel:
    files = dict(opened.files)
    if "tokenizer.json" not in files:
        raise UnsupportedModel(
            f"{opened.entry.name} was published without a tokenizer.json: save one beside its weights and publish it again"
        )
    tokenizer = Tokenizer(files["tokenizer.json"])
    model = ServedModel(opened, tokenizer, ChatTemplate.of(files), Defaults.of(files, tokenizer))
    for path in list(opened.files):
        del opened.files[path]  # megabytes that nobody asks for again
    opened.files["config.json"] = files.get("config.json", b"{}")
    return model
