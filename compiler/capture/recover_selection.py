"""A choice of the best keys, which modelling code writes out with products and `topk`, becomes the opaque `aweigh::select`.

Legend: T tokens, H heads, D key size, N keys that are chosen at most.

    topk(weights[T, 1, H] @ relu(scale * query[T, H, D] @ key[D, T]) + causal mask, min(N, T)).indices

It is read backwards from the selection that an `attend` takes, as `scores.py` reads attention. The rectifier and a positive scale may
change places; conversions are passed over, since a choice is computed in float32. The mask must be causal and nothing else: `select`
knows no other. Choices that a family of modules makes in loops (`block_choice.py`) come as the selection that they are.
"""

import operator

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.fold_masks import MASK, is_same
from aweigh.compiler.capture.graph import insert
from aweigh.compiler.capture.locality import is_symbolic
from aweigh.proto.errors import UnsupportedModel

_aten = torch.ops.aten
_ATTEND = torch.ops.aweigh.attend.default
_SELECT = torch.ops.aweigh.select.default
_SELECTED = torch.ops.aweigh.selected.default
_MASK, _PLACE = 3, 6  # of the mask and of the selection among the arguments of `attend`
_MINIMUM = -1000.0
_CONVERSIONS = frozenset({_aten._to_copy.default, _aten.to.dtype})
_FACTORS = frozenset({_aten.mul.Tensor, _aten.mul.Scalar})


def recover_selection(graph: Graph) -> None:
    """Changes `graph` in place: afterwards what an `attend` selects by is what a `select` gives.

    Raises:
        UnsupportedModel: keys are chosen in another way.
    """
    _unmark(graph)
    made: dict[Node, Node] = {}
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        selection = attend.args[_PLACE]
        if selection is None:
            continue
        chosen = _converted(selection)
        if chosen.target == _SELECT:
            continue
        if chosen not in made:
            made[chosen] = _made(graph, chosen)
        attend.args = (*attend.args[:_PLACE], made[chosen], *attend.args[_PLACE + 1 :])


def _unmark(graph: Graph) -> None:
    """A mask under which only the selected keys are left becomes the mask, and the selection."""
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        filled = attend.args[_MASK]
        if filled is None or filled.target != _aten.masked_fill.Scalar or filled.args[2] > _MINIMUM:
            continue
        plain, others = _argument(filled, 0), _argument(filled, 1)
        if others.target != _aten.bitwise_not.default or _argument(others, 0).target != _SELECTED:
            continue
        if attend.args[_PLACE] is not None or not _is_causal(plain):
            raise _refusal(filled)
        args = list(attend.args)
        args[_MASK], args[_PLACE] = plain, _argument(_argument(others, 0), 0)
        attend.args = tuple(args)


def _made(graph: Graph, indices: Node) -> Node:
    topk = _argument(indices, 0) if indices.target == operator.getitem and indices.args[1] == 1 else indices
    if topk.target != _aten.topk.default or topk.args[2:] not in ((), (-1,), (2,)) or set(topk.kwargs) - {"dim"}:
        raise _refusal(topk)
    product = _product(_unmasked(_argument(topk, 0)))
    weights, scores, scale = _argument(product, 0), _argument(product, 1), 1.0
    rectified = False
    while scores.target != _aten.matmul.default:
        if scores.target in _FACTORS and isinstance(scores.args[1], int | float) and scores.args[1] > 0:
            scale *= scores.args[1]
        elif scores.target == _aten.relu.default:
            rectified = True
        elif scores.target not in _CONVERSIONS:
            raise _refusal(scores)
        scores = _argument(scores, 0)
    if not rectified:
        raise _refusal(scores)
    query, key = _converted(_argument(scores, 0)), _key(_argument(scores, 1))
    weights = _argument(weights, 0) if weights.target == _aten.unsqueeze.default else weights
    shapes = [list(node.meta["val"].shape) for node in (query, key, weights)]
    batch, tokens, heads, size = shapes[0] if len(shapes[0]) == 4 else (0, 0, 0, 0)
    if batch != 1 or not is_symbolic(tokens) or shapes[1:] != [[1, tokens, size], [1, tokens, heads]]:
        raise _refusal(scores)
    return insert(graph, topk, _SELECT, query, key, weights, layer=0, count=_count(topk), scale=scale, block=1)


def _refusal(node: Node) -> UnsupportedModel:
    return UnsupportedModel(f"Attention reads a selection of keys that the model makes in its own way ({node.target}).")


def _argument(node: Node, place: int) -> Node:
    given = node.args[place] if place < len(node.args) else None
    if not isinstance(given, Node):
        raise _refusal(node)
    return given


def _converted(node: Node) -> Node:
    while node.target in _CONVERSIONS:
        node = _argument(node, 0)
    return node


def _unmasked(node: Node) -> Node:
    """What a causal mask is laid over."""
    if node.target == _aten.add.Tensor and not node.kwargs:
        for x, mask in (node.args, node.args[::-1]):
            if isinstance(x, Node) and isinstance(mask, Node) and _is_causal(mask):
                return x
    if node.target == _aten.masked_fill.Scalar and node.args[2] == float("-inf"):
        hidden = _argument(node, 1)
        if hidden.target in (_aten.bitwise_not.default, _aten.logical_not.default) and _is_causal(_argument(hidden, 0)):
            return _argument(node, 0)
    raise _refusal(node)


def _is_causal(node: Node) -> bool:
    while is_same(node) or node.target == _aten.select.int:
        node = _argument(node, 0)
    return node.target == MASK and dict(node.kwargs) == {"window": None, "chunk": None, "causal": True}


def _product(node: Node) -> Node:
    """The product of weights [1, T, 1, H] and scores [1, T, H, T] behind a view that drops the third dimension."""
    if node.target == _aten.squeeze.dim and node.args[1] in (2, -2):
        node = _argument(node, 0)
        if node.target == _aten.matmul.default and node.meta["val"].dim() == 4:
            return node
    raise _refusal(node)


def _key(node: Node) -> Node:
    """The key [1, T, D] of which `node` is [1, 1, D, T]."""
    turned = False
    while node.meta["val"].dim() == 4 or not turned:
        if _turns(node):
            turned = True
        elif node.target not in _CONVERSIONS and (node.target, node.args[1:]) != (_aten.unsqueeze.default, (1,)):
            raise _refusal(node)
        node = _argument(node, 0)
    return _converted(node)


def _turns(node: Node) -> bool:
    """Whether the last two dimensions change places."""
    rank, dims = node.meta["val"].dim(), [dim for dim in node.args[1:] if isinstance(dim, int)]
    return node.target == _aten.transpose.int and {dim % rank for dim in dims} == {rank - 2, rank - 1}


def _count(topk: Node) -> int:
    """N of `min(N, T)`."""
    given = topk.args[1]
    if isinstance(given, Node) and given.target == torch.sym_min:
        numbers = [number for number in given.args if isinstance(number, int)]
        if len(numbers) == 1:
            return numbers[0]
    raise _refusal(topk)
