"""One captured Program of a module: for which sizes it is, and where it is loaded."""

from collections.abc import Sequence

import torch

from aweigh.compiler.offload.placing import Place
from aweigh.proto.convert import program_from_message
from aweigh.proto.expression import Symbol, evaluate
from aweigh.proto.v1 import compiler_pb2


class Variant:
    """`place`: None until the first call, and after its worker was lost. `alone`: why its calls share no steps with those of others, where
    they are calls of a text encoder."""

    function = "main"

    def __init__(self, compiled: compiler_pb2.Compiled, alone: str = "") -> None:
        self.compiled = compiled
        self.alone = alone
        self.place: Place | None = None
        (function,) = program_from_message(compiled.program).functions
        self._symbols = len(function.symbols)
        inputs = {int(entry.name): entry.type.dims for entry in function.inputs}
        self.inputs = sorted(inputs)  # numbers of the tensors that the Program reads
        self._dims = [inputs[number] for number in self.inputs]

    @property
    def ops(self) -> int:
        """That one call runs; 0 where it is loaded nowhere."""
        return 0 if self.place is None else self.place.ops

    def fits(self, tensors: Sequence[torch.Tensor]) -> bool:
        """Whether the Program is for tensors of these sizes."""
        sizes: dict[int, int] = {}
        shapes = [tuple(tensors[number].shape) for number in self.inputs]
        for dims, shape in zip(self._dims, shapes, strict=True):
            if len(dims) != len(shape):
                return False
            for dim, size in zip(dims, shape, strict=True):
                if isinstance(dim, Symbol) and sizes.setdefault(dim.index, size) != size:
                    return False
        if len(sizes) != self._symbols:
            return False
        ranges = self.compiled.ranges
        if any(
            not least_most.least <= sizes[at] <= (least_most.most or sizes[at]) for at, least_most in enumerate(ranges)
        ):
            return False
        values = [sizes[at] for at in range(self._symbols)]
        return all(
            evaluate(dim, values) == size
            for dims, shape in zip(self._dims, shapes, strict=True)
            for dim, size in zip(dims, shape, strict=True)
        )
