"""Numbers that queries are multiplied by become part of what attention multiplies its scores by.

    linear(x) * 0.125 -> heads -> attend {scale = 1}   becomes   linear(x) -> heads -> attend {scale = 0.125}

OPT, XGLM, Whisper and their kin scale their queries first: a launch per layer, and the product is not a linear's own result any more, which
keeps the three of a layer from running as one with what follows. Several factors in a row become one. In float32 the last bits of a score
may differ, by less than the order of a sum changes them; in narrower floats only powers of two are moved, which change no bit.

Folding that was looked at and left alone:
- A norm's weights (and a layer norm's shift) into the projection behind it. The norm's kernel multiplies on its way, so nothing is saved, and
  the projection's weight would be a copy, rounded once more, where now it is pages of a file that models and processes share.
- Queries' factors into the weights of their projection: a copy of these for the same gain as here.
- Factors of logits (Granite, Cohere, T5) into the head: a copy of the largest matrix, often tied to the embedding, to save one pass over a
  row of logits.
- `1 + weight` of Gemma's norms as a weight expression: the norms have `offset`, which costs nothing and rounds as the model does.
- Batch norms into convolutions: done when a model is bound (engine/run/fuse.py), where weights are copied into another layout anyway.
"""

import math
from dataclasses import dataclass
from typing import Any

from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attribute, plain
from aweigh.compiler.passes.replace import before
from aweigh.kernels import mlir
from aweigh.proto.dtypes import DType

_ATTENDS = frozenset({"aweigh.attend", "aweigh.cross_attend", "aweigh.varlen_attend"})
_TORCHS = "torch.aten.scaled_dot_product_attention"
_TORCHS_SCALE = 6  # place among its operands
_MOVES = frozenset(
    {"torch.aten.permute", "torch.aten.reshape", "torch.aten.transpose.int", "torch.aten.unsqueeze", "torch.aten.view"}
)
_FACTORS = frozenset({"torch.aten.mul.Scalar", "torch.aten.div.Scalar"})
_WIDE = frozenset({DType.FLOAT32, DType.FLOAT64})


@dataclass(frozen=True, slots=True)
class Scale:
    """Factors of queries, behind any views, move into `scale` of `aweigh.attend`, `cross_attend`, `varlen_attend` and of torch's own operator.

    Only where nobody else reads what is multiplied.
    """

    name: str = "scale"

    def run(self, module: Any) -> None:
        for function in read.functions(module):
            for op in read.operations(read.body(function)):
                kind = read.kind(op)
                if kind in _ATTENDS:
                    factor = _taken(op.operands[0])
                    if factor != 1.0:
                        op.attributes["scale"] = attribute(float(plain(op.attributes["scale"])) * factor)
                elif kind == _TORCHS:
                    _rescale(op)


def _rescale(op: Any) -> None:
    said = read.constant(op.operands[_TORCHS_SCALE])
    query = tensors.read(op.operands[0])
    size = query.dims[-1] if query is not None else None
    if said is read.UNKNOWN or (said is None and not size):
        return
    factor = _taken(op.operands[0])
    if factor == 1.0:
        return
    scale = said if said is not None else 1 / math.sqrt(size or 1)
    with before(op):
        number = mlir.ir.Operation.create(
            "torch.constant.float",
            results=[mlir.ir.Type.parse("!torch.float")],
            attributes={"value": mlir.ir.FloatAttr.get_f64(scale * factor)},
        )
    op.operands[_TORCHS_SCALE] = number.result


def _taken(value: Any) -> float:
    """The product of the factors behind a value, which are taken out."""
    product = 1.0
    while read.used_once(value) and (op := read.producer(value)) is not None:
        factor = _factor(op)
        if factor is not None:
            product *= factor
            value.replace_all_uses_with(op.operands[0])
            above = op.operands[0]
            op.erase()
            value = above
        elif read.kind(op) in _MOVES:
            value = op.operands[0]
        else:
            break
    return product


def _factor(op: Any) -> float | None:
    """The number that an operation multiplies by, if it may be moved."""
    if read.kind(op) not in _FACTORS or op.operands[0].type != op.results[0].type:
        return None
    shape, said = tensors.read(op.results[0]), read.constant(op.operands[1])
    if shape is None or not shape.dtype.floating or isinstance(said, bool) or not isinstance(said, int | float):
        return None
    if said == 0 or not math.isfinite(said):
        return None
    factor = float(said) if read.kind(op) == "torch.aten.mul.Scalar" else 1 / said
    return factor if shape.dtype in _WIDE or math.frexp(abs(factor))[0] == 0.5 else None
