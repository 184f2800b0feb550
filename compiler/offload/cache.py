"""`past_key_values` whose keys and values are elsewhere: real `transformers.Cache` objects that hold logs and sessions.

A cache that transformers or the script made is adopted while it is empty, by changing its class: the script's own reference then sees
the remote one. Whoever reads keys or values out of it gets a typed error; whoever computes with it here gets it rebuilt from its log.
"""

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from transformers.cache_utils import Cache, DynamicCache, StaticCache

from aweigh.compiler.offload.session import Row, reorder
from aweigh.proto.errors import UnsupportedModel

NAMES = ("past_key_values", "cache_params")
"""What models call their cache: the second one those that keep no keys and values."""


def named(arguments: Mapping[str, Any]) -> Any:
    """The cache among the arguments of a call, or None."""
    return next((arguments[name] for name in NAMES if arguments.get(name) is not None), None)


def is_begun(cache: Cache) -> bool:
    """Whether a cache of transformers has seen a token."""
    try:
        return int(cache.get_seq_length()) > 0
    except ValueError:  # no layer of it counts
        return any(any(layer.has_previous_state.values()) for layer in cache.layers)


class RemoteLayer:
    """What `cache.layers[i]` is: there, and without keys and values."""

    def __init__(self, cache: "RemoteCache") -> None:
        self._cache = cache

    def get_seq_length(self) -> int:
        return self._cache.get_seq_length()

    def __getattr__(self, name: str) -> Any:
        raise UnsupportedModel(
            f"`{name}` of a cache layer is on the engine and cannot be read here; run this part under `with aweigh.local():`"
        )


class RemoteCache(Cache):  # type: ignore[misc]
    """State: `rows`; `width`, the columns that transformers would count, pads included; `valid` [rows, width], None where all are;
    `graded`: per column, whether it was computed with gradients on; `filling`: which adapters its columns were computed with, as
    `Adapters.filling` says it.

    `uncounted`: what transformers says when it is asked for the length of a cache that has none; empty for others."""

    _aweigh_rows: list[Row]
    _aweigh_width: int
    _aweigh_valid: torch.Tensor | None
    _aweigh_graded: tuple[bool, ...]
    _aweigh_depth: int
    _aweigh_filling: tuple[str, tuple[str, ...]]
    _aweigh_uncounted: str = ""
    _aweigh_grows: bool = False

    def _aweigh_begin(self, depth: int) -> None:
        self.__dict__.update(
            _aweigh_rows=[], _aweigh_width=0, _aweigh_valid=None, _aweigh_graded=(), _aweigh_depth=depth,
            _aweigh_filling=("", ()),
        )  # fmt: skip

    def _aweigh_append(self, rows: list[Row], valid: torch.Tensor | None, columns: int) -> None:
        """Takes what a step has made of the rows, and counts its columns. valid: [rows, columns] bool, None where all are."""
        if valid is not None or self._aweigh_valid is not None:
            old = self._aweigh_valid
            if old is None:
                old = torch.ones((len(rows), self._aweigh_width), dtype=torch.bool)
            new = valid if valid is not None else torch.ones((len(rows), columns), dtype=torch.bool)
            valid = torch.cat([old, new], dim=1)
        self._aweigh_become(rows, self._aweigh_width + columns, valid)

    def _aweigh_become(self, rows: list[Row], width: int, valid: torch.Tensor | None) -> None:
        """All at once, in C: an interrupt comes before it or after it."""
        old = self._aweigh_graded[:width]
        graded = old + (torch.is_grad_enabled(),) * (width - len(old))
        self.__dict__.update(_aweigh_rows=rows, _aweigh_width=width, _aweigh_valid=valid, _aweigh_graded=graded)

    @property
    def layers(self) -> list[Any]:
        return [RemoteLayer(self) for _ in range(self._aweigh_depth)] if self._aweigh_width else []

    def __len__(self) -> int:
        return self._aweigh_depth if self._aweigh_width else 0

    def __iter__(self) -> Iterator[Any]:
        return iter([(layer.keys, layer.values) for layer in self.layers])

    def __repr__(self) -> str:
        return f"{type(self).__mro__[2].__name__}(on the engine, {self._aweigh_width} tokens)"

    def __deepcopy__(self, memo: dict[int, Any]) -> "RemoteCache":
        made: RemoteCache = object.__new__(type(self))
        made.__dict__.update(self.__dict__, layers=copy.deepcopy(self.__dict__["layers"], memo))
        made._aweigh_rows = [row.fork() for row in self._aweigh_rows]
        return made

    def update(self, *args: Any, **kwargs: Any) -> Any:
        raise UnsupportedModel("this cache is on the engine; run this part under `with aweigh.local():`")

    def get_seq_length(self, layer_idx: int = 0) -> int:
        if self._aweigh_uncounted:
            raise ValueError(self._aweigh_uncounted)
        return self._aweigh_width

    def get_query_offset(self, layer_idx: int = 0) -> int:
        return self._aweigh_width

    def get_mask_sizes(self, query_length: int, layer_idx: int) -> tuple[int, int]:
        return self._aweigh_width + query_length, 0

    def crop(self, tokens_to_remove: int) -> None:
        """As transformers: a negative count, or 0 for nothing."""
        if tokens_to_remove > 0:
            raise ValueError(
                f"Calling `crop` with a positive value (`{tokens_to_remove}`) is not supported. "
                "Please use a negative integer to remove that number of tokens from the cache instead."
            )
        count = min(-tokens_to_remove, self._aweigh_width)
        if not count:
            return
        keep, valid = self._aweigh_width - count, self._aweigh_valid
        counts = [count] * len(self._aweigh_rows)
        if valid is not None:
            counts, valid = valid[:, keep:].sum(dim=1).tolist(), valid[:, :keep]
        rows = [row.cropped(removed) for row, removed in zip(self._aweigh_rows, counts, strict=True)]
        self._aweigh_become(rows, keep, valid)

    def reorder_cache(self, beam_idx: torch.Tensor) -> None:
        self._aweigh_select(beam_idx.tolist())

    def batch_repeat_interleave(self, repeats: int) -> None:
        self._aweigh_select([row for row in range(len(self._aweigh_rows)) for _ in range(repeats)])

    def batch_select_indices(self, indices: torch.Tensor) -> None:
        self._aweigh_select(torch.arange(len(self._aweigh_rows))[indices].tolist())

    def _aweigh_select(self, order: list[int]) -> None:
        if not self._aweigh_rows:
            return
        valid = None if self._aweigh_valid is None else self._aweigh_valid[order]
        self._aweigh_become(reorder(self._aweigh_rows, order), self._aweigh_width, valid)

    def reset(self) -> None:
        self._aweigh_begin(self._aweigh_depth)

    def activate_past_recording(self) -> None:
        """A log can always be cropped. The layers that stay here hear of it, in case the cache comes back."""
        for layer in self.__dict__["layers"]:
            if hasattr(layer, "activate_past_recording"):
                layer.activate_past_recording()

    def is_recording_past(self, layer_idx: int) -> bool:
        return False

    @property
    def batch_size(self) -> int:
        return len(self._aweigh_rows) or -1

    @property
    def is_compileable(self) -> bool:
        return False

    @property
    def is_initialized(self) -> bool:
        return self._aweigh_width > 0

    @property
    def is_croppable(self) -> bool:
        return True

    @property
    def is_sliding(self) -> list[bool]:
        return [False] * len(self)

    @property
    def is_linear(self) -> list[bool]:
        return [False] * len(self)

    @property
    def is_dummy(self) -> list[bool]:
        return [False] * len(self)


class RemoteDynamicCache(RemoteCache, DynamicCache):  # type: ignore[misc]
    """A `DynamicCache` elsewhere."""


class RemoteStaticCache(RemoteCache, StaticCache):  # type: ignore[misc]
    """A `StaticCache` elsewhere; its length was chosen by whoever made it."""

    def get_seq_length(self, layer_idx: int = 0) -> Any:
        """A tensor, as static layers count."""
        return torch.tensor(self._aweigh_width)

    def get_max_length(self, layer_idx: int | None = None) -> int:
        longest: int = max(layer.get_max_length() for layer in self.__dict__["layers"])
        return longest


_REMOTE: dict[type[Cache], type[RemoteCache]] = {DynamicCache: RemoteDynamicCache, StaticCache: RemoteStaticCache}


def adopt(cache: Any, depth: int, *, grows: bool = False) -> RemoteCache | None:
    """The same object as a remote cache; None for one that holds keys and values already, or is of another kind.

    `grows`: whoever makes masks from now on sees a cache that grows, whatever its kind."""
    if isinstance(cache, RemoteCache):
        return cache
    kind = _REMOTE.get(type(cache))
    if kind is None or cache.offloading or is_begun(cache):
        return None
    uncounted = _uncounted(cache)
    kind._aweigh_begin(cache, depth)
    cache._aweigh_uncounted, cache._aweigh_grows = uncounted, grows
    cache.__class__ = kind
    found: RemoteCache = cache
    return found


def _uncounted(cache: Cache) -> str:
    try:
        cache.get_seq_length()
    except ValueError as error:
        return str(error)
    return ""


def new_cache(depth: int, config: Any = None) -> RemoteCache:
    """An empty remote cache, as a model of `config` makes one that got none."""
    cache = adopt(DynamicCache(config=config), depth)
    assert cache is not None
    return cache


def own_cache(kind: type) -> str:
    """Why passes of a model's class cannot share a remote cache: beside it stands a kind of cache that ours is not; else empty.

    Such a cache has ways of its own with beams, lengths and crops, and its model refuses any other.
    """
    beside = vars(sys.modules[kind.__module__]).values()
    own = [value for value in beside if isinstance(value, type) and issubclass(value, Cache)]
    name = next((value.__name__ for value in own if value.__module__ == kind.__module__), "")
    return f"the model keeps its keys and values in a {name}" if name else ""


def emptied(cache: RemoteCache) -> Callable[[], Any]:
    """Makes ordinary caches of the kind that was adopted, as it was then: with their own layers, and nothing in them."""
    kind = type(cache).__mro__[2]
    kept = {name: value for name, value in cache.__dict__.items() if not name.startswith("_aweigh_")}

    def make() -> Any:
        real: Any = object.__new__(kind)
        real.__dict__.update(copy.deepcopy(kept))
        return real

    return make


def become_local(cache: RemoteCache, real: Cache) -> None:
    """Turns the script's object into the ordinary cache `real`, in place."""
    cache.__dict__.clear()
    cache.__class__ = type(real)
    cache.__dict__.update(real.__dict__)
