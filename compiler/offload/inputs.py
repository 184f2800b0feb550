"""A forward call's arguments, read into what a step needs. Raises Unsuited for what only this process can compute.

Shapes: B rows, T new columns, W columns in the cache. Padding never reaches the worker: masked tokens are left out of the rows, and
their columns in the answer are zero. transformers' own values there are those of a position that attends to nothing it should.
"""

from dataclasses import dataclass, field
from typing import Any

import torch

from aweigh.compiler.offload.cache import NAMES, RemoteCache, RemoteStaticCache, adopt, named, new_cache
from aweigh.compiler.offload.session import Row
from aweigh.compiler.offload.stub import Stub
from aweigh.proto.errors import InvalidRequest


class Unsuited(Exception):
    """The call cannot be a step; the message is a clause that says why."""


@dataclass(slots=True, kw_only=True)
class Inputs:
    """`tokens` [B, T]; `positions` [B, T]; `valid` [B, T] bool or None for all; `keep`: the last columns whose logits are wanted."""

    tokens: list[list[int]]
    positions: list[list[int]]
    valid: torch.Tensor | None
    keep: int
    keep_index: torch.Tensor | None
    cache: RemoteCache
    rows: list[Row]
    hidden_states: bool
    use_cache: bool
    return_dict: bool
    labels: torch.Tensor | None
    loss_arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> int:
        return len(self.tokens[0])


_KNOWN = frozenset(
    {
        "input_ids", "attention_mask", "position_ids", *NAMES, "labels", "use_cache", "output_attentions",
        "output_hidden_states", "logits_to_keep", "return_dict", "cache_position", "num_items_in_batch", "tokenizer", "assistant_tokenizer",
    }
)  # fmt: skip


def read(model: Any, stub: Stub, arguments: dict[str, Any]) -> Inputs:
    """Reads keyword arguments of `forward`. Adopts the cache among them. Raises Unsuited."""
    get, config = arguments.get, model.config
    if stub.placement(model).encoder:
        raise Unsuited("a forward pass of a model with an encoder")
    for name, value in arguments.items():
        if name not in _KNOWN and value is not None and value is not False:
            raise Unsuited(f"the argument {name}")
    ids = get("input_ids")
    if not isinstance(ids, torch.Tensor) or ids.dim() != 2:
        raise Unsuited("no two-dimensional input_ids")
    if 0 in ids.shape:
        raise Unsuited("empty input_ids")
    check_ids(ids)
    if _either(get("output_attentions"), config, "output_attentions") or getattr(config, "output_router_logits", False):
        raise Unsuited(
            "attentions are asked for"
            if not getattr(config, "output_router_logits", False)
            else "router logits are asked for"
        )
    hidden = bool(_either(get("output_hidden_states"), config, "output_hidden_states"))
    if hidden and "hidden_states" not in stub.placement(model).outputs:
        raise Unsuited("hidden states are asked for")
    use_cache = bool(_either(get("use_cache"), config, "use_cache"))
    cache = _cache(named(arguments), stub.depth, config)
    if cache._aweigh_rows and len(cache._aweigh_rows) != ids.shape[0]:
        raise Unsuited("a cache with another number of rows")
    if isinstance(cache, RemoteStaticCache) and cache._aweigh_width + ids.shape[1] > cache.get_max_length():
        raise Unsuited("a static cache that is too short")
    end = stub.placement(model).end
    if end and cache._aweigh_width + ids.shape[1] > end:
        raise Unsuited("more tokens than the model's biases cover")
    if cache._aweigh_width and ids.shape[1] > 1 and not stub.continues(model).reads:
        raise Unsuited("several tokens behind a state that the model does not go on from")
    if cache._aweigh_width and get("attention_mask") is not None and not stub.continues(model).cuts:
        raise Unsuited("an attention mask of past and new tokens, of which the model takes all")
    rows = cache._aweigh_rows or [Row() for _ in range(ids.shape[0])]
    columns = ids.shape[1]
    valid = _valid(get("attention_mask"), cache, ids.shape, looks_back=get(NAMES[1]) is None)
    _check_gaps(model, stub, valid, cache)
    keep, index = _keep(get("logits_to_keep"), columns)
    labels = get("labels")
    if labels is not None and torch.is_grad_enabled() and any(value.requires_grad for value in model.parameters()):
        raise Unsuited("a loss is asked for while gradients are on")
    _check_masked(valid, keep, index, labels)
    return_dict = get("return_dict")
    return Inputs(
        tokens=ids.tolist(),
        positions=_positions(model, stub, get("position_ids"), valid, cache, ids.shape),
        valid=valid,
        keep=keep,
        keep_index=index,
        cache=cache,
        rows=rows,
        hidden_states=hidden,
        use_cache=use_cache,
        return_dict=bool(config.return_dict if return_dict is None else return_dict),
        labels=labels,
        loss_arguments={"num_items_in_batch": value} if (value := get("num_items_in_batch")) is not None else {},
    )


def check_ids(ids: torch.Tensor) -> None:
    """Raises InvalidRequest for what is no tensor of token ids."""
    if ids.dtype not in (torch.long, torch.int):
        raise InvalidRequest(f"input_ids hold token ids: give them as torch.long, not as {ids.dtype}")


def _either(given: Any, config: Any, name: str) -> Any:
    return getattr(config, name, None) if given is None else given


def _cache(given: Any, depth: int, config: Any) -> RemoteCache:
    if given is None:
        return new_cache(depth, config)
    found = adopt(given, depth)
    if found is None:
        raise Unsuited(
            f"a {type(given).__name__} that holds keys and values of its own or that the engine does not know"
        )
    return found


def _valid(
    mask: torch.Tensor | None, cache: RemoteCache, shape: torch.Size, *, looks_back: bool
) -> torch.Tensor | None:
    """Which of the new columns are no padding, [B, T] bool; None where all are. A model that keeps no keys does not look back at pads."""
    width = cache._aweigh_width
    if mask is None:
        if looks_back and cache._aweigh_valid is not None:
            raise Unsuited("a cache with padding and no attention mask")
        return None
    if not isinstance(mask, torch.Tensor) or mask.dim() != 2:
        raise Unsuited("an attention mask that is not two-dimensional")
    if mask.shape != (shape[0], width + shape[1]):
        raise Unsuited("an attention mask of another length than cache and input")
    seen = mask != 0
    if not bool((seen == mask).all()):
        raise Unsuited("an attention mask of other values than 0 and 1")
    if cache._aweigh_valid is None and bool(seen.all()):
        return None
    before = cache._aweigh_valid
    past = seen[:, :width]
    if not (bool(past.all()) if before is None else torch.equal(past, before)):
        raise Unsuited("an attention mask that hides tokens of the cache")
    new = seen[:, width:]
    if not bool(new.any(dim=1).all()):
        raise Unsuited("a row of nothing but padding")
    return None if bool(new.all()) else new


def _seen(valid: torch.Tensor | None, cache: RemoteCache, shape: tuple[int, int]) -> torch.Tensor:
    """Which columns of cache and input are no padding, [B, W + T] bool."""
    before, width = cache._aweigh_valid, cache._aweigh_width
    old = torch.ones((shape[0], width), dtype=torch.bool) if before is None else before
    return torch.cat([old, torch.ones(shape, dtype=torch.bool) if valid is None else valid], dim=1)


def _check_gaps(model: Any, stub: Stub, valid: torch.Tensor | None, cache: RemoteCache) -> None:
    """Padding on the left of all tokens moves none of them against another, padding on the right is in nobody's past."""
    if valid is None and cache._aweigh_valid is None:
        return
    if not stub.keeps_out(model):
        raise Unsuited("padding that the model lets into its state")
    rows, columns = valid.shape if valid is not None else (len(cache._aweigh_rows), 1)
    seen = _seen(valid, cache, (rows, columns)).long()
    between = (seen.cummax(dim=1).values > seen) & (seen.flip(1).cummax(dim=1).values.flip(1) > seen)
    if bool(between.any()) and not stub.placement(model).gaps:
        raise Unsuited("padding between the tokens of a row")


def _positions(
    model: Any,
    stub: Stub,
    given: torch.Tensor | None,
    valid: torch.Tensor | None,
    cache: RemoteCache,
    shape: torch.Size,
) -> list[list[int]]:
    if given is None and (valid is not None or cache._aweigh_valid is not None):
        counts = stub.counts(model)
        if counts is None:
            raise Unsuited("padding without position_ids")
        if counts:
            seen = _seen(valid, cache, (shape[0], shape[1])).long()
            counted: list[list[int]] = (seen.cumsum(dim=1) - 1).clamp(min=0)[:, -shape[1] :].tolist()
            return counted
    if given is None:
        return [list(range(cache._aweigh_width, cache._aweigh_width + shape[1]))] * shape[0]
    if given.dim() != 2 or given.shape[1] != shape[1] or given.shape[0] not in (1, shape[0]):
        raise Unsuited("position_ids of another shape than input_ids")
    if bool((given < 0).any()):
        raise Unsuited("negative position_ids")
    found: list[list[int]] = given.tolist()
    return found if len(found) == shape[0] else found * shape[0]


def _keep(given: Any, columns: int) -> tuple[int, torch.Tensor | None]:
    if isinstance(given, torch.Tensor):
        return columns, given
    return (min(int(given), columns) if given else columns), None


def _check_masked(
    valid: torch.Tensor | None, keep: int, index: torch.Tensor | None, labels: torch.Tensor | None
) -> None:
    """Of all columns those that are padding are zero; whoever names columns wants these."""
    if valid is None:
        return
    named = valid[:, -keep:] if index is None else valid[:, index]
    if (keep < valid.shape[1] or index is not None) and not bool(named.all()):
        raise Unsuited("logits of a masked position")
    if labels is not None and bool(((labels[:, 1:] != -100) & ~valid[:, :-1]).any()):
        raise Unsuited("labels at masked positions")
