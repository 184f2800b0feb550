"""From instructions to steps: which kernel or ATen function each op becomes, with the operands it takes.

ATen ops are here; those of ours that keep no state are in `dense.py`, the others in `stateful.py`, what all of them share in
`operands.py`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch

from aweigh.engine.run.aten import Value, call_of, plain
from aweigh.engine.run.bounds import within
from aweigh.engine.run.check import unproved
from aweigh.engine.run.dense import Dense
from aweigh.engine.run.stateful import Stateful
from aweigh.engine.run.symbols import is_symbolic
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.flat import COLLECT, Instruction
from aweigh.proto.ops import VIEWS
from aweigh.proto.program import Attribute

FOLDED_BYTES = 1 << 20
_CAST = "aten._to_copy.default"
_SOFTMAX = frozenset(["aten.softmax.int", "aten._softmax.default"])


class Lowering(Dense, Stateful):
    """Turns the needed instructions of a flat function into steps of a builder."""

    def lower(self, instruction: Instruction) -> None:
        for guard in self.bounds.guards(instruction):
            operands = (self.tensor(guard.indices), self.builder.attribute(guard.size, plain))
            looked_at = self.builder.one("within", within, *operands, self.builder.constant(guard.wraps), folds=True)
            self.slot_of.pop(guard.indices, None)
            self.values[guard.indices] = looked_at
        attributes = dict(instruction.attributes)
        method: Callable[..., Sequence[int]] | None = getattr(self, f"op_{instruction.kind}", None)
        results: Sequence[int]
        if instruction.kind == COLLECT:
            results = (self.builder.one("stack", torch.stack, self._list(instruction.operands[0])),)
        elif instruction.kind.startswith("aten."):
            results = self._aten(instruction)
        else:
            if any(is_symbolic(value) for value in attributes.values()):
                raise ProgramInvalid(f"{instruction.kind} has an attribute that depends on a symbol")
            assert method is not None, f"there is no lowering of {instruction.kind}"
            results = method(instruction, *instruction.operands, **attributes)
        self.values.update(zip(instruction.results, results, strict=True))

    def _aten(self, instruction: Instruction) -> Sequence[int]:
        rewritten = self._layout(instruction)
        if rewritten is not None:
            return (rewritten,)
        routed = self._routed(instruction)
        if routed is not None:
            return routed
        call = call_of(instruction, self.device)
        operands: list[int] = []
        for argument in call.arguments:
            if isinstance(argument, Value):
                one = argument.value
                operands.append(self.tensor(one) if isinstance(one, int) else self._list(one))
            else:
                operands.append(
                    self.builder.constant(None) if argument is None else self.builder.attribute(_tuple(argument), plain)
                )
        if any(is_symbolic(_tuple(value)) for value in call.keywords.values()):
            raise ProgramInvalid(f"{instruction.kind} has a keyword that depends on a symbol")
        function = call.function
        if instruction.results[0] in self.flat.unproved:
            types = [self.flat.types[value] for value in instruction.results]
            operands += [self.builder.attribute(declared.dims, plain) for declared in types]
            function = _compared(instruction.kind, function, [getattr(torch, t.dtype.torch_name) for t in types])
        return self.builder.add(
            instruction.kind,
            function,
            tuple(operands),
            len(instruction.results),
            keywords=call.keywords,
            folds=instruction.kind in VIEWS or self._small(instruction),
            many=_lists(instruction.kind),
        )

    def _routed(self, instruction: Instruction) -> Sequence[int] | None:
        """What a router does with the scores [T, X] of its X experts."""
        attributes = dict(instruction.attributes)
        value = instruction.operands[0] if instruction.operands else None
        if not isinstance(value, int) or value in self.slot_of or instruction.results[0] in self.flat.unproved:
            return None
        declared = self.flat.types[value]
        dims = declared.dims
        if len(dims) != 2 or is_symbolic(dims[1]) or attributes.get("dim", -1) not in (-1, 1):
            return None
        x = self.tensor(value)
        if instruction.kind in _SOFTMAX and not attributes.get("half_to_float"):
            dtype = attributes.get("dtype") or declared.dtype
            if dtype is not declared.dtype:
                x = self.builder.one(_CAST, torch.ops.aten._to_copy.default, x, keywords={"dtype": plain(dtype)})
            return (self.builder.one("softmax", self.kernels.softmax, x),)
        count = attributes.get("k")
        ranks = attributes.get("largest", True) and attributes.get("sorted", True)
        if instruction.kind != "aten.topk.default" or not ranks or not isinstance(count, int):
            return None
        return self.builder.add("topk", self.kernels.topk, (x, self.builder.constant(count)), 2)

    def _layout(self, instruction: Instruction) -> int | None:
        """Views that the builder knows how to undo."""
        attributes = dict(instruction.attributes)
        value = instruction.operands[0] if instruction.operands else None
        if not isinstance(value, int):
            return None
        match instruction.kind:
            case "aten.view.default" | "aten.reshape.default":
                shape = attributes.get("size", attributes.get("shape"))
                if isinstance(shape, tuple) and len(attributes) == 1:
                    return self.builder.reshape(self.tensor(value), shape, plain)
            case "aten.transpose.int" if self._rank(value) == 4:
                dims = (attributes.get("dim0"), attributes.get("dim1"))
                if all(isinstance(dim, int) for dim in dims) and sorted(dim % 4 for dim in dims) == [1, 2]:  # type: ignore[operator]
                    return self.builder.swap12(self.tensor(value))
            case "aten.permute.default" if attributes.get("dims") == (0, 2, 1, 3):
                return self.builder.swap12(self.tensor(value))
        return None

    def _small(self, instruction: Instruction) -> bool:
        """Whether its results are static and small enough to be kept by every bound model."""
        total = 0
        for value in instruction.results:
            declared = self.flat.types[value]
            if is_symbolic(declared.dims):
                return False
            size = declared.dtype.size
            for dim in declared.dims:
                assert isinstance(dim, int)
                size *= dim
            total += size
        return total <= FOLDED_BYTES


def _compared(kind: str, function: Callable[..., Any], dtypes: list[torch.dtype]) -> Callable[..., Any]:
    """The function, with a declared shape per result behind its operands, which its results must have."""

    def call(*operands: Any, **keywords: Any) -> Any:
        count = len(operands) - len(dtypes)
        results = function(*operands[:count], **keywords)
        return unproved(kind, results, list(zip(operands[count:], dtypes, strict=True)))

    return call


def _tuple(value: Any) -> Attribute:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value


def _lists(kind: str) -> bool:
    """Whether an ATen op returns a list of tensors."""
    _, name, overload = kind.split(".", 2)
    returns = getattr(getattr(torch.ops.aten, name), overload)._schema.returns
    return len(returns) > 1 or str(returns[0].type).startswith("List")
