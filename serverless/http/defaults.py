"""What a model's own files say about how it is asked: ends of sequence and settings for sampling."""

from dataclasses import dataclass
from typing import Any

from aweigh.serverless.http.tokenizer import Tokenizer, read_json, special_text


@dataclass(frozen=True, slots=True)
class Defaults:
    """Of generation_config.json, where it says something; `ends` are tokens that end a text."""

    ends: tuple[int, ...] = ()
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None

    @staticmethod
    def of(files: dict[str, bytes], tokenizer: Tokenizer) -> "Defaults":
        generation = read_json(files, "generation_config.json")
        ends = (_tokens(said.get("eos_token_id")) for said in (generation, read_json(files, "config.json")))
        found = next((tokens for tokens in ends if tokens), ())
        if not found:
            token = tokenizer.id_of(special_text(read_json(files, "tokenizer_config.json"), "eos_token"))
            found = () if token is None else (token,)
        top_k = generation.get("top_k")
        return Defaults(
            ends=found,
            temperature=_number(generation, "temperature", 0.0, 100.0),
            top_p=_number(generation, "top_p", 0.0, 1.0),
            top_k=top_k if isinstance(top_k, int) and 0 < top_k < 1 << 31 else None,
            min_p=_number(generation, "min_p", 0.0, 1.0),
            repetition_penalty=_number(generation, "repetition_penalty", 0.0, 1e4),
        )


def _tokens(said: Any) -> tuple[int, ...]:
    tokens = said if isinstance(said, list) else [said]
    return tuple(token for token in tokens if isinstance(token, int) and token >= 0)


def _number(said: dict[str, Any], name: str, low: float, high: float) -> float | None:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) and low < value <= high else None
