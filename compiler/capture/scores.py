"""Reads what modelling code does to attention scores between the product with the keys and the softmax.

The chain is walked backwards, from the softmax to the product. Each step is one that an `attend` can say: a scale, a mask of ours, a
mask in a buffer of zeros and ones, a soft cap, a bias that does not depend on the tokens (ALiBi). Anything else ends the walk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture.fold_masks import MASK, is_same, source
from aweigh.compiler.capture.literals import literal_of
from aweigh.compiler.capture.mask_kind import MaskKind

_aten = torch.ops.aten
_MINIMUM = -1000.0


@dataclass(slots=True)
class Scores:
    """Softmax input = soft cap of (scale * query @ key.T) + masks + biases."""

    query: Node | None = None
    key_transposed: Node | None = None
    scale: float = 1.0
    softcap: float | None = None
    masks: list[MaskKind] = field(default_factory=list)
    biases: list[tuple[Node, float]] = field(default_factory=list)


def _name(node: Any) -> str:
    return str(node.target).rsplit(".", 1)[0] if isinstance(node, Node) else ""


class Walk:
    """One walk; `scores` is complete if `run` returned True."""

    def __init__(self, program: ExportedProgram) -> None:
        self._program = program
        self.scores = Scores()
        self._factor = 1.0

    def run(self, node: Node) -> bool:
        """Walks from `node` to the product."""
        step = self._step(node)
        while isinstance(step, Node):
            step = self._step(step)
        return self.scores.query is not None

    def _step(self, node: Node) -> Node | None:
        if is_same(node):
            parent = node.args[0]
            return parent if isinstance(parent, Node) else None
        rule: Callable[[Node], Node | None] | None = getattr(self, "_" + _name(node).removeprefix("aten."), None)
        return rule(node) if rule is not None and _name(node).startswith("aten.") else None

    def _number(self, given: Any) -> float | None:
        """The number that an argument is: a Python number, or a tensor that holds but one value."""
        if isinstance(given, bool) or not isinstance(given, int | float | Node):
            return None
        if not isinstance(given, Node):
            return float(given)
        node = source(given)
        if _name(node) in ("aten.full", "aten.full_like", "aten.scalar_tensor"):
            filled = node.args[0] if _name(node) == "aten.scalar_tensor" else node.args[1]
            return float(filled) if isinstance(filled, int | float) else None
        if _name(node) == "aten.zeros":
            return 0.0
        value = self._literal(node)
        return float(value) if value is not None and value.numel() == 1 else None

    def _literal(self, node: Any) -> torch.Tensor | None:
        return literal_of(self._program, source(node)) if isinstance(node, Node) else None

    def _mul(self, node: Node) -> Node | None:
        for x, other in (node.args[:2], node.args[1::-1]):
            factor = self._number(other)
            if factor is not None and isinstance(x, Node):
                if x.target == _aten.tanh.default:
                    return self._cap(x, factor)
                self._factor *= factor
                return x
        return None

    def _cap(self, tanh: Node, cap: float) -> Node | None:
        inner = tanh.args[0]
        if (
            isinstance(inner, Node)
            and _name(inner) == "aten.div"
            and self._number(inner.args[1]) == cap
            and self._factor == 1.0
        ):
            self.scores.softcap = cap
            parent = inner.args[0]
            return parent if isinstance(parent, Node) else None
        return None

    def _div(self, node: Node) -> Node | None:
        divisor = self._number(node.args[1])
        x = node.args[0]
        if divisor is None or not isinstance(x, Node):
            return None
        self._factor /= divisor
        return x

    def _add(self, node: Node) -> Node | None:
        for x, other in (node.args[:2], node.args[1::-1]):
            if not isinstance(x, Node) or not isinstance(other, Node):
                continue
            chosen = self._complement(other)
            if chosen is not None and _name(x) == "aten.mul" and self._literal(x.args[1]) is chosen:
                return self._buffer(chosen, x.args[0])
            if Walk(self._program).run(x):
                return self._shifted(x, other)
        return None

    def _shifted(self, x: Node, other: Node) -> Node:
        """The scores are `x + other`."""
        if source(other).target == MASK:
            self.scores.masks.append(_said(source(other)))
        else:
            self.scores.biases.append((other, self._factor))
        return x

    def _complement(self, node: Node) -> torch.Tensor | None:
        """The buffer b of `(1 - b) * minimum`."""
        if _name(node) == "aten.mul" and isinstance(node.args[0], Node) and _name(node.args[0]) == "aten.rsub":
            minimum = self._number(node.args[1])
            if minimum is not None and minimum < _MINIMUM and node.args[0].args[1] == 1:
                return self._literal(node.args[0].args[0])
        return None

    def _buffer(self, buffer: torch.Tensor, x: Any) -> Node | None:
        kind = read_buffer(buffer)
        if kind is None or not isinstance(x, Node):
            return None
        self.scores.masks.append(kind)
        return x

    def _where(self, node: Node) -> Node | None:
        condition, x, low = node.args[:3]
        minimum, buffer = self._number(low), self._literal(condition)
        if minimum is None or minimum > _MINIMUM or buffer is None or not isinstance(x, Node):
            return None
        return self._buffer(buffer, x)

    def _masked_fill(self, node: Node) -> Node | None:
        x, condition, low = node.args[:3]
        minimum = self._number(low)
        if minimum is None or minimum > _MINIMUM or not isinstance(condition, Node) or not isinstance(x, Node):
            return None
        if source(condition).target != MASK:
            return None
        self.scores.masks.append(_said(source(condition)))
        return x

    def _maximum(self, node: Node) -> Node | None:
        minimum, x = self._number(node.args[1]), node.args[0]
        return x if minimum is not None and minimum < _MINIMUM and isinstance(x, Node) else None

    def _matmul(self, node: Node) -> None:
        query, key = node.args[:2]
        assert isinstance(query, Node)
        assert isinstance(key, Node)
        self.scores.query, self.scores.key_transposed = query, key
        self.scores.scale = self._factor

    _bmm = _matmul

    def _baddbmm(self, node: Node) -> None:
        shift, query, key = node.args[:3]
        beta, alpha = float(node.kwargs.get("beta", 1)), float(node.kwargs.get("alpha", 1))  # type: ignore[arg-type]
        assert isinstance(query, Node)
        assert isinstance(key, Node)
        if isinstance(shift, Node) and self._number(shift) != 0 and beta != 0:
            self.scores.biases.append((shift, self._factor * beta))
        self.scores.query, self.scores.key_transposed = query, key
        self.scores.scale = self._factor * alpha


def _said(mask: Node) -> MaskKind:
    kwargs: dict[str, Any] = dict(mask.kwargs)
    return MaskKind(bool(kwargs["causal"]), kwargs["window"], kwargs["chunk"])


def read_buffer(buffer: torch.Tensor) -> MaskKind | None:
    """Returns what a buffer of zeros and ones [..., P, P] says: causal, or causal with a window; None if neither."""
    if buffer.dim() < 2 or buffer.shape[-1] != buffer.shape[-2] or buffer[..., 0, 0].numel() != 1:
        return None
    seen_PP = buffer.reshape(buffer.shape[-2:]).bool()
    size = seen_PP.shape[0]
    window = int(seen_PP[-1].sum())
    causal_PP = torch.ones(size, size, dtype=torch.bool).tril()
    if torch.equal(seen_PP, causal_PP):
        return MaskKind(causal=True)
    if torch.equal(seen_PP, causal_PP & ~torch.ones(size, size, dtype=torch.bool).tril(-window)):
        return MaskKind(causal=True, window=window)
    return None
