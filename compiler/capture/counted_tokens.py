"""A decoder behind an encoder that counts its tokens but for padding (M2M100, NLLB): the count is the position in the sequence.

Such code numbers the tokens of one call by a running sum over `ids != padding`, on from the length of the cache. With no padding in the
decoder's prompt that is position + 1, however the tokens are cut into calls; a prompt with padding inside stays with the script
(`offload/encoder.py`), where transformers gives one answer per way of cutting. Causal language models are left alone: they are
told positions, and whoever counts instead is refused (`locality.py`).
"""

from typing import Any

import torch
from torch.fx import Graph, Node

from aweigh.compiler.capture.graph import insert, placeholder, replace
from aweigh.compiler.capture.locality import is_symbolic

_aten = torch.ops.aten
_SAME = frozenset(
    {"aten.to", "aten._to_copy", "aten.type_as", "aten.clone", "aten.alias", "aten.detach", "aten.detach_"}
)


def count_by_position(graph: Graph, config: Any) -> None:
    """Changes `graph`, which takes `token_ids` and `positions` [1, T], in place. `config`: says what padding is."""
    pad = getattr(config, "pad_token_id", None)
    if pad is None or pad == getattr(config, "decoder_start_token_id", None):
        return
    tokens = placeholder(graph, "token_ids")
    for node in graph.find_nodes(op="call_function", target=_aten.cumsum.default):
        source: Any = node.args[0]
        along: Any = node.args[1]
        shape = source.meta["val"].shape
        if len(shape) == 2 and along % 2 == 1 and is_symbolic(shape[1]) and _is_no_padding(source, tokens, pad):
            count = insert(graph, node, _aten.add.Scalar, placeholder(graph, "positions"), 1)
            if node.meta["val"].dtype != torch.int64:
                count = insert(graph, node, _aten._to_copy.default, count, dtype=node.meta["val"].dtype)
            replace(node, count)


def _is_no_padding(node: Node, tokens: Node, pad: int) -> bool:
    """Whether it is `tokens != pad`, in any dtype."""
    while str(node.target).rsplit(".", 1)[0] in _SAME:
        parent = node.args[0]
        assert isinstance(parent, Node)
        node = parent
    return node.target == _aten.ne.Scalar and node.args == (tokens, pad)
