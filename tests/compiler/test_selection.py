"""What becomes a choice of keys: scores written out with products and `topk`, and nothing that only looks like it."""

from typing import Any

import pytest
import torch
from tests.compiler.test_locality import graph
from torch import Tensor

from aweigh.compiler.capture.fold_masks import fold_masks
from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.recover_selection import recover_selection
from aweigh.compiler.capture.simplify import eliminate_dead
from aweigh.proto.errors import UnsupportedModel

SELECT: Any = torch.ops.aweigh.select.default
_N = 5


def attends(selection: Tensor, x: Tensor) -> Tensor:
    heads = x.view(1, -1, 2, 4).transpose(1, 2)
    settings: dict[str, Any] = {"window": None, "chunk": None, "softcap": None, "causal": True}
    said = (heads, heads, heads, None, None, None, selection, None, None)
    out: Tensor = torch.ops.aweigh.attend(*said, layer=0, scale=1.0, **settings)
    return out.reshape(1, -1, 8)


def scores(x: Tensor) -> Tensor:
    query, key = x.view(1, -1, 4, 2), x[..., :2]
    return (query.float() @ key.transpose(-1, -2).float().unsqueeze(1)) * 0.5


def weighed(rectified: Tensor, x: Tensor) -> Tensor:
    return (x[..., :4].unsqueeze(-2) @ rectified).squeeze(-2)


def mask(x: Tensor, **changed: Any) -> Tensor:
    said: dict[str, Any] = {"window": None, "chunk": None, "causal": True, **changed}
    made: Tensor = torch.ops.aweigh.mask(x.new_empty(()), x.shape[1], x.shape[1], **said)
    return made


def best(x: Tensor, count: Any = None) -> Any:
    return x.topk(min(_N, x.shape[-1]) if count is None else count, -1)


WRITTEN: dict[str, Any] = {
    "a sum with the mask": lambda x: best(weighed(torch.relu(scores(x)), x) + mask(x)[:, 0]).indices.to(torch.int32),
    "the mask first": lambda x: best(mask(x)[:, 0] + weighed(torch.relu(scores(x)), x)).indices.to(torch.int32),
    "a mask of truth values": lambda x: best(
        weighed(torch.relu(scores(x)), x).masked_fill(~mask(x)[:, 0].bool(), float("-inf"))
    ).indices.to(torch.int32),
    "scales on both sides": lambda x: best(weighed(torch.relu(scores(x) * 2.0) * 0.5, x) + mask(x)[:, 0]).indices.to(
        torch.int32
    ),
}

OTHERWISE: dict[str, Any] = {
    "a window": lambda x: best(weighed(torch.relu(scores(x)), x) + mask(x, window=3)[:, 0]).indices,
    "no mask": lambda x: best(weighed(torch.relu(scores(x)), x)).indices,
    "no rectifier": lambda x: best(weighed(scores(x), x) + mask(x)[:, 0]).indices,
    "another function": lambda x: best(weighed(torch.sigmoid(torch.relu(scores(x))), x) + mask(x)[:, 0]).indices,
    "a negative scale": lambda x: best(weighed(torch.relu(scores(x) * -1.0), x) + mask(x)[:, 0]).indices,
    "the worst": lambda x: (weighed(torch.relu(scores(x)), x) + mask(x)[:, 0]).topk(5, -1, False).indices,
    "as many as there are tokens": lambda x: (
        best(weighed(torch.relu(scores(x)), x) + mask(x)[:, 0], count=x.shape[1]).indices
    ),
    "values": lambda x: best(weighed(torch.relu(scores(x)), x) + mask(x)[:, 0]).values.to(torch.int32),
    "something else": lambda x: x[..., :5].to(torch.int32),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_choice_that_is_written_out_is_known(name: str) -> None:
    made = graph(lambda x, p: attends(WRITTEN[name](x), x))
    recover_selection(made)
    eliminate_dead(made)
    check_locality(made)
    (select,) = made.find_nodes(op="call_function", target=SELECT)
    assert select.kwargs == {"layer": 0, "count": _N, "scale": 0.5, "block": 1}
    (attend,) = made.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)
    assert attend.args[6] is select


def test_layers_that_share_a_choice_share_it() -> None:
    def body(x: Tensor, positions: Tensor) -> Tensor:
        selection = WRITTEN["a sum with the mask"](x)
        return attends(selection, attends(selection, x))

    made = graph(body)
    recover_selection(made)
    assert len(made.find_nodes(op="call_function", target=SELECT)) == 1


def marked(x: Tensor, **changed: Any) -> Tensor:
    heads = x.view(1, -1, 2, 4).transpose(1, 2)
    selection = torch.ops.aweigh.select(x.view(1, -1, 4, 2), x[..., :2], None, layer=0, count=2, scale=1.0, block=3)
    seen = torch.ops.aweigh.selected(selection, x.shape[1])
    hidden = mask(x, **changed).masked_fill(~seen, torch.finfo(x.dtype).min)
    settings: dict[str, Any] = {"window": None, "chunk": None, "softcap": None, "causal": False}
    out: Tensor = torch.ops.aweigh.attend(
        heads, heads, heads, hidden, None, None, None, None, None, layer=1, scale=1.0, **settings
    )
    return out.reshape(1, -1, 8)


def test_a_mask_of_what_was_chosen_is_a_selection() -> None:
    made = graph(lambda x, p: marked(x))
    recover_selection(made)
    fold_masks(made)
    eliminate_dead(made)
    check_locality(made)
    (attend,) = made.find_nodes(op="call_function", target=torch.ops.aweigh.attend.default)
    assert attend.args[3] is None and attend.kwargs["causal"] and attend.args[6].target == SELECT
    with pytest.raises(UnsupportedModel, match="makes in its own way"):
        recover_selection(graph(lambda x, p: marked(x, window=4)))


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_choice_is_refused(name: str) -> None:
    made = graph(lambda x, p: attends(OTHERWISE[name](x), x))
    with pytest.raises(UnsupportedModel, match="makes in its own way"):
        recover_selection(made)
