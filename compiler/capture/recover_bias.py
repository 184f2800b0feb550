"""A bias of attention that follows from how far a key lies behind its query becomes a table by distance.

Legend: T tokens, H heads, B buckets, P distances.

T5 and its kin sort distances into buckets and look a bias up per bucket and head: a value [1, H, T, T] made of places in the batch.
Which bucket belongs to which distance depends on no weight, so it is evaluated; beyond some distance all fall into the last one. What
stays is `table[buckets of 0, 1, ..., P - 1]`, [P, H], which the engine reads by min(distance, P - 1). That the answer depends on the
distance alone, and that it ends to change, is proved for the sequence that was evaluated, which is four times as long as the last change.
"""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture.evaluate import evaluate
from aweigh.compiler.capture.fold_masks import is_same
from aweigh.compiler.capture.graph import insert
from aweigh.compiler.capture.literals import add_literal
from aweigh.proto.errors import UnsupportedModel

_aten = torch.ops.aten
_ATTEND = torch.ops.aweigh.attend.default
_BIAS = 7
_MOVES = frozenset({_aten.permute.default, _aten.transpose.int})
_PROBES = (512, 4096)
_BEYOND = 4


def recover_bias(program: ExportedProgram) -> None:
    """Changes the program in place: the operand `bias` of every `attend` is [P, H] afterwards.

    Raises:
        UnsupportedModel: a bias is made in another way.
    """
    graph = program.graph
    known: dict[Node, Node] = {}
    for attend in graph.find_nodes(op="call_function", target=_ATTEND):
        bias = attend.args[_BIAS]
        if not isinstance(bias, Node):
            continue
        lookup, moves = _lookup(bias)
        if lookup not in known:
            buckets = _buckets(program, lookup, moves)
            literal = add_literal(program, f"attention.{len(known)}.buckets", buckets)
            known[lookup] = insert(graph, lookup, _aten.embedding.default, lookup.args[0], literal)
        attend.args = (*attend.args[:_BIAS], known[lookup], *attend.args[_BIAS + 1 :])


def _lookup(bias: Node) -> tuple[Node, list[Node]]:
    """The lookup in a table of biases, and what moves its dimensions afterwards, last first."""
    moves = []
    node = bias
    while is_same(node) or node.target in _MOVES:
        moves.append(node)
        parent = node.args[0]
        assert isinstance(parent, Node)
        node = parent
    if node.target != _aten.embedding.default:
        raise _refusal()
    return node, moves


def _buckets(program: ExportedProgram, lookup: Node, moves: list[Node]) -> torch.Tensor:
    """The bucket of every distance up to the last change, [P]."""
    indices: Any = lookup.args[1]
    for probe in _PROBES:
        found = evaluate(program, indices, probe)
        if found is None or found.shape != (probe, probe) or not _heads_come_first(moves):
            raise _refusal()
        by_distance = found[-1].flip(0)
        distance = torch.arange(probe)[:, None] - torch.arange(probe)[None, :]
        if not torch.equal(by_distance[distance.clamp(min=0)].tril(), found.tril()):
            raise _refusal()
        changes = (by_distance[1:] != by_distance[:-1]).nonzero().flatten()
        size = int(changes[-1]) + 2 if len(changes) else 1
        if size * _BEYOND <= probe:
            return by_distance[:size].contiguous().to(torch.int64)
    raise _refusal()


def _heads_come_first(moves: list[Node]) -> bool:
    """Whether [T, T, H] becomes [1, H, T, T], query before key."""
    order: list[int | None] = [0, 1, 2]
    for node in reversed(moves):
        rank = len(order)
        given: Any = node.args[1:]
        if node.target == _aten.permute.default:
            order = [order[dim] for dim in given[0]]
        elif node.target == _aten.transpose.int:
            one, other = (dim % rank for dim in given)
            order[one], order[other] = order[other], order[one]
        elif node.target == _aten.unsqueeze.default:
            order.insert(given[0] % (rank + 1), None)
        elif node.meta["val"].dim() != rank:
            return False
    return order == [None, 2, 0, 1]


def _refusal() -> UnsupportedModel:
    return UnsupportedModel(
        "Attention adds a bias that does not follow from the distance, which paged attention cannot."
    )
