"""Callbacks as scripts write them. Each notes what it was given: a script can see that, so it is compared."""

from typing import Any

import torch
from transformers import LogitsProcessor, StoppingCriteria
from transformers.generation.streamers import BaseStreamer


class Ban(LogitsProcessor):  # type: ignore[misc]
    def __init__(self, tokens: list[int], observed: list[Any]) -> None:
        self.tokens, self.observed = tokens, observed

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.observed.append([list(input_ids.shape), list(scores.shape)])
        scores[:, self.tokens] = -float("inf")
        return scores


class Shift(LogitsProcessor):  # type: ignore[misc]
    """Raises the token after the last one."""

    def __init__(self, by: float, observed: list[Any]) -> None:
        self.by, self.observed = by, observed

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.observed.append(input_ids[:, -1].tolist())
        scores = scores.clone()
        scores[torch.arange(len(scores)), (input_ids[:, -1] + 1) % scores.shape[-1]] += self.by
        return scores


class StopAfter(StoppingCriteria):  # type: ignore[misc]
    def __init__(self, calls: int, observed: list[Any]) -> None:
        self.calls, self.observed = calls, observed

    def __call__(self, input_ids: torch.Tensor, scores: Any, **kwargs: Any) -> torch.Tensor:
        self.calls -= 1
        self.observed.append(list(input_ids.shape))
        return torch.full((input_ids.shape[0],), self.calls <= 0)


class Recorder(BaseStreamer):  # type: ignore[misc]
    def __init__(self, observed: list[Any]) -> None:
        self.observed = observed

    def put(self, value: Any) -> None:
        self.observed.append(value)

    def end(self) -> None:
        self.observed.append("end")
