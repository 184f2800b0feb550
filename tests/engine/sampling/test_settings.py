"""What is refused at the door, and with what."""

import math
from typing import Any

import pytest

from aweigh.engine.core import ModelSpec
from aweigh.engine.sampling.group import group_of
from aweigh.engine.sampling.settings import settings_from
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb

MODEL = ModelSpec("m", b"s", b"i", 16, vocabulary_size=100)


def settings(**fields: Any) -> pb.SamplingSettings:
    return pb.SamplingSettings(**{"do_sample": True, "max_new_tokens": 5, **fields})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"temperature": math.nan}, "temperature"),
        ({"temperature": math.nan, "do_sample": False}, "temperature"),
        ({"temperature": 0.0}, "do_sample"),
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": math.inf}, "temperature"),
        ({"top_p": 2.0}, "top_p"),
        ({"top_p": -0.1}, "top_p"),
        ({"min_p": 1.5}, "min_p"),
        ({"typical_p": 0.0}, "typical_p"),
        ({"epsilon_cutoff": -0.1}, "epsilon_cutoff"),
        ({"top_h": 0.0}, "top_h"),
        ({"repetition_penalty": 0.0}, "repetition_penalty"),
        ({"repetition_penalty": -math.inf}, "repetition_penalty"),
        ({"presence_penalty": math.nan}, "presence_penalty"),
        ({"max_time": -1.0}, "max_time"),
        ({"max_new_tokens": 0}, "max_new_tokens"),
        ({"max_new_tokens": 2**40}, "max_new_tokens"),
        ({"bad_words": [pb.TokenSequence(tokens=[100])]}, "bad_words"),
        ({"bad_words": [pb.TokenSequence(tokens=[])]}, "bad_words"),
        ({"bad_words": [pb.TokenSequence(tokens=[1])] * 5000}, "bad_words"),
        ({"sequence_bias": [pb.SequenceBias(sequence=pb.TokenSequence(tokens=[1]), bias=math.nan)]}, "sequence_bias"),
        ({"forced_bos_token": 100}, "forced_bos_token"),
        ({"forced_eos_tokens": [-1]}, "forced_eos_tokens"),
        ({"suppress_tokens": range(2000)}, "suppress_tokens"),
        ({"stop_strings": ["x"] * 1_000_000}, "stop strings"),
        ({"stop_strings": [""]}, "stop string"),
        ({"stop_strings": ["x" * 5000]}, "stop string"),
        ({"exponential_decay_start": 1.0, "exponential_decay_factor": math.nan}, "exponential_decay"),
    ],
)
def test_refused_with_the_fields_name(fields: dict[str, Any], name: str) -> None:
    with pytest.raises(InvalidRequest, match=name) as caught:
        settings_from(settings(**fields), 100)
    assert len(str(caught.value)) < 200


def test_greedy_ignores_what_only_sampling_reads() -> None:
    read = settings_from(settings(do_sample=False, temperature=0.0, top_p=7.0), 100)
    assert read.temperature is None and read.top_p is None


@pytest.mark.parametrize(
    ("request_fields", "words"),
    [
        ({"prompts": []}, "prompt"),
        ({"prompts": [pb.Prompt(tokens=[])]}, "prompt"),
        ({"prompts": [pb.Prompt(tokens=[0, 0], left_padding=2)]}, "prompt"),
        ({"prompts": [pb.Prompt(tokens=[1], left_padding=2**32 - 1)]}, "prompt"),
        ({"prompts": [pb.Prompt(tokens=[100])]}, "0 to 99"),
        ({"prompts": [pb.Prompt(tokens=[-1])]}, "0 to 99"),
        ({"num_return_sequences": 10**9}, "rows"),
        ({"prompts": [pb.Prompt(tokens=[1])] * 2000}, "rows"),
        ({"logprobs": 10**6}, "logprobs"),
        ({"deadline": math.nan}, "deadline"),
        ({"deadline": 0.0}, "deadline"),
        ({"deadline": math.inf}, "deadline"),
        ({"seed": None, "torch_generator": b"short"}, "generator"),
        ({"sampling": settings(), "seed": None}, "seed"),
        ({"sampling": settings(stop_strings=["x"]), "seed": 1}, "tokenizer"),
        ({"sampling": settings(stop_strings=["x"]), "seed": 1, "tokenizer_directory": "/nowhere"}, "tokenizer"),
    ],
)
def test_groups_are_refused(request_fields: dict[str, Any], words: str) -> None:
    fields = {"prompts": [pb.Prompt(tokens=[1, 2])], "sampling": settings(), "seed": 1, **request_fields}
    with pytest.raises(InvalidRequest, match=words):
        group_of(1, "", pb.GenerateRequest(**fields), MODEL, 0.0)


def test_rows_repeat_in_place_and_share_prompts() -> None:
    prompts = [pb.Prompt(tokens=[0, 5, 6], left_padding=1), pb.Prompt(tokens=[7, 8, 9]), pb.Prompt(tokens=[5, 6])]
    message = pb.GenerateRequest(prompts=prompts, sampling=settings(), seed=1, num_return_sequences=2, deadline=3.0)
    group = group_of(4, "l", message, MODEL, 10.0)
    assert [list(row.sequence.tokens) for row in group.rows] == [[5, 6]] * 2 + [[7, 8, 9]] * 2 + [[5, 6]] * 2
    assert [row.copy_of for row in group.rows] == [0, 0, 2, 2, 0, 0]
    assert group.deadline == 13.0 and group.prompt_length == 3
