"""Cases of `forward`: one pass, or several over one cache, with masks, positions and outputs of every kind."""

from __future__ import annotations

import itertools
from random import Random

from bench.fuzz.case import Act, Value, chance, named, tensor, tokens
from bench.fuzz.prompts import Prompts, prompts

Options = dict[str, Value]


def forward(random: Random) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and its calls."""
    given = prompts(random, most=4)
    draw = random.random()
    if draw < 0.35 and given.length > 1:
        return "forward chunks", chunks(random, given)
    if draw < 0.5:
        return "forward loop", loop(random, given)
    return "forward once", (Act("forward", once(random, given)),)


def once(random: Random, given: Prompts) -> Options:
    """The arguments of one pass."""
    arguments = given.arguments(random)
    draw = random.random()
    if draw < 0.08:
        arguments["inputs_embeds"] = named("embedded", ids=given.rows)
        del arguments["input_ids"]
    elif draw < 0.16:
        arguments["attention_mask"] = named(
            "causal",
            batch=given.batch,
            columns=given.length,
            hide=random.randint(0, given.length // 2),
            dtype=random.choice(["bool", "float32"]),
        )
    elif draw < 0.22 and "attention_mask" not in arguments:
        arguments["positional"] = [arguments.pop("input_ids")]
    if chance(random, 0.25):
        arguments["position_ids"] = positions(random, given)
    if chance(random, 0.2):
        arguments["labels"] = tensor([[t if chance(random, 0.7) else -100 for t in row] for row in given.rows])
    arguments |= outputs(random, given)
    if chance(random, 0.1):
        arguments["past_key_values"] = (
            named("dynamic_cache") if chance(random, 0.7) else named("static_cache", length=given.length + 8)
        )
    if chance(random, 0.1):
        arguments["grad"] = True
    return arguments


def positions(random: Random, given: Prompts) -> Value:
    """As tokenizers' masks make them, shifted, one row for all, or backwards."""
    length, draw = given.length, random.random()
    if draw < 0.4 and given.mask:
        return tensor([[max(0, sum(row[: column + 1]) - 1) for column in range(length)] for row in given.mask])
    if draw < 0.7:
        start = random.randint(0, 40)
        return tensor([list(range(start, start + length))])
    if draw < 0.9:
        return tensor(
            [
                [start + column for column in range(length)]
                for start in tokens(random, given.batch)
                for start in [start % 64]
            ]
        )
    return tensor([list(reversed(range(length)))] * given.batch)


def outputs(random: Random, given: Prompts) -> Options:
    options: Options = {}
    if chance(random, 0.25):
        options["output_hidden_states"] = True
    if chance(random, 0.07):
        options["output_attentions"] = True
    if chance(random, 0.15):
        options["return_dict"] = chance(random, 0.3)
    if chance(random, 0.25):
        options["use_cache"] = chance(random, 0.4)
    if chance(random, 0.2):
        options["logits_to_keep"] = random.choice(
            [0, 1, random.randint(1, 30), tensor(sorted({random.randrange(given.length) for _ in range(3)}))]
        )
    return options


def chunks(random: Random, given: Prompts) -> tuple[Act, ...]:
    """A prompt in pieces. The mask grows with the cache, or nobody gives one."""
    cuts = sorted({0, given.length, *(random.randrange(1, given.length) for _ in range(random.randint(1, 3)))})
    acts: list[Act] = []
    masked = given.mask is not None and all(any(row[: cuts[1]]) for row in given.mask)
    for begin, end in itertools.pairwise(cuts):
        arguments: Options = {"input_ids": tensor([row[begin:end] for row in given.rows]), "use_cache": True}
        if masked and given.mask:
            arguments["attention_mask"] = tensor([row[:end] for row in given.mask])
        if begin:
            arguments["past_key_values"] = named("previous", field="cache")
        if chance(random, 0.2):
            arguments["output_hidden_states"] = True
        if begin and chance(random, 0.25):
            acts.append(between(random, given, begin))
        acts.append(Act("forward", arguments))
    return tuple(acts)


def between(random: Random, given: Prompts, length: int) -> Act:
    """What scripts do to a cache."""
    draw = random.random()
    if draw < 0.5:
        return Act("cache", {"verb": "copy"})
    if draw < 0.75:
        order = [random.randrange(given.batch) for _ in range(given.batch)]
        return Act("cache", {"verb": "reorder_cache", "beam_idx": tensor(order)})
    return Act("cache", {"verb": "crop", "count": -random.randint(0, max(0, length - 1))})


def loop(random: Random, given: Prompts) -> tuple[Act, ...]:
    """A loop by hand: the prompt, then a token at a time."""
    acts = [Act("forward", {**given.arguments(random), "use_cache": True})]
    mask = given.mask
    for _ in range(random.randint(1, 4)):
        arguments: Options = {"input_ids": tensor([tokens(random, 1) for _ in range(given.batch)])}
        if mask is not None:
            mask = [[*row, 1] for row in mask]
            arguments["attention_mask"] = tensor(mask)
        arguments |= {"past_key_values": named("previous", field="cache"), "use_cache": True}
        acts.append(Act("forward", arguments))
    return tuple(acts)
