"""Rotary position embeddings in the ways in which modelling code says them.

    half          x * cos + cat(-x[R/2:], x[:R/2]) * sin          Llama and most
    interleaved   the same with stack(-x[1::2], x[0::2])          Cohere, GLM
    pairs         cat(a * cos - b * sin, b * cos + a * sin)       gpt-oss: cos and sin for each pair once
    partial       cat(any of these over x[:R], x[R:])             Phi, GPT-NeoX, StableLM

x is [1, H, T, D], cos and sin [1, T, R] with a dimension for the heads put in. How cos and sin come about stays as it is.
"""

from dataclasses import dataclass, field
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attributes, operands
from aweigh.compiler.passes.halves import Source, part_of, turned
from aweigh.compiler.passes.pattern import bind, equals, listed, op
from aweigh.compiler.passes.replace import raised, sole_user
from aweigh.kernels import mlir

_MUL = "torch.aten.mul.Tensor"
_SUM = op("torch.aten.add.Tensor", op(_MUL, bind("a"), bind("b")), op(_MUL, bind("c"), bind("d")), equals(1))
_DIFFERENCE = op("torch.aten.sub.Tensor", op(_MUL, bind("a"), bind("b")), op(_MUL, bind("c"), bind("d")), equals(1))
_HEADS = op("torch.aten.unsqueeze", bind("table"), equals(1))
_JOINED = op("torch.aten.cat", listed(bind("first"), bind("second")), equals(-1, 3))


@dataclass(frozen=True, slots=True)
class Rotary:
    """Every form above -> `aweigh.rotary`. Where the rotation is computed in a wider dtype and narrowed again, so does the op."""

    name: str = "rotary"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            doubled = _Doubled()
            for entry in read.operations(read.body(function)):
                if entry.name == "torch.aten.add.Tensor":
                    _whole(entry)
                elif entry.name == "torch.aten.cat":
                    _pairs(entry, doubled)
            for entry in read.operations(read.body(function)):
                if entry.name == "torch.aten.cat":
                    _partial(entry)


def _whole(entry: Any) -> None:
    found = _SUM(entry.results[0], {})
    if found is None:
        return
    a, b, c, d = (found[name] for name in "abcd")
    for straight, other in (((a, b), (c, d)), ((c, d), (a, b))):
        for rotated, sine in (other, other[::-1]):
            source = turned(rotated)
            if source is None or source.x not in straight:
                continue
            cosine = straight[0] if straight[1] == source.x else straight[1]
            _rotate(entry.results[0], source, _table(cosine), _table(sine))
            return


def _pairs(entry: Any, doubled: "_Doubled") -> None:
    joined = _JOINED(entry.results[0], {})
    if joined is None:
        return
    first, second = _DIFFERENCE(joined["first"], {}), _SUM(joined["second"], {})
    if first is None or second is None:
        return
    low, cosine, high, sine = (first[name] for name in "abcd")
    x = part_of(low, 0)
    if x is None or part_of(high, 1) != x:
        return
    crossed = {(second["a"], second["b"]), (second["c"], second["d"])}
    if crossed != {(high, cosine), (low, sine)} or (cos := _table(cosine)) is None or (sin := _table(sine)) is None:
        return
    if tensors.read(entry.results[0]) == tensors.read(x):
        _rotate(entry.results[0], Source(x, False), doubled.of(cos), doubled.of(sin))


def _partial(entry: Any) -> None:
    joined = _JOINED(entry.results[0], {})
    made = None if joined is None else read.producer(joined["first"])
    if joined is None or made is None or made.name != "aweigh.rotary":
        return
    given = operands(made)
    x = _beginning(given["x"], joined["second"])
    if x is not None and x.type == entry.results[0].type:
        raised(entry, "rotary", {**given, "x": x}, attributes(made), [entry.results[0]])


def _rotate(value: Any, source: Source, cos: Any | None, sin: Any | None) -> None:
    x = source.x
    if cos is None or sin is None or cos.type != sin.type:
        return
    maker = read.producer(x)
    if value.type != x.type:
        value = _narrow(value, x) or value
    elif maker is not None and maker.name == "torch.aten._to_copy" and _dtype(cos) is _dtype(x):
        narrow = _narrow(value, maker.operands[0])
        value, x = (narrow, maker.operands[0]) if narrow is not None else (value, x)
    shape, table = tensors.read(x), tensors.read(cos)
    if value.type != x.type or shape is None or table is None or len(shape.dims) != 4 or len(table.dims) != 3:
        return
    if table.dims[2] != shape.dims[3]:
        return
    said = {"interleaved": source.interleaved or None}
    raised(read.producer(value), "rotary", {"x": x, "cos": cos, "sin": sin}, said, [value])


def _dtype(value: Any) -> Any:
    shape = tensors.read(value)
    return None if shape is None else shape.dtype


def _narrow(value: Any, like: Any) -> Any | None:
    """`value` in the type of `like`, if only that is read of it."""
    user = sole_user(value)
    fits = user is not None and user.name == "torch.aten._to_copy" and user.results[0].type == like.type
    return user.results[0] if user is not None and fits else None


def _table(value: Any) -> Any | None:
    found = _HEADS(value, {})
    return None if found is None else found["table"]


def _beginning(first: Any, second: Any) -> Any | None:
    """x, if `first` is x[..., :R] and `second` the rest."""
    a, b = read.producer(first), read.producer(second)
    if a is None or b is None:
        return None
    if a.name == b.name == "torch.prim.ListUnpack" and a == b and len(a.results) == 2:
        cut = read.producer(a.operands[0])
        whole = (
            cut is not None and cut.name == "torch.aten.split_with_sizes" and read.constant(cut.operands[2]) in (-1, 3)
        )
        return cut.operands[0] if cut is not None and whole and first == a.results[0] else None
    if not a.name == b.name == "torch.aten.slice.Tensor" or a.operands[0] != b.operands[0]:
        return None
    (d0, from0, to0, step0), (d1, from1, to1, step1) = (_bounds(a), _bounds(b))
    shape = tensors.read(a.operands[0])
    size = shape.dims[-1] if shape is not None else None
    fits = d0 in (-1, 3) and d1 in (-1, 3) and from0 == 0 and to0 == from1 and step0 == step1 == 1
    return a.operands[0] if fits and size is not None and isinstance(to1, int) and to1 >= size else None


def _bounds(cut: Any) -> list[Any]:
    return [read.constant(value) for value in list(cut.operands)[1:]]


@dataclass(frozen=True, slots=True)
class _Doubled:
    """cos and sin said twice, once per function."""

    made: dict[Any, Any] = field(default_factory=dict)

    def of(self, table: Any) -> Any:
        shape = tensors.read(table)
        assert shape is not None
        last = shape.dims[-1]
        if table in self.made or last is None:
            return self.made.get(table, table)
        ir = mlir.ir
        kind = tensors.write(tensors.TensorShape((*shape.dims[:-1], 2 * last), shape.dtype))
        maker = read.producer(table)
        assert maker is not None, "cos is an argument of the model"
        with ir.InsertionPoint.after(maker), maker.location:
            minus_one = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), -1)
            axis = ir.Operation.create(
                "torch.constant.int", results=[ir.Type.parse("!torch.int")], attributes={"value": minus_one}
            ).result
            both = ir.Operation.create(
                "torch.prim.ListConstruct", results=[ir.Type.parse("!torch.list<vtensor>")], operands=[table, table]
            ).result
            self.made[table] = ir.Operation.create("torch.aten.cat", results=[kind], operands=[both, axis]).result
        return self.made[table]
