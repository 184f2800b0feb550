"""One function of IR as a `Function` of a Program.

The body is cut at every `aweigh.repeat`: what lies between becomes a block that runs once and yields what later blocks read. Weights
are read anew in each block that uses them, integers become expressions, lists of tensors dissolve into operands.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from aweigh.compiler.dialect import read
from aweigh.compiler.dialect.build import Repeated, attributes, operands, plain
from aweigh.compiler.dialect.tensors import SCALAR_NUMBERS, TensorShape
from aweigh.compiler.dialect.tensors import read as read_type
from aweigh.compiler.emit import aten, meaning
from aweigh.compiler.emit.names import DIMS, INPUTS, OPTIONAL, OUTPUTS, SYMBOLS
from aweigh.compiler.emit.scalars import Scalars
from aweigh.compiler.emit.shapes import Samples, SizeUnknown, Tensors
from aweigh.compiler.emit.slots import Slots, States, table
from aweigh.compiler.emit.states import state_of
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Expression, Symbol
from aweigh.proto.ops import STATEFUL
from aweigh.proto.program import (
    Attribute,
    Block,
    Function,
    FunctionInput,
    FunctionOutput,
    Op,
    Operand,
    TensorType,
)


def emit_function(function: Any, slots: Slots, states: States, samples: Samples) -> Function:
    """`samples`: of the symbols of this function.

    Raises:
        UnsupportedModel: an operation has no counterpart in a Program; SizeUnknown, if that is because of a size.
    """
    return _Emitter(function, slots, states, samples).run()


class _Emitter:
    def __init__(self, function: Any, slots: Slots, states: States, samples: Samples) -> None:
        self.function = function
        self.samples = samples
        self.slots = slots
        self.states = states
        self.meta: dict[Any, Tensors] = {}
        self.types: dict[Any, TensorType] = {}
        self.ids: dict[Any, int] = {}
        self.lists: dict[Any, list[Any]] = {}
        self.scalars = Scalars(lambda value: self.type_of(value).dims)
        self.next = 0
        self.ops: list[Op] = []
        self.local: dict[Any, int] = {}
        self.segment: dict[Any, int] = {}

    def run(self) -> Function:
        block = read.body(self.function)
        inputs = [self.add_input(value, dims) for value, dims in zip(block.arguments, self.dims(block), strict=True)]
        names = [str(item.value) for item in self.function.attributes[INPUTS]]
        terminator = read.operations(block)[-1]
        segments = list(self.cut(read.operations(block)[:-1]))
        blocks = []
        for number, ops in enumerate(segments):
            for op in ops:
                for result in op.results:
                    self.segment[result] = number
        self.segment_of_op = {op: number for number, ops in enumerate(segments) for op in ops}
        for number, ops in enumerate(segments):
            made = self.repeat(ops[0]) if ops[0].name == "aweigh.repeat" else self.once(ops, number, terminator)
            if made is not None:
                blocks.append(made)
        outputs = [str(item.value) for item in self.function.attributes[OUTPUTS]]
        optional = [bool(item.value) for item in self.function.attributes[OPTIONAL]]
        return Function(
            read.function_name(self.function),
            tuple(str(item.value) for item in self.function.attributes[SYMBOLS]),
            tuple(FunctionInput(name, kind) for name, kind in zip(names, inputs, strict=True)),
            tuple(blocks),
            tuple(
                FunctionOutput(name, self.ids[value], choice)
                for name, value, choice in zip(outputs, terminator.operands, optional, strict=True)
            ),
        )

    # Values

    def dims(self, block: Any) -> list[tuple[Expression, ...]]:
        """The dimensions of each input."""
        if DIMS in self.function.attributes:
            said = plain(self.function.attributes[DIMS])
            return [tuple(size if size >= 0 else Symbol(-1 - size) for size in dims) for dims in said]
        given = [read_type(value) for value in block.arguments]
        return [tuple(Symbol(0) if dim is None else dim for dim in shape.dims) for shape in given if shape is not None]

    def add_input(self, value: Any, dims: tuple[Expression, ...]) -> TensorType:
        shape = read_type(value)
        assert shape is not None, "a function takes something that is no tensor"
        self.define(value, self.samples.inputs(dims, aten.torch_dtype(shape.dtype)), "an input")
        return self.types[value]

    def define(self, value: Any, tensors: Tensors, where: str) -> TensorType:
        """Numbers a new value."""
        self.know(value, tensors, where)
        self.ids[value] = self.next
        self.next += 1
        return self.types[value]

    def know(self, value: Any, tensors: Tensors, where: str) -> None:
        self.meta[value] = tensors
        self.types[value] = TensorType(aten.dtype_of(tensors[0]), self.samples.fit(tensors, where))

    def type_of(self, value: Any) -> TensorType:
        if value not in self.types:
            self.tensors(value)
        return self.types[value]

    def tensors(self, value: Any) -> Tensors:
        op = read.producer(value)
        if value not in self.meta and op is not None and op.name == "aweigh.weight":
            shape = _static(value)
            one = meaning.meta_like(tuple(d for d in shape.dims if d is not None), aten.torch_dtype(shape.dtype))
            self.know(value, (one,) * len(self.samples), "a weight")
        return self.meta[value]

    def operand(self, value: Any) -> int:
        """The id under which the current block sees a tensor value; reads a weight where that is its first use here."""
        op = read.producer(value)
        if op is None or op.name != "aweigh.weight":
            return self.ids[value]
        if value not in self.local:
            self.tensors(value)
            slot = self.slots.slot(attributes(op)["name"], _static(value))
            self.ops.append(Op("weight", (), (self.types[value],), (("slot", slot),)))
            self.local[value] = self.next
            self.next += 1
        return self.local[value]

    # Blocks

    def cut(self, ops: Sequence[Any]) -> Iterator[list[Any]]:
        part: list[Any] = []
        for op in ops:
            if op.name == "aweigh.repeat":
                if part:
                    yield part
                yield [op]
                part = []
            else:
                part.append(op)
        if part:
            yield part

    def once(self, ops: Sequence[Any], number: int, terminator: Any) -> Block | None:
        self.ops, self.local = [], {}
        for op in ops:
            self.operation(op)
        mine = [value for value in self.ids if self.segment.get(value) == number and not isinstance(value, tuple)]
        kept = [value for value in mine if self.read_later(value, number)]
        for value in terminator.operands:
            if self.segment.get(value) == number and value not in self.ids:
                self.ids[value] = self.operand(value)
                kept.append(value)
        if not self.ops:
            return None
        yields = tuple(self.ids[value] for value in kept)
        for value in kept:
            self.ids[value] = self.next
            self.next += 1
        return Block(tuple(self.ops), yields=yields)

    def read_later(self, value: Any, number: int) -> bool:
        for user in read.users(value):
            if user.name == "func.return":
                return True
            if user.name == "torch.prim.ListConstruct" and self.read_later(user.results[0], number):
                return True
            outer = user
            while outer not in self.segment_of_op:
                outer = outer.parent
            if self.segment_of_op[outer] > number and outer.name != "torch.prim.ListConstruct":
                return True
        return False

    def repeat(self, op: Any) -> Block:
        self.ops, self.local = [], {}
        count = int(attributes(op)["count"])
        block = read.body(op)
        inner = read.operations(block)
        weights = [
            (attributes(weight)["name"], _static(weight.results[0]))
            for weight in inner
            if weight.name == "aweigh.weight"
        ]
        self.slots.reserve(count, weights)
        begin = operands(op)["initial"]
        initial = tuple(self.operand(value) for value in begin)
        assert not self.ops, "a loop cannot begin with a weight"
        for argument, value in zip(block.arguments, begin, strict=True):
            self.define(argument, self.tensors(value), "a loop")
        for entry in inner[:-1]:
            self.operation(entry)
        last = operands(inner[-1])
        yields = tuple(self.operand(value) for value in last["carried"])
        collects = tuple(self.operand(value) for value in last["collected"])
        for result, values, times in (
            (op.results[0], last["carried"], ()),
            (op.results[1], last["collected"], (count,)),
        ):
            self.lists[result] = [(result, index) for index in range(len(values))]
            for key, value in zip(self.lists[result], values, strict=True):
                self.define(key, tuple(t.new_empty((*times, *t.shape)) for t in self.tensors(value)), "a loop")
        return Block(tuple(self.ops), count, initial, yields, collects)

    # Operations

    def operation(self, op: Any) -> None:
        kind = read.kind(op)
        if kind in ("aweigh.weight", "aweigh.constant", "torch.prim.ListConstruct") or kind.startswith(
            "torch.constant."
        ):
            return
        if kind == "torch.prim.ListUnpack":
            for result, source in zip(op.results, self.lists[op.operands[0]], strict=True):
                self.alias(result, source)
        elif kind == "torch.prim.NumToTensor.Scalar":
            dtype = self.expected(op)
            self.run_aten(op, "torch.aten.scalar_tensor", [op.operands[0]], {"dtype": SCALAR_NUMBERS[dtype]})
        elif kind == "torch.vtensor.literal":
            self.filled(op)
        elif kind in ("torch.aten.to.dtype", "torch.prims.convert_element_type"):
            self.run_aten(op, "torch.aten._to_copy", [op.operands[0]], {"dtype": SCALAR_NUMBERS[self.expected(op)]})
        elif kind == "torch.aten.view":
            self.run_aten(op, "torch.aten.reshape", list(op.operands), {})
        elif kind.startswith("aweigh."):
            self.own(op, kind.removeprefix("aweigh."))
        elif all(str(result.type) in _SCALARS for result in op.results):
            return  # an integer: evaluated where it is used
        elif kind.startswith("torch.aten."):
            self.run_aten(op, kind, list(op.operands), {})
        else:
            raise UnsupportedModel(f"the operation {kind} has no counterpart in a Program.")

    def filled(self, op: Any) -> None:
        """A tensor of one number, which canonicalisation has folded."""
        shape, value = _static(op.results[0]), op.attributes["value"]
        if not value.is_splat:
            raise UnsupportedModel("a constant with several numbers has no counterpart in a Program.")
        number = plain(value.get_splat_value())
        said = {"size": shape.dims, "fill_value": number, "dtype": SCALAR_NUMBERS[shape.dtype]}
        self.run_aten(op, "torch.aten.full", [], said)

    def expected(self, op: Any) -> Any:
        shape = read_type(op.results[0])
        assert shape is not None, f"{op.name} has no known dtype"
        return shape.dtype

    def alias(self, value: Any, source: Any) -> None:
        self.meta[value], self.types[value] = self.meta[source], self.types[source]
        self.ids[value] = self.ids[source]
        self.segment[value] = self.segment.get(source, -1)

    def run_aten(self, op: Any, kind: str, values: list[Any], more: dict[str, Any]) -> None:
        operator = aten.overload(kind)
        numbers: list[Operand] = []
        said: list[Any] = []
        tensors: list[Any] = []
        for index, argument in enumerate(operator.arguments):
            given = values[index] if index < len(values) else None
            if argument.tensors and given is not None and read.constant(given) is not None:
                found = read.items(given) if argument.tensors == "list" else None
                if argument.tensors == "list" and found is None:
                    found = self.lists[given]
                if found is not None and any(read.constant(item) is None for item in found):
                    raise UnsupportedModel(f"{operator.kind} leaves out a dimension, which a Program cannot say.")
                numbers.append(self.operand(given) if found is None else tuple(self.operand(item) for item in found))
                tensors.append(given if found is None else found)
                said.append(None)
            elif argument.tensors:
                numbers.append(None)
                tensors.append(None)
                said.append(None)
            else:
                tensors.append(None)
                default = None if argument.default is read.UNKNOWN else argument.default
                said.append(self.scalars.evaluate(given) if given is not None else more.get(argument.name, default))
        while numbers and numbers[-1] is None:
            numbers.pop()
        results = [
            self.computed(
                operator, i, [self.sample(tensor, value, i) for tensor, value in zip(tensors, said, strict=True)]
            )
            for i in range(len(self.samples))
        ]
        self.finish(op, operator.kind, tuple(numbers), aten.attributes(operator, said), results)

    def computed(self, operator: aten.Overload, index: int, values: list[Any]) -> tuple[torch.Tensor, ...]:
        """What an operator gives at one sample. That it gives anything at the first one, capture has seen."""
        try:
            return aten.call(operator, values)
        except (RuntimeError, ValueError, IndexError) as error:
            if not index:
                raise UnsupportedModel(f"{operator.kind} has no shape that could be foretold ({error}).") from error
            sentence = f"{operator.kind} does not take every size ({error})."
            raise SizeUnknown(sentence, tuple(range(len(self.samples.points[0])))) from error

    def sample(self, tensor: Any, value: Any, index: int) -> Any:
        if isinstance(tensor, list):
            return [self.tensors(item)[index] for item in tensor]
        return self.samples.at(value, index) if tensor is None else self.tensors(tensor)[index]

    def own(self, op: Any, name: str) -> None:
        if name not in meaning.SHAPES:
            raise UnsupportedModel(f"the operation aweigh.{name} has no counterpart in a Program.")
        given = operands(op)
        said = {key: _attribute(value) for key, value in attributes(op).items()}
        if name in STATEFUL:
            types = {key: self.type_of(value) for key, value in given.items() if value is not None}
            said["state"] = self.states.add(attributes(op)["state"], state_of(name, types))
        numbers: list[Operand] = []
        for value in given.values():
            if isinstance(value, list):
                numbers.append(tuple(self.operand(item) for item in value) if value else None)
            else:
                numbers.append(None if value is None else self.operand(value))
        while numbers and numbers[-1] is None:
            numbers.pop()
        results = [
            meaning.SHAPES[name](
                {key: self.sample(v, None, i) if v is not None else None for key, v in given.items()}, said
            )
            for i in range(len(self.samples))
        ]
        self.finish(op, name, tuple(numbers), tuple(sorted(said.items())), results)

    def finish(
        self,
        op: Any,
        kind: str,
        numbers: tuple[Operand, ...],
        said: tuple[tuple[str, Attribute], ...],
        results: Sequence[tuple[torch.Tensor, ...]],
    ) -> None:
        """Numbers the results of an operation and writes it down."""
        parts = list(zip(*results, strict=True))
        if len(op.results) == 1 and str(op.results[0].type).startswith("!torch.list"):
            keys: list[Any] = [(op.results[0], index) for index in range(len(parts))]
            self.lists[op.results[0]] = keys
            self.segment.update((key, self.segment.get(op.results[0], -1)) for key in keys)
        else:
            keys = list(op.results)
        types = tuple(self.define(key, part, kind) for key, part in zip(keys, parts, strict=True))
        self.ops.append(Op(kind, numbers, types, said))


_SCALARS = frozenset({"!torch.int", "!torch.float", "!torch.bool", "!torch.number", "!torch.list<int>"})


def _static(value: Any) -> TensorShape:
    shape = read_type(value)
    assert shape is not None and None not in shape.dims, "a weight has no static shape"
    return shape


def _attribute(value: Any) -> Attribute:
    if isinstance(value, Repeated):
        return table([_attribute(item) for item in value])
    if isinstance(value, list):
        return tuple(_attribute(item) for item in value)
    answer: Attribute = value
    return answer
