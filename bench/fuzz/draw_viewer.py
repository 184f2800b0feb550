"""Cases of models that see: passes over pixels."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named, tensor
from bench.fuzz.families import IMAGE


def view(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and one pass or two of other sizes."""
    extra: dict[str, Value] = random.choice(
        [
            {},
            {},
            {},
            {"output_hidden_states": True},
            {"output_attentions": True},
            {"return_dict": False},
            {"grad": True},
        ]
    )
    side = IMAGE if chance(random, 0.85) else random.choice([IMAGE * 2, IMAGE - 8, 5])
    channels = 3 if chance(random, 0.95) else 1
    acts = []
    for _ in range(random.randint(1, 2)):
        batch = random.randint(1, 5)
        pixels = named("normal", seed=random.randrange(1000), shape=[batch, channels, IMAGE, side])
        if chance(random, 0.1):
            pixels["dtype"] = random.choice(["float64", "bfloat16"])
        arguments = {"pixel_values": pixels, **extra}
        if chance(random, 0.1):
            arguments["labels"] = tensor([random.randrange(3) for _ in range(batch)])
        acts.append(Act("forward", arguments))
    return "view", tuple(acts)
