"""Whatever a message says, it becomes a group that samples or fails alone, or an InvalidRequest: nothing else is ever raised."""

import random
from typing import Any

import pytest
import torch
from google.protobuf.message import DecodeError

from aweigh.engine.core import ModelSpec
from aweigh.engine.sampling.group import group_of
from aweigh.engine.sampling.sample import sample
from aweigh.engine.schedule.instructions import PlanSample
from aweigh.proto.errors import AweighError, InvalidRequest
from aweigh.proto.v1 import generation_pb2 as pb

V = 40
NUMBERS = [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 1e300, 5e-324, 2.0]
TOKENS = [0, 1, 5, V - 1, V, -1, 2**31, 2**63 - 1, -(2**63)]
COUNTS = [0, 1, 2, 3, 5, 64, 2**31, 2**32 - 1]


def message(generator: random.Random) -> pb.GenerateRequest:
    """Mostly sound, with a few wild values."""

    def tokens() -> list[int]:
        wild = generator.random() < 0.1
        return [generator.choice(TOKENS) if wild else generator.randrange(V) for _ in range(generator.randrange(1, 4))]

    made = pb.GenerateRequest(sampling=pb.SamplingSettings(max_new_tokens=generator.choice([1, 3, 9])))
    for _ in range(generator.choice([1, 1, 2])):
        made.prompts.append(pb.Prompt(tokens=tokens(), left_padding=generator.choice([0, 0, 0, 1, 2**31])))
    made.seed = generator.getrandbits(64)
    settings: Any = made.sampling
    settings.do_sample = generator.random() < 0.7
    for field in settings.DESCRIPTOR.fields:
        if generator.random() > 0.15 or field.name in ("do_sample", "stop_strings"):
            continue
        if field.name in ("bad_words", "sequence_bias"):
            entry = getattr(settings, field.name).add()
            (entry if field.name == "bad_words" else entry.sequence).tokens.extend(tokens())
            if field.name == "sequence_bias":
                entry.bias = generator.choice(NUMBERS)
        elif field.is_repeated:
            getattr(settings, field.name).extend(tokens())
        elif field.type == field.TYPE_DOUBLE:
            setattr(settings, field.name, generator.choice(NUMBERS if generator.random() < 0.3 else [0.3, 0.9]))
        elif field.type == field.TYPE_BOOL:
            setattr(settings, field.name, generator.random() < 0.5)
        elif field.type == field.TYPE_INT64:
            setattr(settings, field.name, generator.choice(TOKENS))
        else:
            setattr(settings, field.name, generator.choice(COUNTS))
    return made


@pytest.mark.parametrize("vocabulary", [0, V])
def test_wild_messages(vocabulary: int) -> None:
    model = ModelSpec("m", b"s", b"i", 16, vocabulary_size=vocabulary)
    outcomes = {"refused": 0, "failed": 0, "sampled": 0}
    for seed in range(700):
        generator = random.Random(seed)
        try:
            group = group_of(1, "", message(generator), model, 0.0)
        except InvalidRequest as error:
            outcomes["refused"] += 1
            assert len(str(error)) < 250
            continue
        rows = tuple(range(len(group.rows)))
        if len(rows) > 8:
            continue
        logits_RV = torch.randn(len(rows), V, generator=torch.Generator().manual_seed(seed))
        for _ in range(3):
            (answer,) = sample([PlanSample(1, 0, rows, group.sampler)], logits_RV)
            if answer.failure is not None:
                assert isinstance(answer.failure, AweighError)
                outcomes["failed"] += 1
                break
            assert len(answer.tokens) == len(rows) and all(0 <= token < V for token in answer.tokens)
        else:
            outcomes["sampled"] += 1
    assert min(outcomes.values()) > 5, outcomes


def test_mutated_bytes() -> None:
    model = ModelSpec("m", b"s", b"i", 16, vocabulary_size=V)
    for seed in range(700):
        generator = random.Random(seed)
        data = bytearray(message(generator).SerializeToString())
        for _ in range(generator.randrange(1, 4)):
            data[generator.randrange(len(data))] = generator.randrange(256)
        try:
            group_of(1, "", pb.GenerateRequest.FromString(bytes(data)), model, 0.0)
        except (DecodeError, InvalidRequest):
            continue
