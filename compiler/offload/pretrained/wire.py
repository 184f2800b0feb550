"""Tensors between the script's process and a worker: one `Call`, with large tensors as transfers before and after it.

Bytes are made, and read, in the script's thread, so that what comes back has that thread's modes (inference, say); what touches gRPC runs
on a courier.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from aweigh.compiler.offload.connection import Connection, couriers
from aweigh.compiler.offload.courier import Errand
from aweigh.compiler.offload.pretrained.tree import DTYPES
from aweigh.proto.v1 import engine_pb2, program_pb2

CHUNK_BYTES = 1 << 20
_TORCH = {int(kind): dtype for dtype, kind in DTYPES.items()}


def call(live: Connection, address: str, model: str, inputs: Mapping[int, torch.Tensor]) -> list[torch.Tensor]:
    """Runs `main` of a model on the worker at `address`. Raises the typed errors of Upload, Call and Download."""
    request = engine_pb2.CallRequest(lease=live.lease, model=model, function="main")
    large: list[tuple[Any, Any, memoryview]] = []
    for number, tensor in inputs.items():
        view = _bytes_of(tensor)
        header = program_pb2.Tensor(dtype=int(DTYPES[tensor.dtype]), shape=tensor.shape)  # type: ignore[arg-type]
        given = request.inputs.add(name=str(number), tensor=header).tensor
        if len(view) > CHUNK_BYTES:
            large.append((given, header, view))
        else:
            given.data = bytes(view)
    outputs = couriers().ask(lambda errand: _carry(errand, live, address, request, large))
    found = {name: _tensor(header, data) for name, header, data in outputs}
    return [found[str(number)] for number in range(len(found))]


def _bytes_of(tensor: torch.Tensor) -> memoryview:
    with torch.no_grad():
        flat = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
        return memoryview(flat.view(torch.uint8).numpy().data)


def _tensor(header: Any, data: bytearray) -> torch.Tensor:
    dtype, shape = _TORCH[header.dtype], tuple(header.shape)
    return torch.frombuffer(data, dtype=dtype).view(shape) if data else torch.empty(shape, dtype=dtype, device="cpu")


# On a courier


def _carry(
    errand: Errand[Any], live: Connection, address: str, request: Any, large: list[Any]
) -> list[tuple[str, Any, bytearray]]:
    worker = live.worker(address)
    for given, header, view in large:
        given.transfer = live.upload(errand, worker, _chunks(live.lease, header, view)).transfer
    response = live.carry(errand, worker.Call, request)
    return [(output.name, output.tensor, _bytes(live, worker, output.tensor)) for output in response.outputs]


def _chunks(lease: str, header: Any, view: memoryview) -> Iterator[Any]:
    for begin in range(0, len(view), CHUNK_BYTES):
        chunk = engine_pb2.TensorChunk(data=bytes(view[begin : begin + CHUNK_BYTES]))
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
