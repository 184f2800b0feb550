"""Attention that modelling code writes out, as products and a softmax, becomes the opaque `aweigh::attend`.

Models that do not go through the attention interface still show the shape `softmax(query @ key.T, masked) @ value`; `scores.py` reads
what stands between. A bias is accepted if it is linear in the key's position, with one slope per head (ALiBi, arXiv:2108.12409): a shift
of a row changes no softmax, so `slope * key position` and `slope * distance` are the same. Its slopes are found by evaluating it, since
every model builds it in its own way.
"""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Graph, Node

from aweigh.compiler.capture.evaluate import evaluate
from aweigh.compiler.capture.fold_masks import is_same
from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.literals import add_literal
from aweigh.compiler.capture.scores import Scores, Walk
from aweigh.proto.errors import UnsupportedModel

_aten = torch.ops.aten
_SOFTMAX = frozenset({_aten.softmax.int, _aten._softmax.default})
_PRODUCTS = frozenset({_aten.matmul.default, _aten.bmm.default})
_PROBE = 16


def _symbolic_dims(node: Node) -> int:
    value = node.meta.get("val")
    return sum(isinstance(size, torch.SymInt) for size in value.shape) if isinstance(value, torch.Tensor) else 0


def _product_with_values(softmax: Node) -> Node | None:
    node = softmax
    while len(node.users) == 1:
        (user,) = node.users
        if user.target in _PRODUCTS and user.args[0] is node:
            return user
        if not is_same(user):
            return None
        node = user
    return None


def _heads_first(graph: Graph, before: Node, node: Node) -> Node:
    return insert(graph, before, _aten.unsqueeze.default, node, 0) if node.meta["val"].dim() == 3 else node


def _slopes(program: ExportedProgram, scores: Scores, heads: int) -> torch.Tensor | None:
    """Slopes [H] of the sum of all biases."""
    total_HTT = torch.zeros(heads, _PROBE, _PROBE, dtype=torch.float64)
    for bias, factor in scores.biases:
        value = evaluate(program, bias, _PROBE)
        if value is None:
            raise UnsupportedModel(
                "Attention adds a bias that depends on tokens or weights, which paged attention cannot."
            )
        total_HTT += value.double().reshape(-1, *value.shape[-2:]) * factor
    if not scores.biases:
        return None
    slopes_H = total_HTT[:, -1, 1] - total_HTT[:, -1, 0]
    wanted_HTT = total_HTT[:, :, :1] + slopes_H[:, None, None] * torch.arange(_PROBE)
    visible_TT = torch.ones(_PROBE, _PROBE, dtype=torch.bool).tril()
    if not torch.allclose(wanted_HTT[:, visible_TT], total_HTT[:, visible_TT], atol=1e-4, rtol=1e-4):
        raise UnsupportedModel(
            "Attention adds a bias that is not linear in the distance, which paged attention cannot."
        )
    return slopes_H.float()


def _key(graph: Graph, before: Node, transposed: Node) -> Node:
    rank = transposed.meta["val"].dim()
    if transposed.target == _aten.transpose.int:
        dims: Any = transposed.args[1:]
        parent = transposed.args[0]
        if {dim % rank for dim in dims} == {rank - 2, rank - 1} and isinstance(parent, Node):
            return parent
    return insert(graph, before, _aten.transpose.int, transposed, -1, -2)


def recover_attention(program: ExportedProgram, first: int) -> int:
    """Changes the program in place; returns the number of layers that attend, `first` being those that did already.

    Raises:
        UnsupportedModel: a bias is not one that an `attend` can say.
    """
    graph, layer = program.graph, first
    for softmax in list(graph.nodes):
        if softmax.target not in _SOFTMAX or _symbolic_dims(softmax) < 2:
            continue
        product, walk = _product_with_values(softmax), Walk(program)
        scored = softmax.args[0]
        if product is None or not isinstance(scored, Node) or not walk.run(scored):
            continue
        _rewrite(program, product, walk.scores, layer)
        layer += 1
    return layer


def _rewrite(program: ExportedProgram, product: Node, scores: Scores, layer: int) -> None:
    graph, value = program.graph, product.args[1]
    assert scores.query is not None
    assert scores.key_transposed is not None
    assert isinstance(value, Node)
    query = _heads_first(graph, product, scores.query)
    key = _heads_first(graph, product, _key(graph, product, scores.key_transposed))
    slopes = _slopes(program, scores, query.meta["val"].shape[1])
    windows = [mask.window for mask in scores.masks if mask.window is not None]
    chunks = [mask.chunk for mask in scores.masks if mask.chunk is not None]
    attend = insert(
        graph,
        product,
        torch.ops.aweigh.attend.default,
        query,
        key,
        _heads_first(graph, product, value),
        None,
        None,
        None if slopes is None else add_literal(program, f"attention.{layer}.slopes", slopes),
        None,
        None,
        None,
        layer=layer,
        scale=scores.scale,
        window=min(windows, default=None),
        chunk=min(chunks, default=None),
        softcap=scores.softcap,
        causal=any(mask.causal for mask in scores.masks),
    )
    out = insert(graph, product, _aten.transpose.int, attend, 1, 2)
    if product.meta["val"].dim() == 3:
        out = insert(graph, product, _aten.squeeze.dim, out, 0)
    replace(product, out)
