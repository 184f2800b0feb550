"""The vocabulary of cases: what stands behind `{"$": NAME, ...}` in a case, and the three calls.

A case is data, so that it can be printed, kept and played again; whatever is no JSON has a name here.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
import transformers
from callbacks import Ban, Recorder, Shift, StopAfter
from transformers import (
    AutoFeatureExtractor,
    AutoModelForCausalLM,
    AutoTokenizer,
    DynamicCache,
    GenerationConfig,
    StaticCache,
    WatermarkingConfig,
)
from transformers.modeling_outputs import BaseModelOutput

_CACHES = ("past_key_values", "cache_params", "state")  # what models call them


class Scene:
    """The models of a process, and what one case has made so far. `previous`: the answer of its last call; `observed`: what its
    callbacks saw."""

    def __init__(self, models: str) -> None:
        self._models = Path(models)
        self._loaded: dict[str, Any] = {}
        self._tokenizers: dict[str, Any] = {}
        self._pipelines: dict[str, Any] = {}
        self._family = self._loader = self._task = ""
        self.previous: Any = None
        self.observed: list[Any] = []

    def begin(self, case: Mapping[str, Any]) -> None:
        """A new case; with a new model where a case must not know of those before it."""
        if case["anew"]:
            self._loaded.pop(case["family"], None)
            self._pipelines.pop(case["family"], None)
        self._family, self._loader, self._task = case["family"], case["loader"], case["task"]
        self.previous, self.observed = None, []

    def value(self, value: Any) -> Any:
        """What a JSON value of a case means."""
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, dict):
            return value
        name = value.get("$")
        parts = {key: self.value(item) for key, item in value.items() if key != "$"}
        return parts if name is None else getattr(self, f"make_{name}")(**parts)

    def call(self, name: str, arguments: dict[str, Any]) -> Any:
        """Runs one act of a case."""
        match name:
            case "generate":
                return self._model().generate(**arguments)
            case "forward":
                with torch.set_grad_enabled(arguments.pop("grad", False)):
                    return self._model()(*arguments.pop("positional", ()), **arguments)
            case "pipeline":
                return self._pipeline()(arguments.pop("inputs"), **arguments)
            case "cache":
                return self._cache(**arguments)
        raise KeyError(name)

    def _model(self) -> Any:
        return self._load(self._family, getattr(transformers, self._loader))

    def _load(self, family: str, loader: Any) -> Any:
        if family not in self._loaded:
            self._loaded[family] = loader.from_pretrained(self._models / family, dtype=torch.float32)
        return self._loaded[family]

    def _pipeline(self) -> Any:
        if self._family not in self._pipelines:
            parts = {"model": self._model(), "tokenizer": self.make_tokenizer()}
            if (self._models / self._family / "preprocessor_config.json").exists():
                parts["feature_extractor"] = AutoFeatureExtractor.from_pretrained(self._models / self._family)
            self._pipelines[self._family] = transformers.pipeline(self._task, **parts)
        return self._pipelines[self._family]

    def _cache(self, verb: str, **arguments: Any) -> Any:
        """A verb of the cache that the last forward pass gave: `copy` keeps the old one, others change it."""
        found = copy.copy(self.previous)
        name = next(name for name in _CACHES if found.get(name) is not None)
        if verb == "copy":
            found[name] = copy.deepcopy(found[name])
        else:
            getattr(found[name], verb)(*arguments.values())
        return found

    # What cases name

    def make_tensor(self, data: Any, dtype: str = "int64") -> torch.Tensor:
        return torch.tensor(data, dtype=getattr(torch, dtype))

    def make_strided(self, data: Any) -> torch.Tensor:
        """The same numbers, not contiguous."""
        return torch.tensor(data).repeat_interleave(2, dim=-1)[..., ::2]

    def make_transposed(self, data: Any) -> torch.Tensor:
        return torch.tensor(data).t().contiguous().t()

    def make_embedded(self, ids: Any) -> torch.Tensor:
        with torch.no_grad():
            found: torch.Tensor = self._model().get_input_embeddings()(torch.tensor(ids))
        return found.clone()

    def make_previous(self, field: str) -> Any:
        """A part of the last answer; of a cache whatever the model calls it."""
        if field == "cache":
            return next((self.previous[name] for name in _CACHES if self.previous.get(name) is not None), None)
        return self.previous[field]

    def make_encoded(self) -> BaseModelOutput:
        """What the encoder gave in the last pass."""
        return BaseModelOutput(last_hidden_state=self.previous.encoder_last_hidden_state)

    def make_normal(self, seed: int, shape: list[int], dtype: str = "float32") -> torch.Tensor:
        """Numbers that the generator of the case knows nothing of."""
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(getattr(torch, dtype))

    def make_sound(self, seed: int, samples: int) -> Any:
        return self.make_normal(seed, [samples]).numpy()

    def make_extended(self, tokens: Any) -> torch.Tensor:
        """The sequences of the last answer with more tokens behind them."""
        return torch.cat([self.previous.sequences, torch.tensor(tokens)], dim=1)

    def make_grown(self, mask: Any, tokens: Any) -> torch.Tensor:
        """The mask of `extended`: the prompt's, then ones."""
        shown = torch.ones(self.make_extended(tokens).shape, dtype=torch.long)
        shown[:, : len(mask[0])] = torch.tensor(mask)
        return shown

    def make_empty(self, shape: list[int]) -> torch.Tensor:
        return torch.empty(shape, dtype=torch.long)

    def make_config(self, **settings: Any) -> GenerationConfig:
        return GenerationConfig(**settings)

    def make_watermark(self, **settings: Any) -> WatermarkingConfig:
        return WatermarkingConfig(**settings)

    def make_library(self, name: str, **settings: Any) -> Any:
        """A processor or criterion of transformers' own."""
        return getattr(transformers, name)(**settings)

    def make_model(self, family: str) -> Any:
        return self._load(family, AutoModelForCausalLM)

    def make_tokenizer(self) -> Any:
        if self._family not in self._tokenizers:
            self._tokenizers[self._family] = AutoTokenizer.from_pretrained(self._models / self._family)
        return self._tokenizers[self._family]

    def make_dynamic_cache(self) -> DynamicCache:
        return DynamicCache(config=self._model().config)

    def make_static_cache(self, length: int) -> StaticCache:
        return StaticCache(config=self._model().config, max_cache_len=length)

    def make_ban(self, tokens: list[int]) -> Ban:
        return Ban(tokens, self.observed)

    def make_shift(self, by: float) -> Shift:
        return Shift(by, self.observed)

    def make_stop_after(self, calls: int) -> StopAfter:
        return StopAfter(calls, self.observed)

    def make_recorder(self) -> Recorder:
        return Recorder(self.observed)

    def make_allowed(self, tokens: list[int]) -> Callable[[int, torch.Tensor], list[int]]:
        """A prefix function: of the tokens those of the row's parity, and the first."""

        def allowed(row: int, ids: torch.Tensor) -> list[int]:
            self.observed.append([row, len(ids)])
            return tokens[:1] + [token for token in tokens if (token + len(ids) + row) % 2]

        return allowed

    def make_pairs(self, items: list[Any]) -> dict[Any, Any]:
        """A dict whose keys are tuples."""
        return {tuple(key): value for key, value in items}

    def make_one_by_one(self, items: list[Any]) -> Iterator[Any]:
        """A generator."""
        return iter(list(items))

    def make_causal(self, batch: int, columns: int, hide: int, dtype: str) -> torch.Tensor:
        """A mask of four dimensions that hides the future, and the first `hide` columns of the first row."""
        seen = torch.ones(columns, columns, dtype=torch.bool).tril()[None, None].repeat(batch, 1, 1, 1)
        seen[0, :, :, :hide] = False
        seen |= torch.eye(columns, dtype=torch.bool)
        if dtype == "bool":
            return seen
        return torch.zeros(seen.shape).masked_fill(~seen, torch.finfo(torch.float32).min)
