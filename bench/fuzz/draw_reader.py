"""Cases of models that read a text and answer at once: passes, and the pipelines of their tasks."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named, tensor
from bench.fuzz.draw_pipeline import text
from bench.fuzz.families import FAMILIES, VOCABULARY
from bench.fuzz.prompts import Prompts, prompts

Options = dict[str, Value]


def read(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and one pass or two: the second of other sizes, by the same Program if there is one."""
    name, extra = options(random, family)
    acts = []
    for _ in range(random.randint(1, 2)):
        given = prompts(random, odd=chance(random, 0.3), most=4)
        arguments = {**given.arguments(random), **extra}
        if name == "embeddings":
            arguments["inputs_embeds"] = named("embedded", ids=arguments.pop("input_ids")["data"])
        if name == "labels":
            arguments["labels"] = labels(random, family, given)
        if name == "segments":
            arguments["token_type_ids"] = tensor([[column % 2 for column in range(given.length)]] * given.batch)
        if name == "positions":
            arguments["position_ids"] = tensor([list(reversed(range(given.length)))])
        if name == "beyond":
            arguments["input_ids"] = tensor([[VOCABULARY + random.randint(1, 9)] * given.length] * given.batch)
        acts.append(Act("forward", arguments))
    return f"read {name}", tuple(acts)


def options(random: Random, family: str) -> tuple[str, Options]:
    """What is asked for besides the answer."""
    draws: dict[str, tuple[float, Options]] = {
        "plainly": (5, {}),
        "hidden states": (2, {"output_hidden_states": True}),
        "attentions": (1, {"output_attentions": True}),
        "tuple": (1, {"return_dict": False}),
        "gradients": (1, {"grad": True}),
        "labels": (1, {}),
        "segments": (1, {}),
        "positions": (1, {}),
        "embeddings": (1, {}),
        "beyond": (0.5, {}),
        "unknown": (0.5, {"mast": 3}),
    }
    (name,) = random.choices(list(draws), [weight for weight, _ in draws.values()])
    return name, draws[name][1]


def labels(random: Random, family: str, given: Prompts) -> Value:
    """As the head wants them."""
    if FAMILIES[family].task in ("text-classification", "zero-shot-classification"):
        return tensor([random.randrange(2) for _ in range(given.batch)])
    return tensor([[token % 3 for token in row] for row in given.rows])


def ask(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """The pipeline of the family's task; a pass where it has none."""
    task = FAMILIES[family].task
    if not task:
        return read(random, family)
    said: Options = {}
    words = masked if task == "fill-mask" else text
    inputs: Value = words(random) if chance(random, 0.4) else [words(random) for _ in range(random.randint(1, 4))]
    if isinstance(inputs, list) and chance(random, 0.5):
        said["batch_size"] = random.randint(1, 3)
    draws: dict[str, list[Options]] = {
        "feature-extraction": [{}, {}, {"return_tensors": True}],
        "text-classification": [{}, {"top_k": None}, {"top_k": 2}, {"function_to_apply": "none"}],
        "token-classification": [{}, {"aggregation_strategy": "simple"}, {"aggregation_strategy": "max"}],
        "fill-mask": [{}, {"top_k": 2}],
        "zero-shot-classification": [
            {"candidate_labels": ["sea", "land"]},
            {"candidate_labels": ["sea"], "multi_label": True},
            {"candidate_labels": "sea, land, sky", "hypothesis_template": "It is {}."},
        ],
    }
    said |= random.choice(draws[task])
    return f"pipeline {task}", (Act("pipeline", {"inputs": inputs, **said}),)


def masked(random: Random) -> str:
    return f"{text(random)} <mask>{text(random)}"
