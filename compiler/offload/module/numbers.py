"""Numbers that a call is given and that differ from call to call (a denoising step's sigma, its place in the schedule) as tensors.

Dynamo hands a float over as a float64 tensor without dimensions that the graph reads with `item`, and an int as a symbol. A Program knows
neither: a symbol there is a size. So in the remote half a number is a tensor without dimensions (float64 or int64), and every node
that computes with it is written so that its result has the dtype it had: a number takes the dtype of the tensor that it meets, as torch's
promotion has it, but half precision, which torch computes with the number in float32.

Rejected: one Program per value (a loop over a thousand steps is no place for that), and leaving promotion to torch, for which a tensor of a
higher category counts where a number does not.
"""

import operator
from collections.abc import Callable
from typing import Any

import torch
from torch import fx

from aweigh.compiler.offload.module.in_place import writes

_TENSOR_MAKERS = frozenset({torch.tensor, torch._refs.tensor, torch.as_tensor})
_WITH_TENSORS: dict[Any, Callable[..., Any]] = {
    operator.add: torch.add,
    operator.sub: torch.sub,
    operator.mul: torch.mul,
    operator.truediv: torch.div,
    operator.pow: torch.pow,
    **{function: function for function in (torch.add, torch.sub, torch.mul, torch.div, torch.pow)},
    **{name: getattr(torch, name) for name in ("add", "sub", "mul", "div", "pow")},
}
_AMONG_THEMSELVES: dict[Any, Callable[..., Any]] = {
    operator.add: torch.add,
    operator.sub: torch.sub,
    operator.mul: torch.mul,
    operator.truediv: torch.div,
    operator.pow: torch.pow,
    operator.neg: torch.neg,
    torch.sym_sqrt: torch.sqrt,
    torch.sym_float: torch.clone,
}
_NARROW = (torch.float16, torch.bfloat16)
_RAISING = (operator.truediv, operator.pow, torch.sym_sqrt)


class Fixed(Exception):
    """A node that needs the number itself."""


def arithmetic(module: fx.GraphModule) -> fx.GraphModule | None:
    """What a graph computes of its numbers alone that may raise or leave the real numbers in Python and would not as tensors (division, powers):
    from the graph's inputs to those numbers. None where there is nothing of the kind. Asked before `lifted`."""
    raising = [
        node for node in module.graph.nodes if node.target in _RAISING and isinstance(_value(node), torch.SymFloat)
    ]
    if not raising:
        return None
    graph = fx.Graph()
    copies: dict[fx.Node, fx.Node] = {}
    for node in module.graph.nodes:
        number = isinstance(_value(node), torch.SymFloat | torch.SymInt) and node.op != "get_attr"
        if node.op == "placeholder" or (number and all(source in copies for source in node.all_input_nodes)):
            copies[node] = graph.node_copy(node, lambda source: copies[source])
    graph.output(tuple(copies[node] for node in raising if node in copies))
    graph.eliminate_dead_code()
    return fx.GraphModule(module, graph)


def real(alone: fx.GraphModule, given: tuple[Any, ...]) -> bool:
    """Whether that arithmetic gives real numbers for these arguments, and raises nothing."""
    try:
        return not any(isinstance(number, complex) for number in alone.forward(*given))
    except (ArithmeticError, ValueError):
        return False


def lifted(graph: fx.Graph) -> set[str]:
    """Rewrites a graph in place: numbers that are no sizes become tensors, as far as all that computes with them allows.

    Returns the names of the ints among its inputs that are now int64 tensors without dimensions. Floats are float64 tensors already.
    """
    sizes = set().union(*(_symbols(size) for node in graph.nodes for size in getattr(_value(node), "shape", ())))
    ints = {
        node: node
        for node in graph.find_nodes(op="placeholder")
        if isinstance(_value(node), torch.SymInt) and node.users and not _symbols(_value(node)) & sizes
    }
    floats = {
        node: node.args[0]
        for node in graph.find_nodes(op="call_method", target="item")
        if isinstance(_value(node), torch.SymFloat) and isinstance(node.args[0], fx.Node)
    }
    found: set[str] = set()
    if _lift(graph, ints | floats):
        found = {node.name for node in ints}
    elif _lift(graph, floats):
        found = {node.name for node in ints if _lift(graph, {node: node})}
    graph.lint()
    return found


def _lift(graph: fx.Graph, tensors: dict[fx.Node, Any]) -> bool:
    """Whether all that computes with these numbers now computes with their tensors. Changes nothing otherwise."""
    made: dict[fx.Node, fx.Node] = dict(tensors)
    lifting = _Lifting(graph, made)
    done: list[tuple[fx.Node, fx.Node]] = []
    try:
        for node in list(graph.nodes):
            if node in made or not any(source in made for source in node.all_input_nodes):
                continue
            with graph.inserting_before(node):
                new = lifting.node(node)
            if isinstance(_value(node), torch.Tensor):
                new.meta = dict(node.meta)
                done.append((node, new))
            else:
                made[node] = new
    except Fixed:
        for node in reversed(lifting.added):
            graph.erase_node(node)
        return False
    for node, new in done:
        node.replace_all_uses_with(new)
        graph.erase_node(node)
    for node in reversed(made):
        if node.op != "placeholder" and not node.users:
            graph.erase_node(node)
    return True


class _Lifting:
    """Nodes that stand for others. `tensors`: per number, the tensor; `added`: what was put into the graph."""

    def __init__(self, graph: fx.Graph, tensors: dict[fx.Node, fx.Node]) -> None:
        self._graph = graph
        # A row that is a view must stay one where anything is written to.
        self._written = any(writes(node) and "norm" not in str(node.target) for node in graph.nodes)
        self._tensors = tensors
        self.added: list[fx.Node] = []

    def node(self, node: fx.Node) -> fx.Node:
        """Raises Fixed."""
        value = _value(node)
        if not isinstance(value, torch.Tensor):
            return self._number(node, isinstance(value, torch.SymFloat))
        name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
        if node.target in _TENSOR_MAKERS:
            return self._tensor(node.args[0], value.dtype)
        if name in ("full", "new_full", "full_like") and len(node.args) == (2 if name != "new_full" else 3):
            return self._filled(node, name, value.dtype)
        if node.target is torch.select and not self._written:
            return self._selected(node)
        if node.target in _WITH_TENSORS and len(node.args) == 2 and not node.kwargs:
            return self._with_tensor(node)
        raise Fixed

    def _call(self, function: Any, *args: Any, **kwargs: Any) -> fx.Node:
        self.added.append(self._graph.call_function(function, args, kwargs))
        return self.added[-1]

    def _cast(self, number: Any, dtype: torch.dtype) -> Any:
        if not isinstance(number, fx.Node):
            return number
        if number not in self._tensors:
            raise Fixed
        return self._call(torch.Tensor.to, self._tensors[number], dtype)

    def _number(self, node: fx.Node, fraction: bool) -> fx.Node:
        """Arithmetic of numbers alone: in float64, or of ints in int64."""
        function = _AMONG_THEMSELVES.get(node.target)
        whole = node.target in (operator.add, operator.sub, operator.mul, operator.neg)
        if function is None or node.kwargs or not (fraction or (whole and isinstance(_value(node), torch.SymInt))):
            raise Fixed
        dtype = torch.float64 if fraction else torch.int64
        operands = [self._cast(one, dtype) for one in node.args]
        if not isinstance(operands[0], fx.Node):
            operands[0] = self._call(torch.full, (), operands[0], dtype=dtype)
        return self._call(function, *operands)

    def _with_tensor(self, node: fx.Node) -> fx.Node:
        (like,) = [
            value for one in node.args if isinstance(one, fx.Node) and isinstance(value := _value(one), torch.Tensor)
        ]
        if like.dtype is torch.bool or like.is_complex():
            raise Fixed
        whole = all(not isinstance(_value(one), torch.SymFloat) for one in node.args if isinstance(one, fx.Node))
        dtype = like.dtype if like.is_floating_point() or whole else torch.get_default_dtype()
        if dtype in _NARROW:
            if not like.dim() or not like.is_floating_point():
                raise Fixed
            dtype = torch.float32
        operands = [
            self._cast(one, dtype) if isinstance(one, fx.Node) and one in self._tensors else one for one in node.args
        ]
        if node.target is operator.truediv and node.args[0] in self._tensors:  # as torch divides a number by a tensor
            return self._call(torch.mul, self._call(torch.reciprocal, operands[1]), operands[0])
        return self._call(_WITH_TENSORS[node.target], *operands)

    def _tensor(self, numbers: Any, dtype: torch.dtype) -> fx.Node:
        if isinstance(numbers, fx.Node):
            return self._call(torch.clone, self._cast(numbers, dtype))
        if not isinstance(numbers, list | tuple) or not all(isinstance(one, fx.Node | int | float) for one in numbers):
            raise Fixed
        cast = [self._cast(one, dtype) for one in numbers]
        return self._call(
            torch.stack,
            [one if isinstance(one, fx.Node) else self._call(torch.full, (), one, dtype=dtype) for one in cast],
        )

    def _filled(self, node: fx.Node, name: str, dtype: torch.dtype) -> fx.Node:
        *before, number = node.args
        if not isinstance(number, fx.Node) or any(
            one in self._tensors for one in node.all_input_nodes if one is not number
        ):
            raise Fixed
        size = before[-1]
        if name == "full_like":
            size = self._call(torch.Tensor.size, before[0])
        return self._call(torch.clone, self._call(torch.Tensor.expand, self._cast(number, dtype), size))

    def _selected(self, node: fx.Node) -> fx.Node:
        """One index of a dimension; Dynamo's guards keep it within, a negative one counts from the end."""
        if len(node.args) != 3:
            raise Fixed
        source, dimension, index = node.args
        if source in self._tensors or not isinstance(dimension, int) or not isinstance(index, fx.Node):
            raise Fixed
        size = self._call(torch.Tensor.size, source, dimension)
        place = self._call(torch.remainder, self._tensors[index], size)
        place = self._call(torch.Tensor.reshape, place, [1])
        return self._call(torch.squeeze, self._call(torch.index_select, source, dimension, place), dimension)


def _value(node: Any) -> Any:
    return node.meta.get("example_value") if isinstance(node, fx.Node) else node


def _symbols(size: Any) -> set[str]:
    return {str(symbol) for symbol in size.node.expr.free_symbols} if isinstance(size, torch.SymInt) else set()
