"""One request's generation: calls to an engine in, pieces of choices out.

Each prompt is a call of its own, so that no answer depends on who came along; copies of one prompt (`n`) are rows of one call and share its
prefill. Where all choices have ended by a stop string the call is left, which cancels it and frees its blocks.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, aclosing
from dataclasses import dataclass

from aweigh.proto.errors import DeadlineMissed
from aweigh.proto.status import from_kind
from aweigh.proto.v1 import generation_pb2
from aweigh.serverless.front_door import FrontDoor
from aweigh.serverless.http.choice import LENGTH, STOP, Choice, Piece
from aweigh.serverless.http.metrics import OfModel

_REASONS = {
    generation_pb2.FINISH_REASON_STOP: STOP,
    generation_pb2.FINISH_REASON_LENGTH: LENGTH,
    generation_pb2.FINISH_REASON_TIME: LENGTH,
}


@dataclass(slots=True)
class Usage:
    """Tokens, as they are counted for whoever pays for them."""

    prompt: int = 0
    cached: int = 0
    generated: int = 0


class Generation:
    """`calls`: one per prompt; `choices`: those of the first call, then those of the second, and so on."""

    def __init__(
        self,
        door: FrontDoor,
        lease: str,
        tenant: str,
        calls: Sequence[generation_pb2.GenerateRequest],
        choices: Sequence[Choice],
        metrics: OfModel,
        during: AbstractContextManager[None],
        began: float,
    ) -> None:
        """`during`: entered while pieces are made. `began`: when the request came, by `time.perf_counter`."""
        self.usage = Usage(prompt=sum(len(call.prompts[0].tokens) for call in calls))
        self._door = door
        self._lease = lease
        self._tenant = tenant
        self._calls = calls
        self._choices = choices
        self._of_model = metrics
        self._during = during
        self._began = self._last = began
        self._any = False

    async def pieces(self) -> AsyncGenerator[list[Piece], None]:
        """What there is to say, step by step; the first item says that an engine has begun, and may be empty.

        Raises typed errors.
        """
        copies = len(self._choices) // len(self._calls)
        parts = [
            self._pieces(call, self._choices[at * copies : (at + 1) * copies]) for at, call in enumerate(self._calls)
        ]
        stream = parts[0] if len(parts) == 1 else _merged(parts)
        try:
            with self._during:
                async with aclosing(stream):
                    async for pieces in stream:
                        yield pieces
        except (GeneratorExit, asyncio.CancelledError):
            self._of_model.finished("abort")
            raise
        else:
            for choice in self._choices:
                self._of_model.finished(choice.finish or LENGTH)
        finally:
            self.usage.generated = sum(choice.generated for choice in self._choices)
            self._of_model.over(self.usage.prompt, self.usage.generated, time.perf_counter() - self._began)

    async def _pieces(
        self, call: generation_pb2.GenerateRequest, choices: Sequence[Choice]
    ) -> AsyncGenerator[list[Piece], None]:
        async with aclosing(self._door.generate(self._lease, call, self._tenant)) as events:
            async for event in events:
                if event.HasField("failure"):
                    raise from_kind(event.failure.kind, event.failure.message)
                if event.rows:
                    self._timed()
                pieces = [choices[row.row].feed(row.tokens, row.logprobs) for row in event.rows]
                if event.HasField("finished"):
                    pieces += self._finished(event.finished, choices)
                yield [piece for piece in pieces if piece is not None]
                if all(isinstance(choice.stopped, str) for choice in choices):
                    return

    def _finished(
        self, finished: generation_pb2.GenerateEvent.Finished, choices: Sequence[Choice]
    ) -> list[Piece | None]:
        self.usage.cached += finished.usage.cached_tokens
        self._of_model.engine(finished.usage)
        if generation_pb2.FINISH_REASON_CANCELLED in finished.reasons:
            raise DeadlineMissed("the call was cancelled in the engine: retry")
        return [
            choice.end(_REASONS.get(reason, STOP)) for choice, reason in zip(choices, finished.reasons, strict=True)
        ]

    def _timed(self) -> None:
        now = time.perf_counter()
        if self._any:
            self._of_model.token(now - self._last)
        else:
            self._any = True
            self._of_model.first_token(now - self._began)
        self._last = now


async def _merged(parts: Sequence[AsyncGenerator[list[Piece], None]]) -> AsyncGenerator[list[Piece], None]:
    """Items of all, as they come; the first error ends all of them."""
    queue: asyncio.Queue[list[Piece] | BaseException | None] = asyncio.Queue(maxsize=len(parts))

    async def drain(part: AsyncGenerator[list[Piece], None]) -> None:
        try:
            async with aclosing(part):
                async for item in part:
                    await queue.put(item)
            await queue.put(None)
        except Exception as error:  # noqa: BLE001 - raised again by whoever reads the queue
            await queue.put(error)

    tasks = [asyncio.create_task(drain(part)) for part in parts]
    try:
        left = len(parts)
        while left:
            item = await queue.get()
            if isinstance(item, BaseException):
                raise item
            if item is None:
                left -= 1
            else:
                yield item
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
