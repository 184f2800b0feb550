"""Cases of `pipeline("text-generation")`."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named
from bench.fuzz.draw_generate import callback_options, ending_options, mode_options, token_options

WORDS = [
    "one",
    "two",
    "three",
    "sea",
    "anchor",
    "weigh",
    "tide",
    "rope",
    "42",
    "hull\nkeel",
    "under",
    "way",
    "naïve",
    "œuvre",
    "⚓",
]
MODES = ("greedy", "sample", "sample", "beams")


def pipeline(random: Random) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and one call."""
    mode = random.choice(MODES)
    options: dict[str, Value] = {**mode_options(random, mode), "max_new_tokens": random.randint(1, 8)}
    if chance(random, 0.3):
        options |= token_options(random, mode)
    if chance(random, 0.4):
        options |= ending_options(random)
        options.pop("tokenizer", None)
    if chance(random, 0.08):
        options |= callback_options(random)
    options |= shape_options(random)
    draw = random.random()
    if draw < 0.3:
        inputs, shape = text(random), "one"
    elif draw < 0.55:
        inputs, shape = [text(random) for _ in range(random.randint(1, 4))], "list"
    elif draw < 0.7:
        inputs, shape = named("one_by_one", items=[text(random) for _ in range(random.randint(1, 3))]), "generator"
    elif draw < 0.85:
        inputs, shape = chat(random), "chat"
    else:
        inputs, shape = [chat(random) for _ in range(2)], "chats"
    if shape in ("list", "generator", "chats") and chance(random, 0.5):
        options["batch_size"] = random.randint(1, 4)
    return f"pipeline {shape}", (Act("pipeline", {"inputs": inputs, **options}),)


def shape_options(random: Random) -> dict[str, Value]:
    """How the answer is given."""
    options: dict[str, Value] = {}
    draw = random.random()
    if draw < 0.25:
        options["return_full_text"] = chance(random, 0.4)
    elif draw < 0.35:
        options["return_tensors"] = True
    elif draw < 0.4:
        options["return_text"] = True
    if chance(random, 0.1):
        options["handle_long_generation"] = "hole"
    if chance(random, 0.1):
        options["clean_up_tokenization_spaces"] = chance(random, 0.5)
    if chance(random, 0.06):
        options["prefix"] = "weigh: "
    if chance(random, 0.06):
        options |= {"truncation": True, "max_length": 9}
    if chance(random, 0.06):
        options["add_special_tokens"] = chance(random, 0.5)
    return options


def text(random: Random) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 5)))


def chat(random: Random) -> list[Value]:
    """Messages; now and then the last is the assistant's, to go on with."""
    roles = ["user"] + (["assistant", "user"] if chance(random, 0.3) else [])
    if chance(random, 0.3):
        roles.insert(0, "system")
    if chance(random, 0.15):
        roles.append("assistant")
    return [{"role": role, "content": text(random)} for role in roles]
