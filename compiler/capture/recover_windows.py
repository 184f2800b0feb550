"""Windows of the last W tokens become a causal convolution that picks each of them out.

Legend: T tokens, C channels, W tokens of a window.

Modelling code whose taps differ from token to token pads a front of zeros, lets `unfold` make the windows, and multiplies those itself. Tap w
of an identity gives the token W - 1 - w steps back, whose past the engine keeps as that of any convolution.
"""

from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx import Node

from aweigh.compiler.capture.graph import insert, replace
from aweigh.compiler.capture.literals import add_literal
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_CONV = torch.ops.aweigh.causal_conv.default


def recover_windows(program: ExportedProgram) -> None:
    """Changes the program in place. `locality.py` refuses what is left."""
    taps: dict[Any, Node] = {}
    for node in list(program.graph.nodes):
        if node.target == _aten.unfold.default:
            _rewrite(program, node, taps)


def _rewrite(program: ExportedProgram, node: Node, taps: dict[Any, Node]) -> None:
    given: Any = node.args
    padded, dimension, width, step = given
    while _is_whole(padded):
        padded = padded.args[0]
    if padded.target != _aten.constant_pad_nd.default:
        return
    x, front, filled = padded.args[0], list(padded.args[1]), padded.args[2:]
    shape, dtype = x.meta["val"].shape, x.meta["val"].dtype
    last = dimension in (-1, 2) and len(shape) == 3 and shape[0] == 1 and is_symbolic(shape[2])
    if not last or step != 1 or front != [width - 1, 0] or any(filled):
        return
    channels = int(shape[1])
    if (channels, width, dtype) not in taps:
        identity = torch.eye(width, dtype=dtype)[:, None].repeat(channels, 1, 1)
        taps[channels, width, dtype] = add_literal(program, f"windows.{len(taps)}", identity)
    said = {"layer": 0, "groups": channels}
    picked = insert(program.graph, node, _CONV, x, taps[channels, width, dtype], None, **said)
    apart = insert(program.graph, node, _aten.unflatten.int, picked, 1, [channels, width])
    replace(node, insert(program.graph, node, _aten.transpose.int, apart, 2, 3))


def _is_whole(node: Node) -> bool:
    """Whether a slice takes all that there is."""
    if node.target != _aten.slice.Tensor:
        return False
    source: Any = node.args[0]
    given, taken = source.meta["val"].shape, node.meta["val"].shape
    return list(map(str, given)) == list(map(str, taken)) and node.args[4:] in ((), (1,))
