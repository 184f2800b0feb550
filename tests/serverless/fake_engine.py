"""An Engine that counts: each request yields the tokens 0, 1, 2 ... until its limit. Runs on the test's own loop."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc

from aweigh.proto.errors import CheckpointInvalid
from aweigh.proto.status import abort_arguments
from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2


class FakeEngine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.loads: list[str] = []
        self.drafts: list[tuple[str, str]] = []  # of each load, the model and who drafts for it
        self.contents: set[bytes] = set()
        self.leases: set[str] = set()
        self.cancelled: set[int] = set()
        self.hold: asyncio.Event | None = None  # set: requests wait for it before their second token
        self._tasks: set[asyncio.Task[None]] = set()

    async def LoadModel(self, request: engine_pb2.LoadModelRequest, context: Any) -> engine_pb2.ModelDescription:
        if request.directory == "/bad":
            code, details, metadata = abort_arguments(CheckpointInvalid("tensor 'x' ends past the file"))
            await context.abort(code, details, metadata)
        read = [slot.content.digest for slot in request.manifest.slots if slot.HasField("content")]
        if missing := [digest for digest in read if digest not in self.contents]:
            return engine_pb2.ModelDescription(model=request.model, missing=missing)
        again = request.model in self.loads
        self.loads.append(request.model)
        self.drafts.append((request.model, request.draft))
        return engine_pb2.ModelDescription(model=request.model, weight_bytes=10, already_loaded=again)

    async def UnloadModel(self, request: engine_pb2.UnloadModelRequest, context: Any) -> engine_pb2.UnloadModelResponse:
        self.loads.remove(request.model)
        return engine_pb2.UnloadModelResponse()

    async def Stats(self, request: engine_pb2.StatsRequest, context: Any) -> engine_pb2.StatsResponse:
        return engine_pb2.StatsResponse(device="fake", leases=len(self.leases))

    async def Work(
        self, request_iterator: AsyncIterator[engine_pb2.WorkCommand], context: Any
    ) -> AsyncIterator[engine_pb2.WorkEvents]:
        out: asyncio.Queue[engine_pb2.WorkEvents | None] = asyncio.Queue()

        async def read() -> None:
            async for command in request_iterator:
                if command.HasField("lease"):
                    self.leases.add(command.lease.lease)
                    if command.lease.ended:
                        self.leases.discard(command.lease.lease)
                    else:
                        out.put_nowait(engine_pb2.WorkEvents(leases=[command.lease.lease]))
                elif command.HasField("cancel"):
                    self.cancelled.add(command.cancel.request)
                else:
                    task = asyncio.create_task(self._answer(command.submit, out))
                    self._tasks.add(task)
            out.put_nowait(None)

        reader = asyncio.create_task(read())
        while (events := await out.get()) is not None:
            yield events
        reader.cancel()

    async def _answer(
        self, submit: engine_pb2.WorkCommand.Submit, out: "asyncio.Queue[engine_pb2.WorkEvents | None]"
    ) -> None:
        for token in range(submit.generate.sampling.max_new_tokens):
            if token == 1 and self.hold is not None:
                await self.hold.wait()
            if submit.request in self.cancelled:
                return
            event = generation_pb2.GenerateEvent(rows=[generation_pb2.RowTokens(row=0, tokens=[token])])
            out.put_nowait(_events(submit.request, event))
        finished = generation_pb2.GenerateEvent.Finished(reasons=[generation_pb2.FINISH_REASON_LENGTH])
        out.put_nowait(_events(submit.request, generation_pb2.GenerateEvent(finished=finished)))


def _events(request: int, event: generation_pb2.GenerateEvent) -> engine_pb2.WorkEvents:
    return engine_pb2.WorkEvents(events=[engine_pb2.WorkEvents.RequestEvent(request=request, event=event)])


async def serve(engine: FakeEngine, address: str) -> grpc.aio.Server:
    server = grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    server.add_insecure_port(address)
    await server.start()
    return server
