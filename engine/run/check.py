"""Declared shapes against computed ones: a flat function is run on meta tensors and must give what it declares.

When a Program comes, two sets of symbol values tell a dimension that follows a symbol from one that happens to equal it. No memory is
touched, so a Program that lies costs nothing. Equal layers are computed once (by kind, attributes and shapes). Sizes are bounded here
as well: at `MOST_TOKENS` no value may take more than `MAX_VALUE_BYTES`.

Two samples are no proof for all sizes (a slice of 7 tokens is as long as its operand up to 7), and kernels that were told a wrong size
would read what is not theirs. So every further size is proved when a step first has it (`Proof`, 2 ms), before the step runs. Where
ATen has no shape function the step itself compares its result with the declaration (`unproved`).

The function of a module (`WHOLE`) has symbols of any kind, of which two samples would say nothing (a picture of 3 pixels fits no
convolution): it is proved, sizes of its values too, at the sizes of each call.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.run.aten import Value, call_of, plain, results_of
from aweigh.engine.run.meaning import MEANINGS, Misfit
from aweigh.engine.run.symbols import shape, sources, substitute
from aweigh.proto.errors import ProgramInvalid
from aweigh.proto.flat import COLLECT, Flat, Instruction
from aweigh.proto.ops import BATCHED
from aweigh.proto.program import Attribute, Program, TensorType

SAMPLES = (3, 7)
MOST_TOKENS = 2_048
MAX_VALUE_BYTES = 1 << 36
MOST_SIZES = 1 << 16
WHOLE = "main"
_META = torch.device("meta")
# What torch raises for arguments that do not fit an operator.
_MISFITS = (RuntimeError, TypeError, ValueError, IndexError, KeyError, ArithmeticError, AssertionError, AttributeError)

_LISTS = frozenset(["aten.unbind.int", "aten.split.Tensor", "aten.chunk.default"])

Memo = dict[Any, tuple[Tensor, ...]]
Values = dict[int, Tensor]


def warm_up() -> None:
    """Makes torch load what its shape functions need: a second of imports, the first time that any of them is asked."""
    torch.mul(torch.empty(2, device=_META), torch.empty(2, device=_META))


def check(program: Program, flat: Flat) -> None:
    """Raises ProgramInvalid in one sentence that names the op."""
    sources(flat.function)
    count = len(flat.function.symbols)
    if flat.function.name == WHOLE and count:
        flat.unproved.update(entry.results[0] for entry in flat.instructions if not _has_shape(entry.kind))
        return
    _need_small(flat, [MOST_TOKENS] * count)
    for sample in SAMPLES:
        _run(program, flat, [sample + index for index in range(count)])


def _need_small(flat: Flat, symbols: Sequence[int]) -> None:
    for declared in flat.types:
        if math.prod(shape(declared.dims, symbols)) * declared.dtype.size > MAX_VALUE_BYTES:
            raise ProgramInvalid(f"a value of {flat.function.name!r} takes more than {MAX_VALUE_BYTES} bytes")


@cache
def _has_shape(kind: str) -> bool:
    """Whether ATen has a shape function for an op, for all that can be said before it is asked."""
    return not kind.startswith("aten.") or torch._C._dispatch_has_computed_kernel_for_dispatch_key(
        kind.removesuffix(".default").replace("aten.", "aten::", 1), "Meta"
    )


class Proof:
    """For which sizes the instructions of a flat function are known to give what they declare.

    Each instruction is proved from the declared types of its operands, which others have proved: so equal ones are proved once.
    """

    def __init__(self, program: Program, flat: Flat) -> None:
        self._program, self._flat = program, flat
        self._proved: set[tuple[int, ...]] = set()
        self._distinct: list[Instruction] | None = None

    def at(self, symbols: tuple[int, ...]) -> None:
        """Raises ProgramInvalid where the Program lies about these sizes. Costs nothing the second time."""
        if symbols in self._proved:
            return
        if self._flat.function.name == WHOLE:
            _need_small(self._flat, symbols)
        if self._distinct is None:
            self._distinct = self._choose()
        for instruction in self._distinct:
            values = {value: _empty(self._flat.types[value], symbols) for value in _numbers(instruction)}
            _prove(self._program, self._flat, instruction, values, symbols, {})
        if len(self._proved) >= MOST_SIZES:
            self._proved.clear()
        self._proved.add(symbols)

    def _choose(self) -> list[Instruction]:
        types = self._flat.types
        found: dict[Any, Instruction] = {}
        for instruction in self._flat.instructions:
            if instruction.kind != "weight":
                shapes = [
                    None
                    if operand is None
                    else types[operand]
                    if isinstance(operand, int)
                    else [types[v] for v in operand]
                    for operand in instruction.operands
                ]
                results = [types[value] for value in instruction.results]
                found.setdefault(f"{instruction.kind} {instruction.attributes!r} {shapes!r} {results!r}", instruction)
        return list(found.values())


def unproved(
    kind: str, results: Sequence[Tensor] | Tensor, declared: Sequence[tuple[Sequence[int], torch.dtype]]
) -> Any:
    """Results of an op that has no shape function, if they are what is declared. Raises ProgramInvalid."""
    given = (results,) if isinstance(results, Tensor) else results
    for result, (dims, dtype) in zip(given, declared, strict=True):
        if list(result.shape) != list(dims) or result.dtype != dtype:
            raise ProgramInvalid(
                f"{kind} gives {result.dtype} {list(result.shape)}, the Program declares {dtype} {list(dims)}"
            )
    return results


def _numbers(instruction: Instruction) -> Iterator[int]:
    for operand in instruction.operands:
        if operand is not None:
            yield from (operand,) if isinstance(operand, int) else operand


def _run(program: Program, flat: Flat, symbols: Sequence[int]) -> None:
    values: Values = {}
    for index in range(len(flat.function.inputs)):
        values[index] = _empty(flat.types[index], symbols)
    memo: Memo = {}
    for instruction in flat.instructions:
        results = _prove(program, flat, instruction, values, symbols, memo)
        values.update(zip(instruction.results, results, strict=True))


def _prove(
    program: Program, flat: Flat, instruction: Instruction, values: Values, symbols: Sequence[int], memo: Memo
) -> tuple[Tensor, ...]:
    """The results of an instruction, which are as declared. Raises ProgramInvalid."""
    results = _results(program, flat, instruction, values, symbols, memo)
    for number, result in zip(instruction.results, results, strict=True):
        declared = flat.types[number]
        wanted = shape(declared.dims, symbols)
        if tuple(result.shape) != wanted or result.dtype != getattr(torch, declared.dtype.torch_name):
            raise ProgramInvalid(
                f"{instruction.kind} in {flat.function.name!r} gives {result.dtype} {list(result.shape)}, "
                f"the Program declares {declared.dtype.torch_name} {list(wanted)}"
            )
    return results


def _results(
    program: Program, flat: Flat, instruction: Instruction, values: Values, symbols: Sequence[int], memo: Memo
) -> tuple[Tensor, ...]:
    types = flat.types
    operands = [_pick(operand, values) for operand in instruction.operands]
    attributes = [(name, substitute(value, symbols)) for name, value in instruction.attributes]
    key = (instruction.kind, repr(attributes), tuple(map(_describe, operands)))
    known = memo.get(key)
    if known is None:
        try:
            known = memo[key] = _compute(program, instruction, operands, dict(attributes), values, types, symbols)
        except ProgramInvalid:
            raise
        except Misfit as error:
            raise ProgramInvalid(f"{instruction.kind} has operands that do not fit: {error}") from None
        except NotImplementedError:
            # ATen has no shape function for it: the step compares what results with what is declared.
            flat.unproved.add(instruction.results[0])
            return tuple(_empty(types[number], symbols) for number in instruction.results)
        except _MISFITS as error:
            reason = str(error).partition("\n")[0][:200]
            raise ProgramInvalid(f"{instruction.kind} has operands or attributes that do not fit: {reason}") from None
    return known


def _compute(
    program: Program,
    instruction: Instruction,
    operands: list[Any],
    attributes: dict[str, Any],
    values: Values,
    types: list[TensorType],
    symbols: Sequence[int],
) -> tuple[Tensor, ...]:
    kind = instruction.kind
    if kind == "aten.index.Tensor" and _by_mask(operands):
        # Its shape follows from values: kernels behind it would read past what they were given.
        raise Misfit("an index is a mask")
    if kind in _LISTS:
        _need_few(kind, operands[0], attributes, len(instruction.results))
    if kind == "weight":
        return (_empty(types[instruction.results[0]], symbols),)
    if kind == COLLECT:
        return (torch.stack(operands[0]),)
    if kind in MEANINGS:
        results = MEANINGS[kind](program, attributes, *operands)
        if kind in BATCHED and results[0].shape[2 if kind == "causal_conv" else 1] != symbols[0]:
            raise Misfit("what knows of sequences has one row per token of the step")
        return tuple(results_of(results, len(instruction.results), kind))
    call = call_of(instruction, _META)
    arguments = [
        _pick(argument.value, values) if isinstance(argument, Value) else plain(_substituted(argument, symbols))
        for argument in call.arguments
    ]
    keywords = {name: plain(_substituted(value, symbols)) for name, value in call.keywords.items()}
    return tuple(results_of(call.function(*arguments, **keywords), len(instruction.results), kind))


def _by_mask(operands: list[Any]) -> bool:
    indices = [index for operand in operands[1:] for index in (operand if isinstance(operand, list) else [operand])]
    return any(index is not None and index.dtype in (torch.bool, torch.uint8) for index in indices)


def _need_few(kind: str, x: Tensor, attributes: dict[str, Any], declared: int) -> None:
    """Counts the results of an op that gives a list before a Program has torch make billions of them."""
    size = x.shape[attributes.get("dim", 0)]
    piece = (
        attributes.get("split_size", 1) if kind != "aten.chunk.default" else -(-size // max(attributes["chunks"], 1))
    )
    if size > declared * max(piece, 1):
        raise Misfit(f"it gives more than the {declared} results that are declared")


def _substituted(value: Attribute | None, symbols: Sequence[int]) -> Any:
    return None if value is None else substitute(_tuple(value), symbols)


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list | tuple) else value


def _pick(operand: Any, values: Values) -> Any:
    if operand is None:
        return None
    return values[operand] if isinstance(operand, int) else [values[value] for value in operand]


def _describe(operand: Any) -> Any:
    if operand is None:
        return None
    if isinstance(operand, list):
        return tuple(map(_describe, operand))
    return (operand.dtype, operand.shape, operand.stride())


def _empty(declared: TensorType, symbols: Sequence[int]) -> Tensor:
    dims = shape(declared.dims, symbols)
    if any(dim < 0 for dim in dims):
        raise ProgramInvalid(f"a dimension of the Program is {min(dims)}")
    return torch.empty(dims, dtype=getattr(torch, declared.dtype.torch_name), device=_META)
