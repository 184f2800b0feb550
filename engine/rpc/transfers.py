"""Tensors that are too large for one message: uploaded before the call that uses them, downloaded after the call that made them.

A transfer belongs to a lease and dies with it, also while it is on its way; it is used up by its first use. Ids are random: nobody
guesses another's. Bytes are counted twice before they are taken: for the lease, and for all leases together.
"""

import asyncio
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from aweigh.engine.rpc.tensors import bytes_of, from_bytes, from_message, header_of
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest, LeaseEnded, Overloaded
from aweigh.proto.v1 import program_pb2 as pb

MAX_LEASE_BYTES = 1 << 30
MAX_LEASE_TRANSFERS = 1_024
# Of all leases together.
MAX_BYTES = min(4 << 30, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4)


@dataclass(frozen=True, slots=True)
class Held:
    """A tensor in transit: its header, and its bytes."""

    header: pb.Tensor
    dtype: DType | None
    data: bytes | bytearray


@dataclass(slots=True, eq=False)
class _Coming:
    """An upload on its way: its size in bytes, and the task that reads it."""

    size: int
    task: "asyncio.Task[Any]"
    ended: bool = False


class Transfers:
    """What is in transit, by lease. Lives on the event loop."""

    def __init__(self, most: int = MAX_BYTES) -> None:
        """`most` bytes may be in transit."""
        self._most = most
        self._leases: dict[str, dict[str, Held]] = {}
        self._coming: dict[str, list[_Coming]] = {}

    @contextmanager
    def coming(self, lease: str, size: int) -> Iterator[None]:
        """Counts the bytes of an upload while it is on its way. Raises as `room`, and LeaseEnded as soon as the lease ends."""
        self.room(lease, size)
        task = asyncio.current_task()
        assert task is not None
        upload = _Coming(size, task)
        uploads = self._coming.setdefault(lease, [])
        uploads.append(upload)
        try:
            yield
        except asyncio.CancelledError:
            if not upload.ended:
                raise
            task.uncancel()
            raise LeaseEnded("the lease ended while a tensor of it was on its way") from None
        finally:
            uploads.remove(upload)
            if not uploads and self._coming.get(lease) is uploads:
                del self._coming[lease]

    def open(self, lease: str) -> None:
        self._leases.setdefault(lease, {})

    def end(self, lease: str) -> None:
        """Drops everything of a lease, and stops what is on its way."""
        self._leases.pop(lease, None)
        for upload in self._coming.get(lease, ()):
            if not upload.ended:
                upload.ended = True
                upload.task.cancel()

    def known(self, lease: str) -> bool:
        return lease in self._leases

    def room(self, lease: str, size: int) -> None:
        """Raises LeaseEnded, or Overloaded if so many bytes more are too many."""
        held = self._of(lease)
        total = self._bytes_of(lease)
        if len(held) >= MAX_LEASE_TRANSFERS or total + size > MAX_LEASE_BYTES:
            raise Overloaded(
                f"a lease may have {MAX_LEASE_BYTES} bytes in transit: use or drop what you uploaded first"
            )
        if sum(map(self._bytes_of, {*self._leases, *self._coming})) + size > self._most:
            raise Overloaded(f"all leases together may have {self._most} bytes in transit: retry later")

    def put(self, lease: str, header: pb.Tensor, dtype: DType | None, data: bytes | bytearray) -> str:
        """Keeps a tensor. Returns its transfer id."""
        self.room(lease, len(data))
        transfer = secrets.token_hex(16)
        self._of(lease)[transfer] = Held(header, dtype, data)
        return transfer

    def take(self, lease: str, transfer: str) -> Held:
        """Uses a transfer up. Raises InvalidRequest if the lease has none of that id."""
        held = self._of(lease).pop(transfer, None)
        if held is None:
            raise InvalidRequest("the transfer was used already, or never existed: upload the tensor again")
        return held

    def tensor(self, lease: str, message: pb.Tensor) -> Tensor:
        """A tensor of a request, wherever its bytes are. Raises InvalidRequest."""
        if not message.transfer:
            return from_message(message)
        held = self.take(lease, message.transfer)
        if held.dtype is None:
            raise InvalidRequest("the transfer is a result: download it")
        return from_bytes(held.dtype, tuple(held.header.shape), held.data)

    def message(self, lease: str, tensor: Tensor) -> pb.Tensor:
        """A tensor of an answer: with its bytes, or with the id under which they can be had."""
        message = header_of(tensor)
        data = bytes_of(tensor)
        if len(data) <= CHUNK_BYTES:
            message.data = data
        else:
            message.transfer = self.put(lease, header_of(tensor), None, data)
        return message

    def _bytes_of(self, lease: str) -> int:
        held, coming = self._leases.get(lease, {}), self._coming.get(lease, ())
        return sum(len(one.data) for one in held.values()) + sum(upload.size for upload in coming)

    def _of(self, lease: str) -> dict[str, Held]:
        held = self._leases.get(lease)
        if held is None:
            raise LeaseEnded("the lease is unknown or over: connect again")
        return held
