"""A lane of calls: a stream to a worker, and the memory that it shares with it where both are on one machine.

The worker makes the memory and says where it is; that it is there, too, is known by the proof in its first bytes. What is not on this
machine, or another user's, cannot be opened: then tensors travel, and nobody asks again. Couriers only. Legend: B bytes.
"""

import mmap
import os
import stat
from collections.abc import Sequence
from typing import Any

from aweigh.compiler.offload.lane import Lane
from aweigh.proto.status import from_kind
from aweigh.proto.v1 import engine_pb2

_ALIGNMENT = 64
_LEAST_BYTES = 4 << 20  # of what is asked for
# Tensors of fewer bytes in all travel: the copies would cost as much.
_WORTH_BYTES = 32 << 10


class CallLane:
    """`method` is the stub's `Calls`. `outputs`: bytes of the largest answer so far, for which room is kept."""

    def __init__(self, method: Any) -> None:
        self._lane = Lane(method)
        self._memory: mmap.mmap | None = None
        self._refused = False
        self.outputs = 0
        self.close = self._lane.close

    @property
    def open(self) -> bool:
        return self._lane.open

    def ask(self, request: engine_pb2.CallRequest) -> engine_pb2.CallReply:
        """Raises the typed errors of Engine.Call, and the RpcError that ends the stream."""
        reply: engine_pb2.CallReply = self._lane.ask(request)
        if reply.HasField("failure"):
            raise from_kind(reply.failure.kind, reply.failure.message)
        return reply

    def give(self, request: engine_pb2.CallRequest, views_B: Sequence[memoryview]) -> list[bool]:
        """Puts the bytes of the request's inputs into shared memory and says where. Returns which of them are there."""
        most = sum(map(_aligned, map(len, views_B)))
        wanted = _ALIGNMENT + most + _aligned(self.outputs) + _ALIGNMENT * len(views_B)
        if max(most, self.outputs) >= _WORTH_BYTES and (self._memory is None or len(self._memory) < wanted):
            self._share(request.lease, max(_LEAST_BYTES, wanted + wanted // 4))
        begin, given = _ALIGNMENT, [False] * len(views_B)
        if self._memory is None or max(most, self.outputs) < _WORTH_BYTES:
            return given
        for number, (entry, view_B) in enumerate(zip(request.inputs, views_B, strict=True)):
            end = begin + len(view_B)
            if end <= len(self._memory):
                self._memory[begin:end] = view_B
                entry.tensor.shared = begin
                given[number] = True
                begin = _aligned(end)
        request.room = begin
        return given

    def taken(self, begin: int, size: int) -> bytearray:
        """A copy of what an answer put into shared memory."""
        assert self._memory is not None and begin + size <= len(self._memory), "an answer lies in what is shared"
        return bytearray(memoryview(self._memory)[begin : begin + size])

    def _share(self, lease: str, size: int) -> None:
        if self._refused:
            return
        self._memory = None
        try:
            reply = self.ask(engine_pb2.CallRequest(lease=lease, share=size))
            self._memory = _mapped(reply.shared)
        except (OSError, ValueError):
            self._refused = True


def _mapped(shared: engine_pb2.SharedMemory) -> mmap.mmap:
    """Raises OSError, ValueError where it is not the file that the worker made."""
    descriptor = os.open(shared.path, os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("no regular file")
        memory = mmap.mmap(descriptor, shared.size)
    finally:
        os.close(descriptor)
    if memory[: len(shared.proof)] != shared.proof or not shared.proof:
        raise ValueError("another file")
    return memory


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
