"""The oracle: transformers itself, on a tiny random model that was saved to disk and read back."""

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import CONFIG_MAPPING, GenerationConfig

from aweigh.compiler.capture.instantiate import effective_config, modelling_class
from aweigh.compiler.coverage.shrink import shrink

NEW_TOKENS = 32
_PROMPT_LENGTHS = (41, 23)
_DEVIATION = 0.08


def tiny_config(model_type: str) -> tuple[Any, Any]:
    """Returns the modelling class of that type and a tiny configuration for it.

    Raises whatever the configuration class raises on values that it refuses.
    """
    config_class = CONFIG_MAPPING[model_type]
    config = config_class.from_dict(shrink(config_class().to_dict()))
    return modelling_class(config), effective_config(config)


def save_tiny_model(model_class: Any, config: Any, directory: Path) -> None:
    """Saves a float32 model with random weights, large enough that its logits are told apart."""
    torch.manual_seed(0)
    model = model_class._from_config(config, dtype=torch.float32)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, _DEVIATION)
            else:
                parameter.add_(torch.randn_like(parameter) * _DEVIATION)
    model.generation_config = GenerationConfig()
    model.save_pretrained(directory)


class Oracle:
    """The model of a directory, as a script would load it."""

    def __init__(self, model_class: Any, directory: Path) -> None:
        self.model = model_class.from_pretrained(directory, dtype=torch.float32).eval()
        self.model.generation_config = GenerationConfig(pad_token_id=0)
        self._takes_positions = "position_ids" in inspect.signature(self.model.forward).parameters
        vocabulary = self.model.config.get_text_config(decoder=True).vocab_size
        generator = torch.Generator().manual_seed(1)
        self.prompts = [torch.randint(8, vocabulary, (n,), generator=generator).tolist() for n in _PROMPT_LENGTHS]

    def logits(self, tokens: Sequence[int]) -> torch.Tensor:
        """Logits [T, V] of one sequence, positions as `generate` gives them."""
        arguments: dict[str, Any] = {"input_ids": torch.tensor([tokens])}
        if self._takes_positions:
            arguments["position_ids"] = torch.arange(len(tokens))[None]
        with torch.no_grad():
            logits: torch.Tensor = self.model(**arguments).logits[0]
        return logits

    def greedy(self, tokens: Sequence[int]) -> list[int]:
        """The next `NEW_TOKENS` tokens by `generate`."""
        ids = torch.tensor([tokens])
        with torch.no_grad():
            out = self.model.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=False, num_beams=1, max_new_tokens=NEW_TOKENS
            )
        return [int(token) for token in out[0, len(tokens) :]]

    def gap(self, tokens: Sequence[int]) -> float:
        """Distance of the two best logits after `tokens`."""
        best = self.logits(tokens)[-1].topk(2).values
        return float(best[0] - best[1])
