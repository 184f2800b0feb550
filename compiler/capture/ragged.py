"""The module that is exported: a causal language model seen as a function of a ragged batch.

Legend: T tokens, R rows, C hidden, V vocabulary.

The batch is [1, T]: tokens of all sequences one after the other, each with its position. No cache and no mask goes in; attention is
opaque and knows the sequences. Whether a model takes positions or a choice of rows is read from its signature.
"""

import inspect
from typing import Any

import torch


class Ragged(torch.nn.Module):
    """`(token_ids [1, T], positions [1, T], rows [R]) -> logits [1, R, V]`."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model
        parameters = inspect.signature(model.forward).parameters
        self._takes = frozenset(parameters)

    def forward(self, token_ids: torch.Tensor, positions: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        arguments: dict[str, Any] = {"input_ids": token_ids}
        if "position_ids" in self._takes:
            arguments["position_ids"] = positions
        if "cache_position" in self._takes:
            arguments["cache_position"] = positions[0]
        if "use_cache" in self._takes:
            arguments["use_cache"] = False
        if "return_dict" in self._takes:
            arguments["return_dict"] = True
        if "logits_to_keep" in self._takes:
            chosen: torch.Tensor = self.model(**arguments, logits_to_keep=rows).logits
            return chosen
        logits_1TV: torch.Tensor = self.model(**arguments).logits
        return logits_1TV[:, rows]
