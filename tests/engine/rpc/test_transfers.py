"""How much may be in transit, and for how long."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from aweigh.engine.rpc.transfers import Transfers
from aweigh.proto.errors import LeaseEnded, Overloaded
from aweigh.proto.status import from_rpc
from aweigh.proto.v1 import engine_pb2, program_pb2

HEADER = program_pb2.Tensor(dtype="DTYPE_FLOAT32", shape=[4])


def test_all_leases_together_have_a_limit() -> None:
    async def main() -> None:
        transfers = Transfers(100)
        for lease in "abc":
            transfers.open(lease)
        first = transfers.put("a", HEADER, None, bytes(60))
        with transfers.coming("b", 30):
            with pytest.raises(Overloaded):
                transfers.put("c", HEADER, None, bytes(11))
            transfers.put("c", HEADER, None, bytes(10))
            transfers.take("a", first)
            transfers.put("c", HEADER, None, bytes(60))
        transfers.end("c")
        transfers.put("a", HEADER, None, bytes(100))

    asyncio.run(main())


def test_an_upload_ends_with_its_lease_and_its_bytes_count_until_then() -> None:
    async def main() -> None:
        transfers = Transfers(100)
        transfers.open("a")
        transfers.open("b")
        begun = asyncio.Event()

        async def upload() -> None:
            with transfers.coming("a", 90):
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(upload())
        await begun.wait()
        transfers.end("a")
        transfers.open("a")
        with pytest.raises(Overloaded):
            transfers.room("b", 11)
        with pytest.raises(LeaseEnded):
            await task
        transfers.room("b", 100)
        other = asyncio.create_task(upload())
        await asyncio.sleep(0)
        other.cancel()
        with pytest.raises(asyncio.CancelledError):
            await other

    asyncio.run(main())


def test_an_upload_that_never_ends_is_told_that_its_lease_did(worker: Any, door: Any, loaded: Any) -> None:
    lease = door.lease("upload")
    asked, stop = threading.Event(), threading.Event()

    def chunks() -> Iterator[Any]:
        yield engine_pb2.TensorChunk(lease=lease, header=HEADER, data=b"\0" * 4)
        asked.set()
        stop.wait()

    call = worker.engine.Upload.future(chunks())
    assert asked.wait(30)
    door.end(lease)  # before or after the first chunk is read: refused all the same
    with pytest.raises(grpc.RpcError) as caught:
        call.result(30)
    stop.set()
    assert isinstance(from_rpc(caught.value), LeaseEnded)
