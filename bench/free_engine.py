"""An engine that costs nothing: it says tokens as fast as they are taken, all streams in step, a message per step, as a real one does."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import grpc

from aweigh.proto.v1 import engine_pb2, engine_pb2_grpc, generation_pb2

_ENDED = generation_pb2.GenerateEvent.Finished(reasons=[generation_pb2.FINISH_REASON_LENGTH])


class FreeEngine(engine_pb2_grpc.EngineServicer):
    """`pause`: seconds between two steps; 0: none."""

    def __init__(self, pause: float) -> None:
        self._pause = pause

    async def LoadModel(self, request: engine_pb2.LoadModelRequest, context: Any) -> engine_pb2.ModelDescription:
        return engine_pb2.ModelDescription(model=request.model, weight_bytes=1)

    async def Stats(self, request: engine_pb2.StatsRequest, context: Any) -> engine_pb2.StatsResponse:
        return engine_pb2.StatsResponse()

    async def Work(
        self, request_iterator: AsyncIterator[engine_pb2.WorkCommand], context: Any
    ) -> AsyncIterator[engine_pb2.WorkEvents]:
        left: dict[int, int] = {}
        said: list[str] = []
        came = asyncio.Event()

        async def read() -> None:
            async for command in request_iterator:
                match command.WhichOneof("command"):
                    case "submit":
                        left[command.submit.request] = command.submit.generate.sampling.max_new_tokens
                    case "cancel":
                        left.pop(command.cancel.request, None)
                    case "lease" if not command.lease.ended:
                        said.append(command.lease.lease)
                came.set()

        reader = asyncio.create_task(read())
        step = 0
        while not reader.done():
            if not left and not said:
                await came.wait()
            came.clear()
            step += 1
            events = engine_pb2.WorkEvents(leases=said)
            said.clear()
            for number in list(left):
                left[number] -= 1
                rows = [generation_pb2.RowTokens(row=0, tokens=[100 + (step + number) % 2000])]
                events.events.add(request=number, event=generation_pb2.GenerateEvent(rows=rows))
                if not left[number]:
                    del left[number]
                    events.events.add(request=number, event=generation_pb2.GenerateEvent(finished=_ENDED))
            yield events
            await asyncio.sleep(self._pause)


async def main(address: str, pause: float) -> None:
    server = grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(FreeEngine(pause), server)
    server.add_insecure_port(address)
    await server.start()
    print("ready", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
