"""Memory that a stream of calls shares with its client on one machine: tensors lie in it instead of travelling. Legend: B bytes.

A megabyte through gRPC costs five milliseconds each way in Python, through shared memory two copies of some 50 us. The file has no name
(memfd), so nothing is left behind whoever is killed; the client opens it through /proc, which its user alone may, and knows by the
proof in it that it opened the right one. It is sealed: neither side can shrink it under the other, which would be a SIGBUS.

The client may write at any time. Floats are read where they lie, since no value of one can lead outside of memory. Everything else is
copied before it is checked, as an index may be looked up after it was checked.

Rejected: files in /dev/shm (they outlive a killed worker, and can be truncated), and POSIX names that a client chooses.
"""

import fcntl
import mmap
import os
import secrets

import torch
from torch import Tensor

from aweigh.engine.rpc.tensors import spec_of
from aweigh.proto.errors import InvalidRequest, Overloaded
from aweigh.proto.v1 import engine_pb2
from aweigh.proto.v1 import program_pb2 as pb

ALIGNMENT = 64
PROOF_BYTES = 32
_F_ADD_SEALS, _SEALS = 1033, 0x1 | 0x2 | 0x4  # Linux; fcntl names them from 3.13 on: seals, shrinking, growing


class Shared:
    """One file of shared memory. Tensors over it keep it mapped."""

    def __init__(self, size: int) -> None:
        """Raises InvalidRequest on a system that has no such files, Overloaded where there is no memory."""
        if not hasattr(os, "memfd_create"):
            raise InvalidRequest("this system shares no memory: send tensors with the call")
        self.size = size
        try:
            self._descriptor = os.memfd_create("aweigh", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        except OSError as error:
            raise Overloaded(f"no memory can be shared: {error.strerror}") from None
        try:
            os.ftruncate(self._descriptor, size)
            fcntl.fcntl(self._descriptor, _F_ADD_SEALS, _SEALS)
            self._bytes_B: Tensor = torch.frombuffer(mmap.mmap(self._descriptor, size), dtype=torch.uint8)
        except (OSError, ValueError) as error:
            self.close()
            raise Overloaded(f"{size} bytes cannot be shared: {error}") from None
        self._proof = secrets.token_bytes(PROOF_BYTES)
        self._bytes_B[:PROOF_BYTES] = torch.frombuffer(bytearray(self._proof), dtype=torch.uint8)

    def message(self) -> engine_pb2.SharedMemory:
        """How a client finds it."""
        path = f"/proc/{os.getpid()}/fd/{self._descriptor}"
        return engine_pb2.SharedMemory(path=path, size=self.size, proof=self._proof)

    def close(self) -> None:
        """Lets go of the file, whoever still refers to this; what computes with tensors over it keeps the memory until it is done."""
        os.close(self._descriptor)
        self._bytes_B = torch.empty(0, dtype=torch.uint8)

    def tensor(self, message: pb.Tensor) -> Tensor:
        """A tensor of a request. Raises InvalidRequest where it does not lie inside."""
        dtype, shape, size = spec_of(message)
        begin, bytes_B = message.shared, self._bytes_B
        if begin % ALIGNMENT or begin + size > len(bytes_B):
            raise InvalidRequest(f"{size} bytes at {begin} do not lie in the {len(bytes_B)} bytes that are shared")
        kind = getattr(torch, dtype.torch_name)
        if not size:
            return torch.empty(shape, dtype=kind)
        raw_B = bytes_B[begin : begin + size]
        if kind.is_floating_point:
            return raw_B.view(kind).view(shape)
        raw_B = raw_B.clone()
        return (raw_B != 0).view(shape) if kind is torch.bool else raw_B.view(kind).view(shape)

    def place(self, tensors: dict[str, Tensor], room: int) -> dict[str, int]:
        """Copies those tensors in that fit one after another from `room` on. Returns their offsets by name. From any thread."""
        offsets: dict[str, int] = {}
        bytes_B = self._bytes_B  # another thread may close this
        begin = -(-max(room, PROOF_BYTES) // ALIGNMENT) * ALIGNMENT
        for name, tensor in tensors.items():
            size = tensor.numel() * tensor.element_size()
            if not size or begin + size > len(bytes_B):
                continue
            bytes_B[begin : begin + size].view(tensor.dtype).view(tensor.shape).copy_(tensor)
            offsets[name] = begin
            begin = -(-(begin + size) // ALIGNMENT) * ALIGNMENT
        return offsets
