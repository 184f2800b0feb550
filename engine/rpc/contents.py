"""`PutContent`: many contents over one stream, each in chunks, one after another.

What came whole is kept, also where the stream breaks later: a client that goes on asks `LoadModel` what is missing. The stream ends
with its lease, with whatever error its first bad chunk deserves, or in good order.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Executor

from aweigh.engine.rpc.transfers import Transfers
from aweigh.memory.contents import Arriving, Contents
from aweigh.proto.convert_manifest import DIGEST_BYTES
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import engine_pb2

# Copying and hashing less than this costs less than a hop to another thread.
_SMALL_BYTES = 64 << 10


async def receive(
    chunks: AsyncIterator[engine_pb2.ContentChunk], contents: Contents, transfers: Transfers, helpers: Executor
) -> int:
    """Takes all contents of a stream in. Returns their bytes. Raises InvalidRequest, LeaseEnded, Overloaded."""
    first = await anext(aiter(chunks), None)
    if first is None:
        return 0
    with transfers.coming(first.lease, 0):
        return await _receive(first, chunks, contents, helpers)


async def _receive(
    chunk: engine_pb2.ContentChunk | None,
    chunks: AsyncIterator[engine_pb2.ContentChunk],
    contents: Contents,
    helpers: Executor,
) -> int:
    loop = asyncio.get_running_loop()
    lease, stored = chunk.lease if chunk else "", 0
    arriving: Arriving | None = None
    try:
        while chunk is not None:
            if arriving is None:
                arriving = contents.begin(lease, *_begin(chunk, lease))
            elif chunk.digest:
                raise InvalidRequest("a content began before the one before it was whole")
            if len(chunk.data) < _SMALL_BYTES:
                arriving.add(chunk.data)
            else:
                await loop.run_in_executor(helpers, arriving.add, chunk.data)
            if arriving.got == arriving.size:
                contents.arrived(arriving, arriving.proved())
                stored += arriving.size
                arriving = None
            chunk = await anext(aiter(chunks), None)
        if arriving is not None:
            raise InvalidRequest(f"the stream ended after {arriving.got} of {arriving.size} bytes of a content")
    finally:
        if arriving is not None:
            contents.given_up(arriving)
    return stored


def _begin(chunk: engine_pb2.ContentChunk, lease: str) -> tuple[bytes, int]:
    if len(chunk.digest) != DIGEST_BYTES:
        raise InvalidRequest("the first chunk of a content has its BLAKE3, of 32 bytes")
    if chunk.lease != lease:
        raise InvalidRequest("all contents of a stream belong to one lease")
    return chunk.digest, chunk.size
