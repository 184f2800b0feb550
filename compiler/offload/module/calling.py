"""One call of a module on a worker: tensors out, tensors back. On one machine they lie in shared memory (`shared.py`); else small ones
travel with the call, and large ones as transfers before and after it.

Bytes are made, and read, in the script's thread, so that what comes back has that thread's modes (inference, say); what touches gRPC runs
on a courier. Legend: B bytes.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.compiler.offload.call_lane import CallLane
from aweigh.compiler.offload.connection import Connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.dtypes import DType
from aweigh.proto.v1 import engine_pb2, program_pb2

MOST_BYTES = 1 << 30
"""Bytes of a call's inputs, or of its outputs, that cross the wire; a call with more runs here."""

_KINDS = {getattr(torch, dtype.torch_name): int(dtype) for dtype in DType}
_DTYPES = {int(dtype): getattr(torch, dtype.torch_name) for dtype in DType}


@dataclass(frozen=True, slots=True)
class Answer:
    """`tensors` in the Program's order; `sent` and `received` in bytes; `queue` and `compute` in seconds, as the engine says; `together`:
    calls that ran as one, this one among them."""

    tensors: list[torch.Tensor]
    sent: int
    received: int
    queue: float
    compute: float
    together: int = 1


def call(
    live: Connection,
    address: str,
    model: str,
    inputs: Sequence[torch.Tensor],
    function: str = "main",
    numbers: Sequence[int] | None = None,
) -> Answer:
    """Runs a function of a model on the worker at `address`; its inputs and outputs are named by their numbers.

    numbers: of the inputs; None: 0, 1, ...
    inputs: on the host, of dtypes of the wire, in any layout. Raises the typed errors of Calls, Upload and Download.
    """
    views = [_bytes_of(tensor) for tensor in inputs]
    request = engine_pb2.CallRequest(lease=live.lease, model=model, function=function)
    for number, tensor in zip(numbers or range(len(inputs)), inputs, strict=True):
        given = request.inputs.add(name=str(number)).tensor
        given.dtype = _KINDS[tensor.dtype]  # type: ignore[assignment]
        given.shape.extend(tensor.shape)
    response, parts = couriers().ask(
        lambda errand: live.calls(errand, address, lambda lane: _carry(errand, live, address, lane, request, views))
    )
    found = {output.name: _tensor(output.tensor, data) for output, data in zip(response.outputs, parts, strict=True)}
    tensors = [found[str(number)] for number in range(len(found))]
    sizes = sum(map(len, views)), sum(map(len, parts))
    return Answer(tensors, *sizes, response.queue_seconds, response.compute_seconds, response.together)


def _bytes_of(tensor: torch.Tensor) -> memoryview:
    if not tensor.numel():
        return memoryview(b"")
    host = tensor.detach().resolve_conj().resolve_neg().contiguous()
    flat: Any = host.as_strided((host.numel(),), (1,))  # one element is contiguous with any stride
    return memoryview(flat.view(torch.uint8).numpy())


def _tensor(header: Any, data: bytearray) -> torch.Tensor:
    dtype, shape = _DTYPES[header.dtype], tuple(header.shape)
    return torch.frombuffer(data, dtype=dtype).view(shape) if data else torch.empty(shape, dtype=dtype, device="cpu")


# On a courier


def _carry(
    errand: Errand[Any], live: Connection, address: str, lane: CallLane, request: Any, views: list[memoryview]
) -> tuple[Any, list[bytearray]]:
    worker = live.worker(address)
    for there, entry, view in zip(lane.give(request, views), request.inputs, views, strict=True):
        if not there and len(view) > CHUNK_BYTES:
            header = program_pb2.Tensor(dtype=entry.tensor.dtype, shape=entry.tensor.shape)
            entry.tensor.transfer = live.carry(errand, worker.Upload, _chunks(live.lease, header, view)).transfer
            errand.stops_with(lane.close)
        elif not there:
            entry.tensor.data = bytes(view)
    response = lane.ask(request).response
    parts = [_fetched(live, worker, lane, output.tensor) for output in response.outputs]
    lane.outputs = max(lane.outputs, sum(map(len, parts)))
    return response, parts


def _chunks(lease: str, header: program_pb2.Tensor, view: memoryview) -> Iterator[engine_pb2.TensorChunk]:
    for begin in range(0, len(view), CHUNK_BYTES):
        chunk = engine_pb2.TensorChunk(data=bytes(view[begin : begin + CHUNK_BYTES]))
        if not begin:
            chunk.lease = lease
            chunk.header.CopyFrom(header)
        yield chunk


def _fetched(live: Connection, worker: Any, lane: CallLane, message: program_pb2.Tensor) -> bytearray:
    if message.HasField("shared"):
        return lane.taken(message.shared, math.prod(message.shape) * DType(message.dtype).size)
    data = bytearray(message.data)
    if message.transfer:
        for chunk in live.chunks(worker, engine_pb2.Transfer(transfer=message.transfer, lease=live.lease)):
            data += chunk.data
    return data
