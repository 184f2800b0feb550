"""Cases of bad input: what cannot be is refused, with the oracle's words or a typed error of ours, and the process goes on."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, named, tensor, tokens
from bench.fuzz.families import CONTEXT, VOCABULARY


def bad(random: Random) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and two calls: the bad one ends the case, so that a good one goes first."""
    call = random.choice(["generate", "generate", "forward", "pipeline"])
    if call == "pipeline":
        name, arguments = bad_pipeline(random)
        return f"bad pipeline {name}", (Act("pipeline", arguments),)
    name, arguments = random.choice([bad_ids, bad_options])(random) if call == "generate" else bad_ids(random)
    if call == "generate":
        arguments = {"max_new_tokens": random.randint(1, 4), **arguments}
    return f"bad {call} {name}", (Act(call, arguments),)


def bad_ids(random: Random) -> tuple[str, dict[str, Value]]:
    length = random.randint(1, 9)
    row = tokens(random, length)
    where, beyond = random.randrange(length), [*row]
    beyond[where] = random.choice([VOCABULARY, VOCABULARY + 1, 2**31, 2**62, -1, -100])
    ones: list[Value] = [[1] * length]
    draws: dict[str, dict[str, Value]] = {
        "empty": {"input_ids": named("empty", shape=random.choice([[1, 0], [0, 4], [0, 0], [2, 0]]))},
        "beyond": {"input_ids": tensor([beyond])},
        "float": {"input_ids": tensor([row], random.choice(["float32", "float64", "bfloat16"]))},
        "narrow": {"input_ids": tensor([row], random.choice(["uint8", "int16"]))},
        "bool": {"input_ids": tensor([[token % 2 == 0 for token in row]], "bool")},
        "complex": {"input_ids": tensor([row], "complex64")},
        "flat": {"input_ids": tensor(row)},
        "deep": {"input_ids": tensor([[row]])},
        "scalar": {"input_ids": tensor(5)},
        "long": {"input_ids": tensor([tokens(random, CONTEXT + random.randint(1, 60))])},
        "list": {"input_ids": [row]},
        "text": {"input_ids": "weigh"},
        "none": {"input_ids": None},
        "mask short": {"input_ids": tensor([row]), "attention_mask": tensor([[1] * max(1, length - 1)])},
        "mask long": {"input_ids": tensor([row]), "attention_mask": tensor([[1] * (length + 2)])},
        "mask rows": {"input_ids": tensor([row]), "attention_mask": tensor(ones * 2)},
        "mask zero": {"input_ids": tensor([row]), "attention_mask": tensor([[0] * length])},
        "mask flat": {"input_ids": tensor([row]), "attention_mask": tensor([1] * length)},
        "mask NaN": {"input_ids": tensor([row]), "attention_mask": tensor([[float("nan")] * length], "float32")},
        "positions short": {"input_ids": tensor([row]), "position_ids": tensor([list(range(max(1, length - 1)))])},
        "positions negative": {"input_ids": tensor([row]), "position_ids": tensor([[-5] * length])},
        "positions far": {"input_ids": tensor([row]), "position_ids": tensor([[10**6] * length])},
        "unknown": {"input_ids": tensor([row]), "mast": 3},
        "labels short": {"input_ids": tensor([row]), "labels": tensor([row[:-1] or [1, 2]])},
    }
    name = random.choice(list(draws))
    return name, draws[name]


def bad_options(random: Random) -> tuple[str, dict[str, Value]]:
    nan = float("nan")
    draws: dict[str, list[dict[str, Value]]] = {
        "length": [{"max_new_tokens": count} for count in (0, -1, 2.5, "many", 2**40)]
        + [{"max_length": 1}, {"min_length": -1}, {"min_new_tokens": 50}, {"min_length": 2**40}],
        "temperature": [{"do_sample": True, "temperature": value} for value in (0.0, -1.0, nan, float("inf"), "hot")],
        "top_k": [{"do_sample": True, "top_k": value} for value in (-3, 2.5, 2**40, "some")],
        "top_p": [{"do_sample": True, "top_p": value} for value in (-0.1, 0.0, 2.0, nan)],
        "min_p": [{"do_sample": True, "min_p": value} for value in (-0.1, 1.5)],
        "typical": [{"do_sample": True, "typical_p": value} for value in (0.0, 1.5, -1.0)],
        "cutoffs": [{"do_sample": True, name: 1.5} for name in ("epsilon_cutoff", "eta_cutoff")],
        "repetition": [{"repetition_penalty": value} for value in (0.0, -1.0, nan, "much")],
        "ngram": [{"no_repeat_ngram_size": value} for value in (-1, 2**20, 1.5)],
        "words": [{"bad_words_ids": value} for value in ([], [[]], [[-1]], [[10**6]], [5], "no")],
        "bias": [{"sequence_bias": value} for value in ([], [[[10**6], 1.0]], [[[5], "x"]], {}, [[[], 1.0]])],
        "eos": [{"eos_token_id": value} for value in (10**12, -1, [], [1, -1], 1.5, "end")],
        "pad": [{"eos_token_id": 5, "pad_token_id": value} for value in (10**6, -1)],
        "suppress": [{name: [10**6]} for name in ("suppress_tokens", "begin_suppress_tokens")],
        "forced": [{name: 10**6} for name in ("forced_bos_token_id", "forced_eos_token_id")],
        "sequences": [{"num_return_sequences": value} for value in (0, -1, 3, 1.5)],
        "beams": [{"num_beams": value} for value in (0, -1, 1.5, "wide")],
        "beam sequences": [{"num_beams": 2, "num_return_sequences": 3}],
        "beam streamer": [{"num_beams": 2, "streamer": named("recorder")}],
        "decay": [{"exponential_decay_length_penalty": value} for value in ([], [1], [-5, 1.1], ["a", 1.1])],
        "stop": [{"stop_strings": value} for value in ("e", [], [""], [5])],
        "unknown": [{"max_new_token": 5}, {"temperture": 1.0}],
        "criteria": [{"stopping_criteria": value} for value in (5, [5])],
        "processors": [{"logits_processor": value} for value in (5, [5])],
        "config": [{"generation_config": value} for value in (5, {"max_new_tokens": 3})],
        "lookup": [{"prompt_lookup_num_tokens": value} for value in (0, -1, "x")],
        "watermark": [{"watermarking_config": {"bias": 2.0}}, {"watermarking_config": {"nonsense": 1}}],
        "cache": [{"past_key_values": value} for value in (5, [], named("model", family="llama"))],
    }
    name = random.choice(list(draws))
    return name, {"input_ids": tensor([tokens(random, random.randint(1, 6))]), **random.choice(draws[name])}


def bad_pipeline(random: Random) -> tuple[str, dict[str, Value]]:
    draws: dict[str, dict[str, Value]] = {
        "empty text": {"inputs": ""},
        "empty list": {"inputs": []},
        "number": {"inputs": 5},
        "numbers": {"inputs": [5, 6]},
        "none": {"inputs": None},
        "chat without roles": {"inputs": [{"content": "a"}]},
        "long": {"inputs": "weigh " * 80},
        "long with a hole": {"inputs": "weigh " * 80, "handle_long_generation": "hole"},
        "unknown handling": {"inputs": "a", "handle_long_generation": "cut"},
        "two returns": {"inputs": "a", "return_full_text": True, "return_tensors": True},
        "unknown": {"inputs": "a", "nonsense": 5},
        "batch 0": {"inputs": ["a", "b"], "batch_size": 0},
        "batch -1": {"inputs": ["a", "b"], "batch_size": -1},
    }
    name = random.choice(list(draws))
    return name, {"max_new_tokens": random.randint(1, 4), **draws[name]}
