"""What transformers says of the same model."""

from functools import cache
from pathlib import Path
from typing import Any

import torch


@cache
def loaded(directory: Path) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    return AutoModelForCausalLM.from_pretrained(directory), AutoTokenizer.from_pretrained(directory)


def tokens_of(directory: Path, text: str, *, special: bool = True) -> list[int]:
    found: list[int] = loaded(directory)[1](text, add_special_tokens=special)["input_ids"]
    return found


def greedy(directory: Path, tokens: list[int], count: int, **settings: Any) -> list[int]:
    """The tokens of the answer, an end of sequence included."""
    model, _ = loaded(directory)
    out = model.generate(torch.tensor([tokens]), do_sample=False, max_new_tokens=count, **settings)
    return [int(token) for token in out[0, len(tokens) :]]


def text_of(directory: Path, tokens: list[int]) -> str:
    return str(loaded(directory)[1].decode(tokens, skip_special_tokens=True))


def logprobs(directory: Path, prompt: list[int], answer: list[int]) -> torch.Tensor:
    """[n, V] float32: of each token's place in the answer."""
    model, _ = loaded(directory)
    with torch.inference_mode():
        logits_TV = model(torch.tensor([[*prompt, *answer]])).logits[0]
    return torch.log_softmax(logits_TV[len(prompt) - 1 : -1].float(), dim=-1)
