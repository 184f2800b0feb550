"""One Program of a piece: for which sizes it is, and where it is loaded with which weights."""

import math
from collections.abc import Sequence
from typing import Any

import torch

from aweigh.compiler.client import compile_graph
from aweigh.compiler.locks import lock
from aweigh.compiler.offload.connection import Connection
from aweigh.compiler.offload.module import loads
from aweigh.compiler.offload.module.exporting import Exported
from aweigh.compiler.offload.module.ledger import DTYPES
from aweigh.compiler.offload.module.loads import Place
from aweigh.compiler.offload.module.sizes import sizes_of
from aweigh.compiler.progress import Tell
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import compiler_pb2

_KEPT = 4  # places that stay loaded: modules of one structure with weights of their own


class Variant:
    """Made with example inputs and the numbers (`free`) that are constants of it. Compiled when it is first placed."""

    def __init__(self, exported: Exported, free: list[int], inputs: list[torch.Tensor], results: Sequence[Any]) -> None:
        self.exported = exported
        self._free = free
        self._sizes = sizes_of(exported.program)
        self._shapes = [tuple(tensor.shape) for tensor in inputs]
        self._dtypes = [tensor.dtype for tensor in inputs]
        self._elements = max(sum(tensor.numel() for tensor in inputs), 1)
        self._received: int = sum(math.prod(map(_hint, value.shape)) * value.dtype.itemsize for value in results)
        self._compiled: compiler_pb2.Compiled | None = None
        self._places: list[Place] = []
        self._lock = lock()

    def fits(self, inputs: list[torch.Tensor], free: list[int]) -> bool:
        """Whether it is for a call with these inputs and numbers."""
        return free == self._free and self._sizes.fits(inputs)

    def flops_at(self, inputs: list[torch.Tensor]) -> float:
        """An estimate for other sizes, in proportion."""
        return self.exported.flops * sum(tensor.numel() for tensor in inputs) / self._elements

    def received_at(self, inputs: list[torch.Tensor]) -> int:
        """Bytes of the results, as `flops_at`."""
        return self._received * sum(tensor.numel() for tensor in inputs) // self._elements

    def compile(self, tell: Tell) -> compiler_pb2.Compiled:
        """Raises UnsupportedModel, PeerFailed."""
        if self._compiled is None:
            specs = [
                compiler_pb2.TensorSpec(dtype=int(DTYPES[dtype]), shape=shape)  # type: ignore[arg-type]
                for dtype, shape in zip(self._dtypes, self._shapes, strict=True)
                if dtype in DTYPES
            ]
            if len(specs) < len(self._dtypes):
                raise UnsupportedModel("an input has a dtype that the wire has not")
            self._compiled = compile_graph(compiler_pb2.CompileRequest(graph=self.exported.data, tensors=specs), tell)
            self._sizes.narrow(self._compiled)
        return self._compiled

    def place(self, live: Connection, weights: list[torch.Tensor], tell: Tell) -> tuple[Place, bool]:
        """Where it is loaded with these weights; and whether those were others at the last call.

        Raises what compiling and loading raise.
        """
        for place in self._places:
            if place.lease == live.lease and place.holds(weights):
                return place, False
        with self._lock:
            named = {f"w{number}": weight for number, weight in enumerate(weights)} | self.exported.constants
            made = loads.load(live, self.compile(tell), named, tell)
            old = [place for place in self._places if place.of(weights)]
            self._places = [made, *(place for place in self._places if place not in old)]
            old += self._places[_KEPT:]
            del self._places[_KEPT:]
            for place in old:
                if place.lease == live.lease and all(place.model != kept.model for kept in self._places):
                    loads.unload(live, place)
            return made, any(place.of(weights) and place.model != made.model for place in old)

    def forget(self) -> None:
        """What was loaded is not there any more."""
        self._places = []


def _hint(size: Any) -> int:
    return size if isinstance(size, int) else int(size.node.hint)
