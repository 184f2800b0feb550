"""The Program as frozen dataclasses: what compiler, engine and simulator handle; `convert.py` maps it to protobuf.

Numbering of values (the only place where it is said for Python; `v1/program.proto` says the same): the function's inputs; then
per block its arguments, the results of its ops in order, and the block's results: one per `yields`, one per `collects`.
The first len(initial) values of `yields` are the arguments of the next iteration; the results are what the last iteration yielded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from aweigh.proto.dtypes import DType
from aweigh.proto.expression import Expression

OPSET = 1


@dataclass(frozen=True, slots=True)
class Table:
    """An attribute that differs per iteration of a repeated block: iteration i reads ``items[i % len(items)]``."""

    items: "tuple[Attribute, ...]"


# bool before int where types are told apart: a bool is an int in Python. A plain int encodes as `integer`,
# a Symbol or Operation as `expression`, a tuple as `list`.
Attribute = bool | int | float | str | DType | Expression | Table | tuple["Attribute", ...]

# A value id, a list of value ids (a tensor list), or None for an optional operand that is absent.
Operand = int | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class TensorType:
    dtype: DType
    dims: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Op:
    kind: str
    operands: tuple[Operand, ...]
    results: tuple[TensorType, ...]
    attributes: tuple[tuple[str, Attribute], ...] = ()  # sorted by name


@dataclass(frozen=True, slots=True)
class Block:
    ops: tuple[Op, ...]
    repeat: int = 1
    initial: tuple[int, ...] = ()
    yields: tuple[int, ...] = ()
    collects: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionInput:
    name: str
    type: TensorType


@dataclass(frozen=True, slots=True)
class FunctionOutput:
    name: str
    value: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    symbols: tuple[str, ...]
    inputs: tuple[FunctionInput, ...]
    blocks: tuple[Block, ...]
    outputs: tuple[FunctionOutput, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    dtype: DType
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyValueState:
    """Keys [tokens, heads, key_size] and values [tokens, heads, value_size] of one layer, paged."""

    heads: int
    key_size: int
    value_size: int
    dtype: DType


@dataclass(frozen=True, slots=True)
class RecurrentState:
    """One tensor of fixed shape per sequence, zero before its first token: what a recurrence or a convolution remembers."""

    dtype: DType
    shape: tuple[int, ...]


State = KeyValueState | RecurrentState


@dataclass(frozen=True, slots=True)
class Program:
    slots: tuple[Slot, ...]
    states: tuple[State, ...]
    functions: tuple[Function, ...]
    opset: int = OPSET

    def function(self, name: str) -> Function:
        """The function of that name. Raises KeyError."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as bytes: little-endian, C order."""

    dtype: DType
    shape: tuple[int, ...]
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Permute:
    source: "WeightExpression"
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    source: "WeightExpression"
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    sources: "tuple[WeightExpression, ...]"
    dimension: int


@dataclass(frozen=True, slots=True)
class Concatenate:
    sources: "tuple[WeightExpression, ...]"
    dimension: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """``source.narrow(dimension, start, length)``."""

    source: "WeightExpression"
    dimension: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Cast:
    source: "WeightExpression"
    dtype: DType


@dataclass(frozen=True, slots=True)
class Content:
    """A tensor whose bytes were uploaded, little-endian, in C order. `digest` is the BLAKE3 of the bytes: 32 bytes."""

    digest: bytes
    dtype: DType
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A tensor in C order that begins `offset` bytes into a file of the engine's machine.

    `path` is absolute; `size` in bytes and `modified_ns` say which file is meant: another one by that name is refused.
    """

    path: str
    size: int
    modified_ns: int
    offset: int
    dtype: DType
    shape: tuple[int, ...]


# A str is a key of the checkpoint; a Tensor is a literal (a buffer that no checkpoint holds).
WeightExpression = str | Permute | View | Stack | Concatenate | Chunk | Cast | Tensor | Content | FileBytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """One expression per slot of the Program, by position."""

    slots: Sequence[WeightExpression]
