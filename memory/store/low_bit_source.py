"""A checkpoint some of whose weights are quantised as they are read, or, where another tool has quantised them, laid out anew.

A panel of 64 rows is read, quantised and kept until others came; scales, which are read apart from the codes that they belong to, are kept longer. What
went is made again: memory is bounded, and a page's bytes depend on nothing but the source.
"""

import itertools
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from blake3 import blake3

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.export import files_of
from aweigh.memory.store.foreign import CONFIG, foreign, named, read_config, without_quantization
from aweigh.memory.store.plan import Plan
from aweigh.memory.store.program_order import NoProgram, ProgramOrder, ask
from aweigh.memory.store.quantization import AS_IS, Quantization, parts
from aweigh.memory.store.quantize import pack, pack_scales, quantize
from aweigh.memory.store.rows import StoredTensor
from aweigh.memory.store.source import Source
from aweigh.memory.store.tell import Tell
from aweigh.proto.dtypes import SAFETENSORS_NAMES, DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.low_bit import PACKED, PANEL, SCALES, ZEROS, Packing, packed_shape, scales_shape

if TYPE_CHECKING:
    from torch import Tensor

    Parts = tuple[Tensor, Tensor, Tensor | None]

_PANELS_BYTES = 32 << 20
_SCALES_BYTES = 32 << 20
_NAMES = {dtype: name for name, dtype in SAFETENSORS_NAMES.items()}
_ZEROS = bytes(PAGE_BYTES)


class Maker(Protocol):
    """Makes a weight of few bits."""

    @property
    def packing(self) -> Packing:
        """How it is stored."""

    @property
    def outputs(self) -> int: ...

    @property
    def columns(self) -> int: ...

    @property
    def taken(self) -> frozenset[str]:
        """Tensors of the checkpoint in the place of which it is stored."""

    def rows(self, first: int, last: int, block: "Callable[[str, int, int, int, int], Tensor]") -> "Parts":
        """Codes [R, C], scales [R, G], and zeros like them or none, of outputs from `first` to `last`."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """A weight that is quantised here."""

    name: str
    packing: Packing
    outputs: int
    columns: int

    @property
    def taken(self) -> frozenset[str]:
        """See `Maker.taken`."""
        return frozenset({self.name})

    def rows(self, first: int, last: int, block: "Callable[[str, int, int, int, int], Tensor]") -> "Parts":
        """See `Maker.rows`."""
        return *quantize(block(self.name, first, last, 0, self.columns), self.packing), None


@dataclass(frozen=True, slots=True)
class _Part:
    """A tensor that is made: of which weight, and how many bytes a panel of it has."""

    weight: str
    which: str
    bytes: int


class LowBitSource(Source):
    """As `Source`, with the parts of weights that `makers` make, by the weights' names, in the place of what those take."""

    def __init__(self, directory: Path, makers: Mapping[str, Maker]) -> None:
        """Raises ModelNotFound, CheckpointInvalid."""
        super().__init__(directory)
        self._makers = dict(makers)
        self._whole = self.tensors
        self._parts: dict[str, _Part] = {}
        self._lock = threading.Lock()
        self._kept = {PACKED: _Kept(_PANELS_BYTES), SCALES: _Kept(_SCALES_BYTES), ZEROS: _Kept(_SCALES_BYTES)}
        taken = frozenset().union(*(maker.taken for maker in makers.values()))
        tensors = {name: entry for name, entry in self._whole.items() if name not in taken}
        for name, maker in self._makers.items():
            tensors |= {part.name: part for part in self._made(name, maker)}
        self.tensors = tensors

    @property
    def digest(self) -> bytes:
        """A hash over who the files are, and what is made of them."""
        made = sorted((name, maker.packing) for name, maker in self._makers.items())
        return blake3(super().digest + repr(made).encode()).digest()

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

    def block(self, name: str, row: int, row_end: int, column: int, column_end: int) -> "Tensor":
        """Rows and columns of a tensor of the checkpoint; one of one dimension is a column, a number is one of one row."""
        import torch

        entry = self._whole[name]
        assert entry.dtype is not None, "the chooser has seen to it"
        width = entry.shape[1] if len(entry.shape) == 2 else 1
        size, count = entry.dtype.size, (column_end - column) * entry.dtype.size
        data = memoryview(bytearray((row_end - row) * count))
        if count == width * size:
            self._read(entry, entry.offset + row * count, data)
        else:
            for at in range(row_end - row):
                offset = ((row + at) * width + column) * size
                self._read(entry, entry.offset + offset, data[at * count : (at + 1) * count])
        dtype = getattr(torch, entry.dtype.torch_name)
        return torch.frombuffer(data, dtype=dtype).view(row_end - row, column_end - column)

    def _made(self, weight: str, maker: Maker) -> Iterator[TensorEntry]:
        packing, shape = maker.packing, scales_shape(maker.outputs, maker.columns, maker.packing.group)
        shapes = {PACKED: (DType.UINT8, packed_shape(packing.kind, maker.outputs, maker.columns))}
        shapes |= dict.fromkeys((SCALES, ZEROS) if packing.zeros else (SCALES,), (packing.scale, shape))
        for name, (which, (dtype, dims)) in zip(parts(weight, packing), shapes.items(), strict=True):
            panel = dims[1] * dims[2] * dtype.size
            self._parts[name] = _Part(weight, which, panel)
            yield TensorEntry(name, dtype, _NAMES[dtype], dims, 0, dims[0] * panel)

    def _panel(self, part: _Part, panel: int) -> bytes:
        key = (part.weight, panel)
        with self._lock:
            found = self._kept[part.which].get(key)
        if found is not None:
            return found
        made = self._all_of(self._makers[part.weight], panel)
        with self._lock:
            for which, data in made.items():
                self._kept[which].put(key, data)
        return made[part.which]

    def _all_of(self, maker: Maker, panel: int) -> dict[str, bytes]:
        import torch

        last = min((panel + 1) * PANEL, maker.outputs)
        codes, scales, zeros = maker.rows(panel * PANEL, last, self.block)
        made = {PACKED: pack(codes, maker.packing.kind), SCALES: pack_scales(scales)}
        if zeros is not None:
            made[ZEROS] = pack_scales(zeros)
        return {which: value.view(torch.uint8).numpy().tobytes() for which, value in made.items()}


def quantized(source: Source, wanted: Quantization, tell: Tell) -> tuple[LowBitSource, ProgramOrder]:
    """The source with what a Program reads as matrices in few bits, and the order of use. `source` is closed.

    Raises InvalidRequest: there is no Program, or nothing to quantise.
    """
    source.close()
    tell("asking the compiler what may have fewer bits", 0, 0)
    if wanted.kind == AS_IS:
        return _as_is(source, tell)
    order = _order(source.directory, tell)
    packings = wanted.packings(source.tensors, (*order.products, *(order.head if wanted.head else ())))
    makers = {name: Rounded(name, packing, *source.tensors[name].shape) for name, packing in packings.items()}
    return LowBitSource(source.directory, makers), _with_parts(order, makers)


def _as_is(source: Source, tell: Tell) -> tuple[LowBitSource, ProgramOrder]:
    """The compiler sees a checkpoint with the weights that the packed ones stand for, by headers alone."""
    config = read_config(source.directory)
    makers = foreign(config, source.tensors)
    dtype = named(config)
    taken = frozenset().union(*(maker.taken for maker in makers.values()))
    plain = [
        StoredTensor(name, entry.dtype_name, entry.shape, None, 0, entry.length)
        for name, entry in source.tensors.items()
        if name not in taken
    ]
    for name, maker in makers.items():
        shape = (maker.outputs, maker.columns)
        plain.append(StoredTensor(name, _NAMES[dtype], shape, None, 0, maker.outputs * maker.columns * dtype.size))
    with tempfile.TemporaryDirectory() as folder:
        (file,) = files_of(plain, 1 << 62)
        Path(folder, file.name).write_bytes(file.header)
        Path(folder, CONFIG).write_bytes(without_quantization(config))
        order = _order(Path(folder), tell)
    others = sorted(makers.keys() - {*order.products, *order.head})
    if others:
        raise InvalidRequest(f"{others[0]} is quantised, but the model reads it as more than the matrix of a product")
    return LowBitSource(source.directory, makers), _with_parts(order, makers)


def _order(directory: Path, tell: Tell) -> ProgramOrder:
    try:
        return ask(directory, lambda stage: tell(f"compiler: {stage}", 0, 0))
    except NoProgram as error:
        raise InvalidRequest(f"nobody knows which weights may have fewer bits: {error}") from None


def _with_parts(order: ProgramOrder, makers: Mapping[str, Maker]) -> ProgramOrder:
    leaves = (parts(name, makers[name].packing) if name in makers else (name,) for name in order.leaves)
    return replace(order, leaves=tuple(itertools.chain.from_iterable(leaves)), fingerprint=b"")


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
