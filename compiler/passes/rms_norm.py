"""Root mean square norms."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.passes.pattern import Found, Pattern, bind, cast, constant, equals, one_of, op, weight
from aweigh.compiler.passes.replace import raised, sole_user

_MUL = "torch.aten.mul.Tensor"
_LAST = equals([-1], [1], [2], [3])
_WIDE = bind("wide")
_SQUARE = one_of(op("torch.aten.pow.Tensor_Scalar", _WIDE, equals(2)), op(_MUL, _WIDE, _WIDE))
_MEAN = op("torch.aten.mean.dim", _SQUARE, constant("dims"), equals(True))
_INVERSE = one_of(
    op("torch.aten.rsqrt", op("torch.aten.add.Scalar", _MEAN, constant("epsilon"), equals(1))),
    op("torch.aten.pow.Tensor_Scalar", op("torch.aten.add.Scalar", _MEAN, constant("epsilon"), equals(1)), equals(-0.5)),
)  # fmt: skip
_NORMAL = op(_MUL, _WIDE, _INVERSE, commutative=True)


def _scale(normal: Pattern) -> Pattern:
    plain = cast(weight("weight"))
    shifted = op("torch.aten.add.Scalar", plain, constant("offset"), equals(1))
    return op(_MUL, one_of(plain, shifted), normal, commutative=True)


@dataclass(frozen=True, slots=True)
class RmsNorm:
    """`x * rsqrt(mean(x^2) + epsilon)`, with or without a weight, `weight + offset`, and the casts around it -> `aweigh.rms_norm`.

    The casts decide where the result returns to the dtype of x: before the weight is multiplied (Llama) or after (Gemma, OLMo 2). Where
    no cast is seen, all is of one dtype and the order is no question. A norm whose parts are read by others stays as it is.
    """

    name: str = "rms_norm"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if entry.name == _MUL:
                    _raise(entry)
                elif entry.name == "torch.aten.rms_norm":
                    _raise_whole(entry)


def _raise(normal: Any) -> None:
    found = _NORMAL(normal.results[0], {})
    if found is None or not _over_last(found):
        return
    wide = found["wide"]
    source = read.producer(wide)
    x = source.operands[0] if source is not None and source.name == "torch.aten._to_copy" and _widens(source) else wide
    dtype = _dtype(x)
    if _dtype(wide).name != "FLOAT32" and _dtype(wide).name != "FLOAT64":
        return
    last, order, scaled = normal.results[0], None, None
    if dtype is not _dtype(wide) and (narrow := _narrowed(last, dtype)) is not None:
        last, order = narrow, "before_weight"
    if (product := _scaled(last)) is not None:
        scaled, last = _scale(_is(last))(product, {}), product
    if scaled is not None and dtype is not _dtype(wide) and order is None:
        narrow = _narrowed(last, dtype)
        last, order = (narrow, "after_weight") if narrow is not None else (last, None)
    if _dtype(last) is not dtype:
        x = wide  # the result stays wide: then the norm begins there too
    if scaled is not None and scaled.get("offset", 0.0) == 0.0:
        scaled.pop("offset", None)
    operands = {"x": x, "weight": None if scaled is None else scaled["weight"]}
    attributes = {
        "epsilon": float(found["epsilon"]),
        "offset": None if scaled is None or "offset" not in scaled else float(scaled["offset"]),
        "cast": order if order == "after_weight" and scaled is not None else None,
    }
    raised(read.producer(last), "rms_norm", operands, attributes, [last])


def _raise_whole(op_: Any) -> None:
    """`aten.rms_norm` multiplies by the weight before it narrows."""
    x, shape, scale, epsilon = list(op_.operands)
    eps, dims = read.constant(epsilon), read.constant(shape)
    is_weight = read.constant(scale) is None or weight("weight")(scale, {}) is not None
    if not isinstance(eps, float) or not isinstance(dims, list) or len(dims) != 1 or not is_weight:
        return
    operands = {"x": x, "weight": None if read.constant(scale) is None else scale}
    narrow = _dtype(x).name not in ("FLOAT32", "FLOAT64")
    attributes = {"epsilon": eps, "cast": "after_weight" if narrow and operands["weight"] is not None else None}
    raised(op_, "rms_norm", operands, attributes, [op_.results[0]])


def _over_last(found: Found) -> bool:
    shape = tensors.read(found["wide"])
    dims = found["dims"]
    return shape is not None and isinstance(dims, list) and dims in ([-1], [len(shape.dims) - 1])


def _is(value: Any) -> Pattern:
    return lambda other, found: found if other == value else None


def _scaled(value: Any) -> Any | None:
    """The product with a weight that alone reads `value`."""
    user = sole_user(value)
    if user is None or user.name != _MUL or _scale(_is(value))(user.results[0], {}) is None:
        return None
    shape, whole = tensors.read(user.results[0]), tensors.read(value)
    return user.results[0] if shape is not None and whole is not None and shape.dims == whole.dims else None


def _narrowed(value: Any, dtype: Any) -> Any | None:
    """`value` in `dtype`, if only that is read of it."""
    user = sole_user(value)
    return (
        user.results[0]
        if user is not None and user.name == "torch.aten._to_copy" and _dtype(user.results[0]) is dtype
        else None
    )


def _widens(op_: Any) -> bool:
    return bool(_dtype(op_.operands[0]).floating and _dtype(op_.operands[0]).size < _dtype(op_.results[0]).size)


def _dtype(value: Any) -> Any:
    shape = tensors.read(value)
    assert shape is not None, "a norm of something that is no tensor"
    return shape.dtype
