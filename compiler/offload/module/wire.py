"""Tensors between the script's process and a worker: one `Call`, with large tensors as transfers before and after it.

Bytes are made, and read, in the script's thread, so that what comes back has that thread's modes (inference, say); what touches gRPC runs
on a courier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.compiler.offload.connection import Connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.compiler.offload.module.ledger import DTYPES, bytes_of
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.v1 import engine_pb2, program_pb2

_TORCH = {int(kind): dtype for dtype, kind in DTYPES.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """`tensors` in the Program's order; `sent` and `received` in bytes; `queue` and `compute` in seconds, as the engine says."""

    tensors: list[torch.Tensor]
    sent: int
    received: int
    queue: float
    compute: float


def call(live: Connection, address: str, model: str, inputs: Sequence[torch.Tensor]) -> Answer:
    """Runs `main` of a model on the worker at `address`. Raises the typed errors of Upload, Call and Download."""
    views = [bytes_of(tensor) for tensor in inputs]
    request = engine_pb2.CallRequest(lease=live.lease, model=model, function="main")
    large = []
    for number, (tensor, view) in enumerate(zip(inputs, views, strict=True)):
        header = program_pb2.Tensor(dtype=int(DTYPES[tensor.dtype]), shape=tensor.shape)  # type: ignore[arg-type]
        given = request.inputs.add(name=str(number), tensor=header).tensor
        if len(view) > CHUNK_BYTES:
            large.append((given, header, view))
        else:
            given.data = view.tobytes()
    response, parts = couriers().ask(lambda errand: _carry(errand, live, address, request, large))
    found = {output.name: _tensor(output.tensor, data) for output, data in zip(response.outputs, parts, strict=True)}
    tensors = [found[str(number)] for number in range(len(found))]
    return Answer(tensors, sum(map(len, views)), sum(map(len, parts)), response.queue_seconds, response.compute_seconds)


def _tensor(header: Any, data: bytearray) -> torch.Tensor:
    dtype, shape = _TORCH[header.dtype], tuple(header.shape)
    return torch.frombuffer(data, dtype=dtype).view(shape) if data else torch.empty(shape, dtype=dtype, device="cpu")


# On a courier


def _carry(
    errand: Errand[Any], live: Connection, address: str, request: Any, large: list[Any]
) -> tuple[Any, list[bytearray]]:
    worker = live.worker(address)
    for given, header, view in large:
        given.transfer = live.upload(errand, worker, _chunks(live.lease, header, view)).transfer
    response = live.carry(errand, worker.Call, request)
    return response, [_bytes(live, worker, output.tensor) for output in response.outputs]


def _chunks(lease: str, header: Any, view: memoryview) -> Iterator[Any]:
    for begin in range(0, len(view), CHUNK_BYTES):
        chunk = engine_pb2.TensorChunk(data=view[begin : begin + CHUNK_BYTES].tobytes())
        if not begin:
            chunk.lease = lease
            chunk.header.CopyFrom(header)
        yield chunk


def _bytes(live: Connection, worker: Any, message: Any) -> bytearray:
    data = bytearray(message.data)
    if message.transfer:
        for chunk in live.chunks(worker, engine_pb2.Transfer(transfer=message.transfer, lease=live.lease)):
            data += chunk.data
    return data
