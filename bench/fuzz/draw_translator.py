"""Cases of models with an encoder and a decoder that take texts: `generate`, passes of both parts or of one, and bad input."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named, tensor, tokens
from bench.fuzz.draw_bad import bad_options
from bench.fuzz.draw_forward import outputs
from bench.fuzz.draw_generate import (
    callback_options,
    ending_options,
    length_options,
    mixed,
    mode_options,
    output_options,
    token_options,
)
from bench.fuzz.families import EOS, VOCABULARY
from bench.fuzz.prompts import Prompts, prompts

Options = dict[str, Value]
MODES = {"greedy": 8, "sample": 10, "beams": 3, "beam sample": 2, "lookup": 1}


def translate(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and a call of `generate`."""
    (mode,) = random.choices(list(MODES), list(MODES.values()))
    given = prompts(random)
    arguments: Options = given.arguments(random)
    if chance(random, 0.2):
        length = random.randint(1, 4)
        arguments["decoder_input_ids"] = tensor([[EOS, *tokens(random, length - 1)] for _ in range(given.batch)])
        if chance(random, 0.3):
            arguments["decoder_attention_mask"] = tensor([[1] * length] * given.batch)
    return f"translate {mode}", (Act("generate", {**arguments, **written(random, mode)}),)


def written(random: Random, mode: str) -> Options:
    """Options of `generate` for what a decoder writes."""
    options = mode_options(random, mode) | length_options(random, 1) | token_options(random, mode)
    options |= ending_options(random)
    if chance(random, 0.2):
        options |= output_options(random)
    if chance(random, 0.2):
        options |= callback_options(random)
    if chance(random, 0.1):
        options["use_cache"] = False
    return mixed(random, options)


def pass_through(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """Passes by hand: one, or a loop over the caches of both parts."""
    given = prompts(random, odd=False)
    arguments = {**given.arguments(random), "decoder_input_ids": tensor(begun(random, given))}
    if chance(random, 0.35):
        return "pass loop", loop(random, given, arguments)
    if chance(random, 0.3):
        arguments["labels"] = tensor([tokens(random, 4) for _ in range(given.batch)])
        if chance(random, 0.6):
            del arguments["decoder_input_ids"]
    arguments |= {name: value for name, value in outputs(random, given).items() if name != "logits_to_keep"}
    if chance(random, 0.1):
        arguments["grad"] = True
    return "pass once", (Act("forward", arguments),)


def begun(random: Random, given: Prompts) -> list[list[int]]:
    length = random.randint(1, 5)
    return [[EOS, *tokens(random, length - 1)] for _ in range(given.batch)]


def loop(random: Random, given: Prompts, first: Options) -> tuple[Act, ...]:
    """The encoder runs once; then a token at a time."""
    acts = [Act("forward", {**first, "use_cache": True})]
    for _ in range(random.randint(1, 3)):
        arguments: Options = {
            "encoder_outputs": named("encoded"),
            "decoder_input_ids": tensor([tokens(random, 1) for _ in range(given.batch)]),
            "past_key_values": named("previous", field="cache"),
        }
        if "attention_mask" in first:
            arguments["attention_mask"] = first["attention_mask"]
        acts.append(Act("forward", arguments))
    return tuple(acts)


def wrong(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """What cannot be."""
    row = tokens(random, random.randint(1, 6))
    if chance(random, 0.4):
        name, options = bad_options(random)
        return f"bad translate {name}", (Act("generate", {"max_new_tokens": 3, **options}),)
    draws: dict[str, Options] = {
        "beyond": {"input_ids": tensor([[*row, random.choice([VOCABULARY, 2**40, -1])]])},
        "empty": {"input_ids": named("empty", shape=[1, 0])},
        "mask short": {"input_ids": tensor([[5, *row]]), "attention_mask": tensor([[1] * len(row)])},
        "mask zero": {"input_ids": tensor([row]), "attention_mask": tensor([[0] * len(row)])},
        "float": {"input_ids": tensor([row], "float32")},
        "decoder beyond": {"input_ids": tensor([row]), "decoder_input_ids": tensor([[EOS, VOCABULARY + 9]])},
        "decoder rows": {"input_ids": tensor([row]), "decoder_input_ids": tensor([[EOS]] * 2)},
        "decoder empty": {"input_ids": tensor([row]), "decoder_input_ids": named("empty", shape=[1, 0])},
        "unknown": {"input_ids": tensor([row]), "mast": 3},
    }
    name = random.choice(list(draws))
    return f"bad translate {name}", (Act("generate", {"max_new_tokens": 3, **draws[name]}),)
