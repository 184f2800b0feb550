"""A checkpoint some of whose weights are quantised as they are read.

A panel of 64 rows is read, quantised and kept until others came; scales, which are read apart from the codes that they belong to, are kept longer. What
went is made again: memory is bounded, and a page's bytes depend on nothing but the source.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.plan import Plan
from aweigh.memory.store.program_order import NoProgram, ProgramOrder, ask
from aweigh.memory.store.quantization import Quantization, parts
from aweigh.memory.store.quantize import pack, pack_scales, quantize
from aweigh.memory.store.source import Source
from aweigh.memory.store.tell import Tell
from aweigh.proto.dtypes import SAFETENSORS_NAMES, DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.low_bit import PACKED, PANEL, SCALES, Packing, packed_shape, scales_shape

_PANELS_BYTES = 32 << 20
_SCALES_BYTES = 32 << 20
_NAMES = {dtype: name for name, dtype in SAFETENSORS_NAMES.items()}
_ZEROS = bytes(PAGE_BYTES)


@dataclass(frozen=True, slots=True)
class _Part:
    """A tensor that is made: of which weight, and how many bytes a panel of it has."""

    weight: str
    which: str
    bytes: int


class LowBitSource(Source):
    """As `Source`, with the parts of weights in the place of the weights that `packings` names."""

    def __init__(self, directory: Path, packings: Mapping[str, Packing]) -> None:
        """Raises ModelNotFound, CheckpointInvalid."""
        super().__init__(directory)
        self._packings = dict(packings)
        self._whole = self.tensors
        self._parts: dict[str, _Part] = {}
        self._lock = threading.Lock()
        self._kept = {PACKED: _Kept(_PANELS_BYTES), SCALES: _Kept(_SCALES_BYTES)}
        tensors: dict[str, TensorEntry] = {}
        for name, entry in self._whole.items():
            if name in packings:
                tensors |= {part.name: part for part in self._made(entry, packings[name])}
            else:
                tensors[name] = entry
        self.tensors = tensors

    @property
    def digest(self) -> bytes:
        """A hash over who the files are, and what is made of them."""
        return blake3(super().digest + repr(sorted(self._packings.items())).encode()).digest()

    def read_page(self, plan: Plan, number: int, page: memoryview) -> int:
        """As `Source.read_page`; what is made counts as read."""
        pieces = plan.pieces(number)
        count = sum(piece.length for piece in pieces)
        if count < PAGE_BYTES:
            page[:] = _ZEROS
        for piece in pieces:
            into = page[piece.at : piece.at + piece.length]
            part = self._parts.get(piece.tensor)
            if part is None:
                entry = self.tensors[piece.tensor]
                self._read(entry, entry.offset + piece.offset, into)
                continue
            done = 0
            while done < len(into):
                panel, offset = divmod(piece.offset + done, part.bytes)
                some = self._panel(part, panel)[offset : offset + len(into) - done]
                into[done : done + len(some)] = some
                done += len(some)
        return count

    def _made(self, entry: TensorEntry, packing: Packing) -> list[TensorEntry]:
        outputs, columns = entry.shape
        packed = f"{entry.name}.{PACKED}.{packing.kind}"
        shapes = {
            packed: (DType.UINT8, packed_shape(packing.kind, outputs, columns)),
            f"{entry.name}.{SCALES}": (packing.scale, scales_shape(outputs, columns, packing.group)),
        }
        made = []
        for name, (dtype, shape) in shapes.items():
            panel = shape[1] * shape[2] * dtype.size
            self._parts[name] = _Part(entry.name, PACKED if name == packed else SCALES, panel)
            made.append(TensorEntry(name, dtype, _NAMES[dtype], shape, 0, shape[0] * panel))
        return made

    def _panel(self, part: _Part, panel: int) -> bytes:
        key = (part.weight, panel)
        with self._lock:
            found = self._kept[part.which].get(key)
        if found is not None:
            return found
        both = self._quantized(part.weight, panel)
        with self._lock:
            for which, data in both.items():
                self._kept[which].put(key, data)
        return both[part.which]

    def _quantized(self, weight: str, panel: int) -> dict[str, bytes]:
        import torch

        entry, packing = self._whole[weight], self._packings[weight]
        assert entry.dtype is not None, "the chooser has seen to it"
        outputs, columns = entry.shape
        first, last = panel * PANEL, min((panel + 1) * PANEL, outputs)
        width = columns * entry.dtype.size
        data = bytearray((last - first) * width)
        self._read(entry, entry.offset + first * width, memoryview(data))
        rows = torch.frombuffer(data, dtype=getattr(torch, entry.dtype.torch_name)).view(last - first, columns)
        codes, scales = quantize(rows, packing)
        made = {PACKED: pack(codes, packing.kind), SCALES: pack_scales(scales)}
        return {which: value.view(torch.uint8).numpy().tobytes() for which, value in made.items()}


def quantized(source: Source, wanted: Quantization, tell: Tell) -> tuple[LowBitSource, ProgramOrder]:
    """The source with what a Program reads as matrices in few bits, and the order of use. `source` is closed.

    Raises InvalidRequest: there is no Program, or nothing to quantise.
    """
    source.close()
    tell("asking the compiler what may have fewer bits", 0, 0)
    try:
        order = ask(source.directory, lambda stage: tell(f"compiler: {stage}", 0, 0))
    except NoProgram as error:
        raise InvalidRequest(f"nobody knows which weights may have fewer bits: {error}") from None
    packings = wanted.packings(source.tensors, (*order.products, *(order.head if wanted.head else ())))
    leaves = [part for name in order.leaves for part in (parts(name, packings[name]) if name in packings else (name,))]
    return LowBitSource(source.directory, packings), replace(order, leaves=tuple(leaves), fingerprint=b"")


class _Kept:
    """Bytes by key, the last used ones."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._data: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def get(self, key: tuple[str, int]) -> bytes | None:
        if key in self._data:
            self._data.move_to_end(key)
        return self._data.get(key)

    def put(self, key: tuple[str, int], data: bytes) -> None:
        self._size += len(data) - len(self._data.pop(key, b""))
        self._data[key] = data
        while self._size > self._most and len(self._data) > 1:
            self._size -= len(self._data.popitem(last=False)[1])
