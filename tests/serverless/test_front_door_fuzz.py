"""Any bytes on any RPC of the front door: a typed answer or a refusal, and everybody else is served as before."""

import asyncio
import random
from pathlib import Path
from typing import Any

import grpc
from tests.serverless.test_front_door import House, run, tokens_of

from aweigh.proto.v1 import engine_pb2, front_door_pb2, generation_pb2

SERVICE = front_door_pb2.DESCRIPTOR.services_by_name["FrontDoor"]
INPUTS = 2_000


def seeds() -> list[bytes]:
    sampling = generation_pb2.SamplingSettings(max_new_tokens=3, stop_strings=["x"], temperature=float("nan"))
    request = generation_pb2.GenerateRequest(model="m", sampling=sampling, prompts=[generation_pb2.Prompt(tokens=[1])])
    messages: list[Any] = [
        front_door_pb2.HoldRequest(client="x" * 300),
        engine_pb2.LoadModelRequest(model="m", directory="/good", fingerprint=b"f"),
        engine_pb2.UnloadModelRequest(model="m"),
        front_door_pb2.FrontDoorGenerateRequest(lease="l", generate=request),
    ]
    return [b"", *(message.SerializeToString() for message in messages)]


def mutated(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randrange(4)):
        place = draw.randrange(len(changed) + 1)
        match draw.randrange(3):
            case 0:
                changed[place:place] = draw.randbytes(draw.randrange(1, 9))
            case 1:
                del changed[place : place + draw.randrange(1, 9)]
            case _:
                changed[place : place + 1] = draw.randbytes(1)
    return bytes(changed)


def test_any_bytes_on_any_method(tmp_path: Path) -> None:
    draw = random.Random(0)
    codes: dict[grpc.StatusCode, int] = {}

    async def body(house: House) -> None:
        async with house.lease() as lease, grpc.aio.insecure_channel(f"unix:{tmp_path}/door") as channel:
            await house.load("other")
            for _ in range(INPUTS):
                method = draw.choice(SERVICE.methods)
                path = f"/{SERVICE.full_name}/{method.name}"
                data = mutated(draw.choice(seeds()), draw)
                code = await asyncio.wait_for(_send(channel, path, data, method.name), 10)
                codes[code] = codes.get(code, 0) + 1
            assert await tokens_of(house.generate(lease, "other", 20)) == list(range(20))

    run(tmp_path, body)
    assert grpc.StatusCode.OK in codes
    assert len(codes) >= 3, codes


async def _send(channel: grpc.aio.Channel, path: str, data: bytes, method: str) -> grpc.StatusCode:
    """The status of one call with these bytes as its message; a stream is left after its first answer."""
    if method == "Hold":
        call = channel.stream_stream(path)(iter([data]))
    elif method == "Generate":
        call = channel.unary_stream(path)(data)
    else:
        call = channel.unary_unary(path)(data)
    try:
        if method in ("Hold", "Generate"):
            await call.read()
            call.cancel()
            return grpc.StatusCode.OK
        await call
    except grpc.RpcError:
        pass
    except asyncio.CancelledError:
        return grpc.StatusCode.CANCELLED
    code: grpc.StatusCode = await call.code()
    return code
