"""Graphs of modules behind the oracle's wire: torch runs what torch.export saved, with weights from content or from files."""

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

import torch
from blake3 import blake3

from aweigh.compiler.capture.exported import exported_from
from aweigh.proto.dtypes import DType
from aweigh.proto.v1 import engine_pb2, program_pb2

_CHUNK = 1 << 20
_TORCH: dict[Any, torch.dtype] = {int(kind): getattr(torch, kind.torch_name) for kind in DType}
_KINDS: dict[torch.dtype, Any] = {dtype: kind for kind, dtype in _TORCH.items()}


class Graphs:
    """`models`: callables by name; `contents`: bytes by digest; `transfers`: headers with bytes, by id."""

    def __init__(self) -> None:
        self.models: dict[str, Any] = {}
        self.contents: dict[bytes, bytes] = {}
        self.transfers: dict[str, tuple[Any, bytes]] = {}

    @staticmethod
    def understands(program: program_pb2.Program) -> bool:
        return any(function.name == "main" for function in program.functions)

    def load(self, request: engine_pb2.LoadModelRequest) -> engine_pb2.ModelDescription:
        digest = hashlib.sha256(request.manifest.SerializeToString(deterministic=True)).hexdigest()
        name = f"{request.fingerprint.decode()}-{digest[:16]}"
        slots = [(slot, slot.WhichOneof("node")) for slot in request.manifest.slots]
        wanted = {slot.content.digest for slot, kind in slots if kind == "content"}
        if missing := sorted(wanted - self.contents.keys()):
            return engine_pb2.ModelDescription(model=name, missing=missing)
        (op,) = request.program.functions[0].blocks[0].ops
        with open(op.kind, "rb") as file:
            exported = exported_from(file.read())
        for key, (slot, kind) in zip([*exported.state_dict, *exported.constants], slots, strict=True):
            said = getattr(slot, kind)
            data = self.contents[said.digest] if kind == "content" else _read(said)
            held = exported.state_dict if key in exported.state_dict else exported.constants
            held[key] = _tensor(said, data)
        module = exported.module()
        self.models[name] = module
        return engine_pb2.ModelDescription(model=name)

    def put(self, chunks: Any) -> engine_pb2.ContentStored:
        digest, stored = b"", 0
        for chunk in chunks:
            digest = chunk.digest or digest
            self.contents[digest] = (b"" if chunk.digest else self.contents[digest]) + chunk.data
            stored += len(chunk.data)
        assert all(blake3(data).digest() == digest for digest, data in self.contents.items())
        return engine_pb2.ContentStored(bytes=stored)

    def upload(self, chunks: Any) -> engine_pb2.Transfer:
        received = list(chunks)
        name = secrets.token_hex(8)
        self.transfers[name] = received[0].header, b"".join(chunk.data for chunk in received)
        return engine_pb2.Transfer(transfer=name, lease=received[0].lease)

    def download(self, request: engine_pb2.Transfer) -> Iterator[engine_pb2.TensorChunk]:
        header, data = self.transfers.pop(request.transfer)
        for begin in range(0, max(len(data), 1), _CHUNK):
            yield engine_pb2.TensorChunk(header=header if not begin else None, data=data[begin : begin + _CHUNK])

    def call(self, request: engine_pb2.CallRequest) -> engine_pb2.CallResponse:
        inputs = []
        for given in request.inputs:
            data = self.transfers.pop(given.tensor.transfer)[1] if given.tensor.transfer else given.tensor.data
            inputs.append(_tensor(given.tensor, data))
        with torch.no_grad():
            found = self.models[request.model](*inputs)
        response = engine_pb2.CallResponse()
        for number, tensor in enumerate(found):
            values = tensor.contiguous()
            data = values.flatten().view(torch.uint8).numpy().tobytes() if values.numel() else b""
            header = program_pb2.Tensor(dtype=_KINDS[tensor.dtype], shape=tensor.shape)
            made = response.outputs.add(name=str(number), tensor=header).tensor
            if len(data) > _CHUNK:
                made.transfer = secrets.token_hex(8)
                self.transfers[made.transfer] = header, data
            else:
                made.data = data
        return response


def _tensor(header: Any, data: bytes) -> torch.Tensor:
    dtype, shape = _TORCH[header.dtype], tuple(header.shape)
    return torch.frombuffer(bytearray(data), dtype=dtype).view(shape) if data else torch.empty(shape, dtype=dtype)


def _read(said: program_pb2.FileBytes) -> bytes:
    count = _TORCH[said.dtype].itemsize
    for size in said.shape:
        count *= size
    with open(said.path, "rb") as file:
        file.seek(said.offset)
        return file.read(count)
