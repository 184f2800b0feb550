"""A new function that takes operations out of another one; what they need besides, and what no argument of a function went into, is copied."""

from collections.abc import Mapping, Sequence
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.definition import KEEPERS
from aweigh.compiler.emit.names import INPUTS, OPTIONAL, OUTPUTS, SYMBOLS
from aweigh.compiler.passes.aten import integer
from aweigh.kernels import mlir
from aweigh.proto.errors import UnsupportedModel


class Container:
    """`places` maps values of the old function to the number of the new function's argument that stands for them; `sizes` maps an argument
    of the old function that is absent here to the new one's argument that has as many tokens or rows, in its second dimension."""

    def __init__(
        self,
        module: Any,
        before: Any,
        name: str,
        types: Sequence[Any],
        places: Mapping[Any, int],
        sizes: Mapping[Any, int],
    ) -> None:
        ir = mlir.ir
        with ir.InsertionPoint(before), ir.Location.unknown():
            kind = ir.FunctionType.get(list(types), [])
            self.function = mlir.func.FuncOp(name, kind).operation
            self.block = ir.Block.create_at_start(self.function.regions[0], list(types))
        self.copies: dict[Any, Any] = {old: self.block.arguments[index] for old, index in places.items()}
        self.sizes: dict[Any, Any] = {old: self.block.arguments[index] for old, index in sizes.items()}
        self.name = name
        self._clones = 0

    def take(self, ops: Sequence[Any]) -> None:
        """Moves `ops`, in order, and mends their operands."""
        ours = set(ops)
        for op in ops:
            if not _copied(op):
                self.block.append(op)
        for op in ops:
            if not _copied(op):
                self._mend(op, ours)

    def close(self, symbol: str, inputs: Sequence[str], outputs: Sequence[tuple[str, Any]], optional: int = 0) -> None:
        """Ends the function and names what goes in and out; the last outputs, as many as `optional`, are computed only when asked for."""
        ir = mlir.ir
        values = [self._here(value) for _, value in outputs]
        with ir.InsertionPoint(self.block), ir.Location.unknown():
            mlir.func.ReturnOp(values)
        kind = ir.FunctionType.get([value.type for value in self.block.arguments], [value.type for value in values])
        self.function.attributes["function_type"] = ir.TypeAttr.get(kind)
        self.function.attributes[SYMBOLS] = ir.ArrayAttr.get([ir.StringAttr.get(symbol)])
        self.function.attributes[INPUTS] = ir.ArrayAttr.get([ir.StringAttr.get(name) for name in inputs])
        self.function.attributes[OUTPUTS] = ir.ArrayAttr.get([ir.StringAttr.get(name) for name, _ in outputs])
        self.function.attributes[OPTIONAL] = ir.ArrayAttr.get(
            [ir.BoolAttr.get(place >= len(outputs) - optional) for place in range(len(outputs))]
        )

    def _mend(self, op: Any, ours: set[Any]) -> None:
        for index, value in enumerate(op.operands):
            op.operands[index] = self._here(value)
        for region in op.regions:
            for block in region.blocks:
                for inner in read.operations(block):
                    self._mend(inner, ours)

    def _here(self, value: Any) -> Any:
        """What stands for `value` in this function."""
        if value in self.copies:
            return self.copies[value]
        if self._inside(value):
            return value
        op = read.producer(value)
        if op is None or op.name in _ROOTED:
            raise UnsupportedModel(f"the {self.name} of this model needs a value of another part: it cannot be split.")
        at = list(op.results).index(value)
        self.copies[value] = self._size(op) if _is_size(op) and op.operands[0] in self.sizes else self._clone(op, at)
        return self.copies[value]

    def _size(self, op: Any) -> Any:
        """The number of tokens or rows, read from what is here; a batch is one."""
        dims = tensors.read(op.operands[0])
        assert dims is not None
        dimension = read.constant(op.operands[1])
        with self._place():
            if dims.dims[dimension] is not None:
                self._clones += 1
                return integer(dims.dims[dimension] or 0)
            self._clones += 2
            kind = mlir.ir.Type.parse("!torch.int")
            of = self.sizes[op.operands[0]]
            return mlir.ir.Operation.create("torch.aten.size.int", results=[kind], operands=[of, integer(1)]).result

    def _clone(self, op: Any, at: int) -> Any:
        operands = [self._here(operand) for operand in op.operands]
        clone = op.clone(ip=self._place())
        self._clones += 1
        for index, operand in enumerate(operands):
            clone.operands[index] = operand
        return clone.results[at]

    def _place(self) -> Any:
        """Behind the copies made so far, before everything that was moved: copies lead the function in the order of their need."""
        if self._clones < len(self.block.operations):
            return mlir.ir.InsertionPoint(self.block.operations[self._clones])
        return mlir.ir.InsertionPoint(self.block)

    def _inside(self, value: Any) -> bool:
        block = value.owner if isinstance(value.owner, mlir.ir.Block) else value.owner.operation.block
        owner = block.owner.operation
        while owner.name not in ("func.func", "builtin.module"):
            owner = owner.parent
        return bool(owner == self.function)


# Not to be done twice.
_ROOTED = KEEPERS | {"aweigh.repeat"}


def _is_size(op: Any) -> bool:
    return bool(op.name == "torch.aten.size.int")


def _copied(op: Any) -> bool:
    """Whether an operation is cheaper to repeat than to carry: weights, constants and integers."""
    if op.name == "aweigh.weight" or op.name.startswith("torch.constant."):
        return True
    return bool(op.results) and all(
        tensors.read(result) is None and "vtensor" not in str(result.type) for result in op.results
    )
