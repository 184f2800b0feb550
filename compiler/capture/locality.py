"""Proves that a captured graph treats every token of the batch by itself; what looks at others is opaque.

A ragged batch puts tokens of strangers side by side, in chunks that the scheduler chooses. So a Program may hold nothing that depends on
which tokens share the batch: no sum or shift along tokens, no length of the batch as a number, and no convolution or recurrence other than
the opaque ones, which know the sequences. The proof is an
abstract interpretation: for each value we know which dimension counts tokens, and each operator must keep tokens apart. What the table
(`local_rules.py`) does not know is refused, never assumed.

A dimension counts tokens if its size contains the symbol of tokens or of rows. Its `outer` is the product of sizes merged in front of
the token index: with size outer * T * inner, element i belongs to token (i // inner) % T. A value may also say the index of its token
(`arange(T)`): such a value may only be used to index tokens, else the answer would depend on the place in the batch.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture import local_rules as rules
from aweigh.proto.errors import UnsupportedModel

_aten = torch.ops.aten


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a value counts tokens: not at all (`dim` None), or along `dim` with `outer`; `index` if it says the token's index."""

    dim: int | None = None
    outer: int = 1
    index: bool = False


_FREE = Layout()


def is_symbolic(size: Any) -> bool:
    """Whether a size counts tokens or rows."""
    return isinstance(size, torch.SymInt) and bool(size.node.expr.free_symbols)


def _number(size: Any) -> int:
    return int(size.node.hint) if isinstance(size, torch.SymInt) else int(size)


def _value(node: Node) -> Any:
    value = node.meta.get("val")
    if isinstance(value, tuple | list):
        return next((item for item in value if isinstance(item, torch.Tensor)), None)
    return value


def _many(value: Any) -> bool:
    return isinstance(value, tuple | list)


def _token_dim(node: Node) -> int | None:
    value = _value(node)
    found = [dim for dim, size in enumerate(value.shape) if is_symbolic(size)]
    if len(found) > 1:
        raise _refusal(node)
    return found[0] if found else None


def _refusal(node: Node) -> UnsupportedModel:
    stack = node.meta.get("nn_module_stack") or {}
    names = [str(kind).rsplit(".", 1)[-1].strip("'>") for _, kind in stack.values()]
    where = f" in {names[-1]}" if names else ""
    return UnsupportedModel(
        f"{node.target}{where} mixes tokens of the batch or counts them, which paged state cannot follow."
    )


class _Prover:
    def __init__(self) -> None:
        self._layouts: dict[Node, Layout] = {}
        self._hints: dict[Any, int] = {}  # by symbol: tokens and rows of the example

    def of(self, node: Any) -> Layout:
        return self._layouts.get(node, _FREE) if isinstance(node, Node) else _FREE

    def visit(self, node: Node) -> None:
        if not isinstance(_value(node), torch.Tensor):
            return
        if node.op == "placeholder":
            self._layouts[node] = Layout(_token_dim(node))
            for size in _value(node).shape:
                if is_symbolic(size):
                    self._hints |= dict.fromkeys(size.node.expr.free_symbols, _number(size))
            return
        inputs = [given for given in node.all_input_nodes if isinstance(_value(given), torch.Tensor)]
        numbers = [given for given in node.all_input_nodes if not isinstance(_value(given), torch.Tensor)]
        name = str(node.target).rsplit(".", 1)[0]
        if node.op != "call_function":
            raise _refusal(node)
        if name in rules.CREATES:
            self._layouts[node] = self._created(node, name)
        elif name.startswith("<built-in function getitem"):
            self._layouts[node] = self.of(node.args[0])
        elif all(self.of(given) == _FREE for given in inputs) and not numbers:
            self._layouts[node] = Layout(_token_dim(node))
        else:
            self._layouts[node] = self._rule(node, name, inputs, bool(numbers))

    def _created(self, node: Node, name: str) -> Layout:
        dim = _token_dim(node)
        if name == "aten.arange":
            return Layout(dim, index=dim is not None)
        if name == "aten.full" and isinstance(node.args[1], Node):
            raise _refusal(node)
        return Layout(dim)

    def _rule(self, node: Node, name: str, inputs: list[Node], numbers: bool) -> Layout:
        spaces = str(node.target).split(".", 1)[0]
        if name in rules.VIEWS:
            return self._view(node)
        if name in rules.MOVES:
            return Layout(_token_dim(node), self.of(inputs[0]).outer, self.of(inputs[0]).index)
        if name == "aten.index" or name == "aten.index_put":
            return self._index(node)
        if name in rules.ALONG:
            return self._along(node, name, inputs)
        if any(self.of(given).index for given in inputs) or (numbers and spaces != "aweigh"):
            raise _refusal(node)
        if name in rules.POINTWISE:
            return self._pointwise(node, inputs)
        if name in rules.REDUCES:
            return self._reduce(node, inputs[0])
        if name in rules.MATRIX:
            return self._matrix(node, name, inputs)
        if name in rules.NORMS:
            shape = node.args[1]
            assert isinstance(shape, list | tuple)
            return self._kept(node, inputs[0], range(-len(shape), 0))
        if name == "aten.embedding":
            if self.of(inputs[0]).dim is not None:
                raise _refusal(node)
            return Layout(_token_dim(node), self.of(inputs[1]).outer)
        if name in ("aten.convolution", "aten.conv1d"):
            return self._convolution(node)
        if spaces == "aweigh":
            return self._opaque(node, name, inputs)
        raise _refusal(node)

    def _opaque(self, node: Node, name: str, inputs: list[Node]) -> Layout:
        """An operator of ours keeps sequences apart, if what it takes for tokens are tokens."""
        if name in rules.SEQUENTIAL:
            for given in inputs:
                if _is_rows(given):
                    continue
                layout, shape = self.of(given), _value(given).shape
                whole = layout.dim is None or not shape[layout.dim].node.expr.args
                if layout != Layout(rules.SEQUENTIAL[name] if layout.dim is not None else None) or not whole:
                    raise _refusal(node)
        return Layout(_token_dim(node))

    def _pointwise(self, node: Node, inputs: list[Node]) -> Layout:
        dim = _token_dim(node)
        rank = _value(node).dim()
        outers = set()
        for given in inputs:
            layout = self.of(given)
            if layout.dim is None:
                continue
            if layout.dim + rank - _value(given).dim() != dim:
                raise _refusal(node)
            outers.add(layout.outer)
        if len(outers) > 1:
            raise _refusal(node)
        return Layout(dim, outers.pop() if outers else 1)

    def _kept(self, node: Node, given: Node, dims: Any) -> Layout:
        """Something happens along `dims` of `given`, which must not be that of tokens."""
        layout, rank = self.of(given), _value(given).dim()
        if layout.dim in {dim % rank for dim in dims}:
            raise _refusal(node)
        return Layout(_token_dim(node), layout.outer)

    def _argument(self, node: Node, *names: str) -> Any:
        schema = node.target._schema  # type: ignore[union-attr]
        for position, argument in enumerate(schema.arguments):
            if argument.name in names:
                if position < len(node.args):
                    return node.args[position]
                return node.kwargs.get(argument.name, argument.default_value)
        return None

    def _reduce(self, node: Node, given: Node) -> Layout:
        dims = self._argument(node, "dim", "dims")
        if dims is None or dims == []:
            if "topk" in str(node.target):
                dims = -1
            elif self.of(given).dim is not None:
                raise _refusal(node)
            else:
                return _FREE
        if str(node.target).startswith(("aten.tril", "aten.triu")):
            dims = [-1, -2]
        return self._kept(node, given, dims if _many(dims) else [dims])

    def _matrix(self, node: Node, name: str, inputs: list[Node]) -> Layout:
        if name == "aten.einsum":
            return self._einsum(node)
        first, second = inputs[-2:] if name in ("aten.addmm", "aten.baddbmm") else inputs[:2]
        if name in ("aten.addmm", "aten.baddbmm"):
            first, second = node.args[1], node.args[2]  # type: ignore[assignment]
        left, right = self.of(first), self.of(second)
        rank = _value(second).dim()
        contracted = rank - 1 if name == "aten.linear" or rank == 1 else rank - 2
        if left.dim == _value(first).dim() - 1 or (right.dim is not None and right.dim == contracted):
            raise _refusal(node)
        if left.dim is not None and right.dim is not None and left.outer != right.outer:
            raise _refusal(node)
        return Layout(_token_dim(node), left.outer if left.dim is not None else right.outer)

    def _einsum(self, node: Node) -> Layout:
        equation, operands = node.args[0], node.args[1]
        assert isinstance(equation, str)
        assert isinstance(operands, list | tuple)
        sources, result = equation.replace(" ", "").split("->")
        letters = {
            source[layout.dim]
            for source, given in zip(sources.split(","), operands, strict=True)
            if (layout := self.of(given)).dim is not None
        }
        if len(letters) != 1 or not letters <= set(result) or "." in equation:
            raise _refusal(node)
        return Layout(_token_dim(node))

    def _view(self, node: Node) -> Layout:
        given = node.all_input_nodes[0]
        layout, dim = self.of(given), _token_dim(node)
        if layout.dim is None or dim is None:
            return Layout(dim)
        before = math.prod(_number(size) for size in _value(given).shape[: layout.dim]) * layout.outer
        ahead = math.prod(_number(size) for size in _value(node).shape[:dim])
        outer, rest = divmod(before, ahead)
        size = _value(node).shape[dim]
        (symbol,) = size.node.expr.free_symbols
        if rest or _number(size) % (outer * self._hints[symbol]):
            raise _refusal(node)
        return Layout(dim, outer, layout.index)

    def _index(self, node: Node) -> Layout:
        source, indices = node.args[0], node.args[1]
        assert isinstance(source, Node)
        assert isinstance(indices, list | tuple)
        layout = self.of(source)
        if layout.dim is not None and layout.dim < len(indices):
            chooser = indices[layout.dim]
            if isinstance(chooser, Node):
                chosen = self.of(chooser)
                if not (chosen.index or _is_rows(chooser)):
                    raise _refusal(node)
        elif any(self.of(index).index for index in indices):
            raise _refusal(node)
        outers = {self.of(index).outer for index in indices if self.of(index).dim is not None}
        return Layout(_token_dim(node), outers.pop() if len(outers) == 1 else 1)

    def _along(self, node: Node, name: str, inputs: list[Node]) -> Layout:
        given = inputs[0]
        layout = self.of(given)
        same = _value(node).shape == _value(given).shape
        if name in ("aten.slice", "aten.narrow") and same:
            return layout
        if any(self.of(other).index for other in inputs) and name not in ("aten.index_add", "aten.repeat_interleave"):
            raise _refusal(node)
        if name in ("aten.gather", "aten.index_select") and layout.dim is None:
            return Layout(_token_dim(node), self.of(inputs[-1]).outer)
        if name == "aten.one_hot":
            return Layout(_token_dim(node), layout.outer)
        if name == "aten.repeat":
            return self._repeat(node, given)
        if name == "aten.repeat_interleave":
            return Layout(_token_dim(node), layout.outer, layout.index)
        if name == "aten.constant_pad_nd":
            padded = self._argument(node, "pad")
            dims = [-1 - place // 2 for place, amount in enumerate(padded) if amount != 0]
            return self._kept(node, given, dims)
        if name == "aten.index_add":
            chooser = node.args[2]
            along: Any = node.args[1]
            at = along % _value(given).dim()
            if at == layout.dim and self.of(chooser).index:
                return layout
        dim = self._argument(node, "dim")
        dim = 0 if dim is None else dim
        rank = _value(given).dim() + (name == "aten.stack")
        dim %= rank
        for other in inputs:
            held = self.of(other).dim
            if held is not None and name == "aten.stack" and held >= dim:
                continue
            if held is not None and held == dim and name != "aten.stack":
                raise _refusal(node)
        outers = {self.of(other).outer for other in inputs if self.of(other).dim is not None}
        if len(outers) > 1:
            raise _refusal(node)
        return Layout(_token_dim(node), outers.pop() if outers else 1)

    def _repeat(self, node: Node, given: Node) -> Layout:
        layout, times = self.of(given), node.args[1]
        assert isinstance(times, list | tuple)
        if layout.dim is not None:
            at = layout.dim + len(times) - _value(given).dim()
            return Layout(_token_dim(node), layout.outer * _number(times[at]), layout.index)
        return Layout(_token_dim(node))

    def _convolution(self, node: Node) -> Layout:
        given, kernel = node.args[0], node.args[1]
        assert isinstance(given, Node)
        assert isinstance(kernel, Node)
        layout = self.of(given)
        spatial = layout.dim is not None and layout.dim >= 2
        pointwise = all(size == 1 for size in _value(kernel).shape[2:])
        if layout.dim == 1 or (spatial and not pointwise):
            raise _refusal(node)
        return Layout(_token_dim(node), layout.outer)


def _is_rows(node: Node) -> bool:
    return node.op == "placeholder" and node.name == "rows"


def check_locality(graph: Graph) -> None:
    """Returns if every token's answer depends on that token and on what attention gave it.

    Raises:
        UnsupportedModel: naming the operator and the module that mix tokens.
    """
    prover = _Prover()
    for node in graph.nodes:
        if node.op == "call_function" and str(node.target).startswith("aweigh.mask"):
            raise _refusal(node)
        if node.op != "output":
            prover.visit(node)
