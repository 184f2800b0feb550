"""What a weight's bytes are called: their BLAKE3 digest, or their place in a file; and when that has to be found out again.

torch counts writes to a tensor (`_version`), in all tensors that came from it by views. Writes that this counter does not see go through
memory that was given away: `.data`, arrays, pointers, storages (`raw_memory.py` tells), and tensors made over the same storage with a
counter of their own. The latter show in the number of owners of the storage: where there are more than the tensors known here, or where
memory was given away since, the bytes are hashed again before every call (4 GB a second), until only known ones own it.

The storage is held, so that an address cannot come back as another's. Rejected: sampling, sums (both miss writes).
"""

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
from blake3 import blake3

from aweigh.compiler.offload import raw_memory
from aweigh.compiler.offload.module import origins
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import program_pb2

DTYPES = {getattr(torch, kind.torch_name): kind for kind in DType}
_BASE: Any = torch._C.TensorBase  # its methods are not wrapped by ours
_LASTING = frozenset({"data_ptr", "share_memory_", "pin_memory"})
_LARGEST = 64 << 20  # bytes that are written out although the memory behind them has fewer
_owners = torch._C._storage_Use_Count


class Memory:
    """One storage. `exposed`: its memory went to the script since its bytes were last looked at; `lasting`: as a pointer, which nobody counts."""

    def __init__(self, storage: torch.UntypedStorage) -> None:
        self.storage = storage
        self.known: list[weakref.ref[torch.Tensor]] = []
        self.exposed = False
        self.lasting = False

    def given(self, method: str) -> None:
        """As `raw_memory.Owned`."""
        self.exposed = True
        self.lasting = self.lasting or method in _LASTING

    def know(self, tensor: torch.Tensor) -> None:
        """One of the tensors whose counters are looked at."""
        self.known = [one for one in self.known if one() is not None and one() is not tensor]
        self.known.append(weakref.ref(tensor))

    @property
    def private(self) -> bool:
        """Whether nobody but the known tensors can write."""
        alive = sum(one() is not None for one in self.known)
        return not self.exposed and _owners(self.storage._cdata) <= alive + 1

    def versions(self) -> int:
        return sum(tensor._version for one in self.known if (tensor := one()) is not None)


@dataclass(slots=True)
class Entry:
    """What is known of one tensor object. `expression`: where a manifest finds the bytes; `digest`: of the content, None for a file's."""

    tensor: "weakref.ref[torch.Tensor]"
    memory: Memory
    pointer: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]
    dtype: torch.dtype
    version: int
    expression: program_pb2.WeightExpression
    digest: bytes | None

    def unchanged(self, tensor: torch.Tensor) -> bool:
        """Whether the bytes are what they were, as far as can be told without reading them."""
        return (
            self.tensor() is tensor
            and not tensor.is_inference()
            and _BASE.data_ptr(tensor) == self.pointer
            and self.memory.versions() == self.version
            and self.memory.private
            and tensor.dtype == self.dtype
            and tensor.shape == self.shape
            and tensor.stride() == self.stride
        )


@dataclass(slots=True)
class Ledger:
    """All weights of this process that were ever asked about, while they live."""

    _entries: dict[int, Entry] = field(default_factory=dict)
    _memories: "weakref.WeakValueDictionary[int, Memory]" = field(default_factory=weakref.WeakValueDictionary)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def entry(self, tensor: torch.Tensor, *, content: bool = False) -> Entry:
        """The entry of a tensor as it is now; `content`: by its digest, although it lies in a file.

        Raises UnsupportedModel for a dtype that the wire has not.
        """
        found = self._entries.get(id(tensor))
        if found is not None and found.unchanged(tensor) and not (content and found.digest is None):
            return found
        with self._lock:
            made = self._made(tensor, content)
            self._entries[id(tensor)] = made
        return made

    def _made(self, tensor: torch.Tensor, content: bool) -> Entry:
        if tensor.dtype not in DTYPES:
            raise UnsupportedModel(f"a weight is {tensor.dtype}, which the wire has not")
        if tensor.nbytes > max(_LARGEST, _BASE.untyped_storage(tensor).nbytes()):
            raise UnsupportedModel(f"a weight of {tensor.nbytes} bytes repeats what is less in memory")
        memory = self._memory(tensor)
        memory.exposed = memory.lasting
        version = 0 if tensor.is_inference() else memory.versions()
        with torch.no_grad():
            data = bytes_of(tensor)
        file = None if content else origins.in_file(tensor, data)
        expression, digest = (file, None) if file is not None else _content(tensor, data)
        number = id(tensor)
        return Entry(
            weakref.ref(tensor, lambda _: self._entries.pop(number, None)), memory, _BASE.data_ptr(tensor),
            tuple(tensor.shape), tensor.stride(), tensor.dtype, version, expression, digest,
        )  # fmt: skip

    def _memory(self, tensor: torch.Tensor) -> Memory:
        storage = _BASE.untyped_storage(tensor)
        memory = self._memories.get(storage._cdata)
        if memory is None:
            memory = self._memories[storage._cdata] = Memory(storage)
            raw_memory.guard(tensor, memory)
        if not tensor.is_inference():
            memory.know(tensor)
        return memory


def bytes_of(tensor: torch.Tensor) -> memoryview:
    """The bytes in C order, of the tensor's own memory where that is so ordered."""
    values = tensor.detach().resolve_conj().resolve_neg().contiguous()
    if not values.numel():
        return memoryview(b"")
    flat = values.as_strided((values.numel(),), (1,))  # one element is contiguous with any stride
    return memoryview(_BASE.numpy(flat.view(torch.uint8)))


def _content(tensor: torch.Tensor, data: memoryview) -> tuple[program_pb2.WeightExpression, bytes]:
    digest = blake3(data, max_threads=blake3.AUTO).digest()
    content = program_pb2.Content(digest=digest, dtype=int(DTYPES[tensor.dtype]), shape=tensor.shape)  # type: ignore[arg-type]
    return program_pb2.WeightExpression(content=content), digest


LEDGER = Ledger()


def entries(tensors: Iterable[torch.Tensor], *, content: bool = False) -> list[Entry]:
    """The entries of tensors as they are now. Raises as `Ledger.entry`."""
    return [LEDGER.entry(tensor, content=content) for tensor in tensors]
