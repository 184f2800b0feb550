"""Activation functions by the names of transformers' ACT2FN."""

import math
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.passes.pattern import Pattern, bind, equals, one_of, op
from aweigh.compiler.passes.replace import raised

_MUL = "torch.aten.mul.Tensor"
_X = bind("x")
_CUBE = op("torch.aten.mul.Scalar", op("torch.aten.pow.Tensor_Scalar", _X, equals(3)), equals(0.044715))
_INNER = op("torch.aten.mul.Scalar", op("torch.aten.add.Tensor", _X, _CUBE, equals(1)), equals(math.sqrt(2 / math.pi)))
_ONE_PLUS = op("torch.aten.add.Scalar", op("torch.aten.tanh", _INNER), equals(1), equals(1))
_SCALED = op("torch.aten.mul.Scalar", _X, equals(0.79788456, 0.7978845608))
_SQUARE = op(_MUL, op("torch.aten.mul.Scalar", _X, equals(0.044715)), _X, commutative=True)
_TIMES = op(_MUL, _SCALED, op("torch.aten.add.Scalar", _SQUARE, equals(1), equals(1)), commutative=True)
_FAST = op("torch.aten.add.Scalar", op("torch.aten.tanh", _TIMES), equals(1), equals(1))

# The last operation of each; what more it is made of.
_FORMS: dict[str, tuple[tuple[str, Pattern], ...]] = {
    "torch.aten.silu": (("silu", op("torch.aten.silu", _X)),),
    "torch.aten.relu": (("relu", op("torch.aten.relu", _X)),),
    "torch.aten.gelu": (
        ("gelu", op("torch.aten.gelu", _X, equals("none"))),
        ("gelu_pytorch_tanh", op("torch.aten.gelu", _X, equals("tanh"))),
    ),
    "torch.aten.pow.Tensor_Scalar": (
        ("relu2", op("torch.aten.pow.Tensor_Scalar", op("aweigh.activation", _X), equals(2))),
    ),
    _MUL: (
        ("gelu_new", op(_MUL, op("torch.aten.mul.Scalar", _X, equals(0.5)), _ONE_PLUS, commutative=True)),
        ("gelu_fast", op(_MUL, op("torch.aten.mul.Scalar", _X, equals(0.5)), _FAST, commutative=True)),
        (
            "quick_gelu",
            op(_MUL, _X, op("torch.aten.sigmoid", op("torch.aten.mul.Scalar", _X, equals(1.702))), commutative=True),
        ),
        ("silu", op(_MUL, _X, op("torch.aten.sigmoid", _X), commutative=True)),
        ("relu2", op(_MUL, one_of(op("aweigh.activation", _X)), one_of(op("aweigh.activation", _X)))),
    ),
}


@dataclass(frozen=True, slots=True)
class Activation:
    """silu, relu, both gelus of torch, gelu_new, gelu_fast, quick_gelu and relu squared, also where they are spelled out -> `aweigh.activation`."""

    name: str = "activation"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                for name, form in _FORMS.get(entry.name, ()):
                    found = form(entry.results[0], {})
                    if found is not None and (name != "relu2" or _is_relu(entry)):
                        raised(entry, "activation", {"x": found["x"]}, {"name": name}, [entry.results[0]])
                        break


def _is_relu(square: Any) -> bool:
    maker = read.producer(square.operands[0])
    return maker is not None and maker.name == "aweigh.activation" and maker.attributes["name"].value == "relu"
