"""One call of a module on a worker: tensors out, tensors back. Large ones travel as transfers before and after the call.

Bytes are made, and read, in the script's thread, so that what comes back has that thread's modes (inference, say); what touches gRPC runs
on a courier. Legend: B bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.compiler.offload.connection import Connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.proto.convert_manifest import CHUNK_BYTES
from aweigh.proto.dtypes import DType
from aweigh.proto.v1 import engine_pb2, program_pb2

_KINDS = {getattr(torch, dtype.torch_name): int(dtype) for dtype in DType}
_DTYPES = {int(dtype): getattr(torch, dtype.torch_name) for dtype in DType}


@dataclass(frozen=True, slots=True)
class Answer:
    """`tensors` in the Program's order; `sent` and `received` in bytes; `queue` and `compute` in seconds, as the engine says."""

    tensors: list[torch.Tensor]
    sent: int
    received: int
    queue: float
    compute: float


def call(live: Connection, address: str, model: str, inputs: Sequence[torch.Tensor], function: str = "main") -> Answer:
    """Runs a function of a model on the worker at `address`; its inputs and outputs are named by their numbers.

    inputs: on the host, of dtypes of the wire, in any layout. Raises the typed errors of Upload, Call and Download.
    """
    views = [_bytes_of(tensor) for tensor in inputs]
    request = engine_pb2.CallRequest(lease=live.lease, model=model, function=function)
    large: list[tuple[Any, memoryview]] = []
    for number, (tensor, view) in enumerate(zip(inputs, views, strict=True)):
        given = request.inputs.add(name=str(number)).tensor
        given.dtype = _KINDS[tensor.dtype]  # type: ignore[assignment]
        given.shape.extend(tensor.shape)
        if len(view) > CHUNK_BYTES:
            large.append((given, view))
        else:
            given.data = bytes(view)
    response, parts = couriers().ask(lambda errand: _carry(errand, live, address, request, large))
    found = {output.name: _tensor(output.tensor, data) for output, data in zip(response.outputs, parts, strict=True)}
    tensors = [found[str(number)] for number in range(len(found))]
    sizes = sum(map(len, views)), sum(map(len, parts))
    return Answer(tensors, *sizes, response.queue_seconds, response.compute_seconds)


def _bytes_of(tensor: torch.Tensor) -> memoryview:
    if not tensor.numel():
        return memoryview(b"")
    host: Any = tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy()
    return memoryview(host)


def _tensor(header: Any, data: bytearray) -> torch.Tensor:
    dtype, shape = _DTYPES[header.dtype], tuple(header.shape)
    return torch.frombuffer(data, dtype=dtype).view(shape) if data else torch.empty(shape, dtype=dtype, device="cpu")


# On a courier


def _carry(
    errand: Errand[Any], live: Connection, address: str, request: Any, large: list[tuple[Any, memoryview]]
) -> tuple[Any, list[bytearray]]:
    worker = live.worker(address)
    for given, view in large:
        header = program_pb2.Tensor(dtype=given.dtype, shape=given.shape)
        given.transfer = live.carry(errand, worker.Upload, _chunks(live.lease, header, view)).transfer
    response = live.carry(errand, worker.Call, request)
    return response, [_fetched(live, worker, output.tensor) for output in response.outputs]


def _chunks(lease: str, header: program_pb2.Tensor, view: memoryview) -> Iterator[engine_pb2.TensorChunk]:
    for begin in range(0, len(view), CHUNK_BYTES):
        chunk = engine_pb2.TensorChunk(data=bytes(view[begin : begin + CHUNK_BYTES]))
        if not begin:
            chunk.lease = lease
            chunk.header.CopyFrom(header)
        yield chunk


def _fetched(live: Connection, worker: Any, message: program_pb2.Tensor) -> bytearray:
    data = bytearray(message.data)
    if message.transfer:
        for chunk in live.chunks(worker, engine_pb2.Transfer(transfer=message.transfer, lease=live.lease)):
            data += chunk.data
    return data
