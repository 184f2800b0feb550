"""Layer norms."""

from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read
from aweigh.compiler.passes.pattern import bind, constant, equals, one_of, op, weight
from aweigh.compiler.passes.replace import raised

_OPTIONAL = (one_of(equals(None), weight("weight")), one_of(equals(None), weight("bias")))
_NORM = op("torch.aten.layer_norm", bind("x"), constant("shape"), *_OPTIONAL, constant("epsilon"))
_NATIVE = op("torch.aten.native_layer_norm", bind("x"), constant("shape"), *_OPTIONAL, constant("epsilon"))


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """`aten.layer_norm` and `aten.native_layer_norm` over the last dimension, with weights or without -> `aweigh.layer_norm`."""

    name: str = "layer_norm"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for entry in read.operations(read.body(function)):
                if entry.name in ("torch.aten.layer_norm", "torch.aten.native_layer_norm"):
                    _raise(entry)


def _raise(entry: Any) -> None:
    found = one_of(_NORM, _NATIVE)(entry.results[0], {})
    if found is None or len(found["shape"]) != 1 or any(_read(result) for result in list(entry.results)[1:]):
        return
    operands = {"x": found["x"], "weight": found.get("weight"), "bias": found.get("bias")}
    raised(entry, "layer_norm", operands, {"epsilon": float(found["epsilon"])}, [entry.results[0]])


def _read(value: Any) -> bool:
    return next(iter(value.uses), None) is not None
