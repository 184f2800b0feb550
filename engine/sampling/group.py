"""From a GenerateRequest to a RequestGroup: the one place where a `generate` call's message is read."""

import math
from collections.abc import Sequence as Items
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from aweigh.engine.core import Memory, ModelSpec, RequestGroup, Row, Sequence, Tokens, tokens_of
from aweigh.engine.sampling.chain import chain_of
from aweigh.engine.sampling.counter_random import CounterRandom
from aweigh.engine.sampling.grammar import grammar_of
from aweigh.engine.sampling.history import History
from aweigh.engine.sampling.sampler import GroupSampler
from aweigh.engine.sampling.script_random import ScriptRandom
from aweigh.engine.sampling.settings import MOST_LOGPROBS, SamplingSettings, settings_from
from aweigh.engine.sampling.stop_strings import StopStrings, TokenTexts
from aweigh.engine.sampling.stopping import StoppingRules
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb

MOST_ROWS = 1024
MOST_CELLS = 1 << 22  # rows x prompt length
MOST_REPORTED = (
    1 << 18
)  # rows x logprobs: 3 MiB a token, so that one step's events stay far below what a stream may carry


def group_of(
    request: int,
    lease: str,
    message: pb.GenerateRequest,
    model: ModelSpec,
    now: float,
    tokenizer_directory: str = "",
    memories: Items[Memory] = (),
) -> RequestGroup:
    """Validates a message against a model and builds its group, caps before allocation. `memories`: one per prompt, or none.

    `tokenizer_directory` is where tokenizer.json stands if the message names no place (the model's directory). May read that file.
    Raises InvalidRequest.
    """
    copies = message.num_return_sequences or 1
    prompts = message.prompts
    if not prompts:
        raise InvalidRequest("a call needs at least one prompt")
    if len(prompts) * copies > MOST_ROWS:
        raise InvalidRequest(f"a call may have {MOST_ROWS} rows, but {len(prompts)} prompts x {copies} came: split it")
    length = max(len(prompt.tokens) for prompt in prompts)
    if len(prompts) * copies * length > MOST_CELLS:
        raise InvalidRequest("the prompts of one call are too long together: split it")
    settings = settings_from(message.sampling, model.vocabulary_size)
    if message.logprobs > MOST_LOGPROBS:
        raise InvalidRequest(f"logprobs may be at most {MOST_LOGPROBS}, but is {message.logprobs}")
    if len(prompts) * copies * message.logprobs > MOST_REPORTED:
        raise InvalidRequest(f"rows x logprobs may be at most {MOST_REPORTED}: ask for fewer of one of them")
    if message.HasField("deadline") and not 0 < message.deadline < math.inf:
        raise InvalidRequest(f"deadline must be seconds above 0, but is {message.deadline}")
    random = _random(message, settings)
    rows, padding = _rows(message, model, copies, length, memories)
    chain = chain_of(settings, length)
    looks_back = any(link.looks_back for link in chain)
    history = History(_padded(message, copies, length, settings) if looks_back else None, length, padding)
    untouched = message.torch_generator if random is None else b""
    grammar = None
    if message.HasField("grammar"):
        path = Path(_tokenizer_place(message, tokenizer_directory, "grammars"), "tokenizer.json")
        grammar = grammar_of(message.grammar, path, settings.eos_tokens, len(rows))
    sampler = GroupSampler(chain, random, history, len(rows), message.logprobs, untouched, grammar)
    stopping = StoppingRules(settings, _stop_strings(message, settings, tokenizer_directory))
    deadline = now + message.deadline if message.HasField("deadline") else None
    return RequestGroup(request, lease, model, rows, length, sampler, stopping, deadline, now)


def _rows(
    message: pb.GenerateRequest, model: ModelSpec, copies: int, length: int, memories: Items[Memory]
) -> tuple[list[Row], list[int]]:
    """Rows without pads, and each one's left padding: shorter prompts are padded on the left."""
    rows: list[Row] = []
    padding: list[int] = []
    leaders: dict[bytes, int] = {}
    for number, prompt in enumerate(message.prompts):
        memory = memories[number] if memories else None
        left = length - len(prompt.tokens) + prompt.left_padding
        if left >= length:
            raise InvalidRequest("a prompt needs at least one token that is no padding")
        given = tokens_of(prompt.tokens)
        _check(given, model.vocabulary_size)
        text = given[prompt.left_padding :]
        leader = leaders.setdefault((memory.digest if memory else b"") + text.tobytes(), len(rows))
        for _ in range(copies):
            rows.append(Row(len(rows), Sequence(model, text[:], memory=memory), leader))
            padding.append(left)
    return rows, padding


def _padded(message: pb.GenerateRequest, copies: int, length: int, settings: SamplingSettings) -> Tensor:
    """prompts_NP as transformers' `input_ids` has them."""
    pad = settings.pad_token if settings.pad_token is not None else (settings.eos_tokens or (0,))[0]
    rows = [[max(pad, 0)] * (length - len(prompt.tokens)) + list(prompt.tokens) for prompt in message.prompts]
    return torch.tensor(rows, dtype=torch.int64).repeat_interleave(copies, dim=0)


def _check(tokens: Tokens, vocabulary_size: int) -> None:
    if min(tokens) < 0 or (vocabulary_size and max(tokens) >= vocabulary_size):
        raise InvalidRequest(
            f"prompt token ids must be 0 to {vocabulary_size - 1 if vocabulary_size else 'the vocabulary size'}"
        )


def _random(message: pb.GenerateRequest, settings: SamplingSettings) -> ScriptRandom | CounterRandom | None:
    if not settings.do_sample:
        return None
    match message.WhichOneof("randomness"):
        case "torch_generator":
            return ScriptRandom(message.torch_generator)
        case "seed":
            return CounterRandom(message.seed)
        case _:
            raise InvalidRequest("sampling needs a seed or the state of a torch generator")


def _stop_strings(message: pb.GenerateRequest, settings: SamplingSettings, directory: str) -> StopStrings | None:
    if not settings.stop_strings:
        return None
    path = Path(_tokenizer_place(message, directory, "stop strings"), "tokenizer.json")
    try:
        modified = path.stat().st_mtime_ns
    except (OSError, ValueError):
        raise InvalidRequest(f"stop strings need a tokenizer, but there is no {str(path)!r}") from None
    return StopStrings(_texts(path, modified), settings.stop_strings)


def _tokenizer_place(message: pb.GenerateRequest, directory: str, what: str) -> str:
    place = message.tokenizer_directory or directory
    if not place:
        raise InvalidRequest(f"{what} need a tokenizer: name its directory")
    return place


@lru_cache(maxsize=8)
def _texts(path: Path, modified: int) -> TokenTexts:
    return TokenTexts(path)
