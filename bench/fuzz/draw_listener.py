"""Cases of models that hear: `generate` from features, passes, and `pipeline("automatic-speech-recognition")`."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Act, Value, chance, named, tensor, tokens
from bench.fuzz.draw_translator import MODES, written
from bench.fuzz.families import EOS, FRAMES, MELS


def features(random: Random, batch: int, frames: int = FRAMES) -> Value:
    return named("normal", seed=random.randrange(1000), shape=[batch, MELS, frames])


def listen(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """A shape's name, and a call of `generate`."""
    (mode,) = random.choices(list(MODES), list(MODES.values()))
    batch = random.randint(1, 3)
    frames = FRAMES if chance(random, 0.9) else random.choice([FRAMES - 2, FRAMES // 2, FRAMES * 2])
    arguments: dict[str, Value] = {"input_features": features(random, batch, frames)}
    if chance(random, 0.2):
        arguments["attention_mask"] = tensor([[1] * frames] * batch)
    if chance(random, 0.15):
        arguments["decoder_input_ids"] = tensor([[EOS, *tokens(random, 2)]] * batch)
    return f"listen {mode}", (Act("generate", {**arguments, **written(random, mode)}),)


def hear(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """One pass."""
    batch = random.randint(1, 2)
    length = random.randint(1, 5)
    arguments: dict[str, Value] = {"input_features": features(random, batch)}
    name = random.choice(["decoder_input_ids", "decoder_input_ids", "labels"])
    arguments[name] = tensor([tokens(random, length) for _ in range(batch)])
    if chance(random, 0.3):
        arguments["output_hidden_states"] = True
    if chance(random, 0.3):
        arguments["use_cache"] = False
    return "hear", (Act("forward", arguments),)


def transcribe(random: Random, family: str) -> tuple[str, tuple[Act, ...]]:
    """A pipeline over sounds of a second or less."""
    sounds = [
        named("sound", seed=random.randrange(1000), samples=random.randint(400, 16000))
        for _ in range(random.randint(1, 3))
    ]
    options: dict[str, Value] = {"generate_kwargs": {"max_new_tokens": random.randint(1, 6)}}
    if chance(random, 0.3):
        options["generate_kwargs"] |= {"do_sample": True, "temperature": 1.3}
    if len(sounds) > 1 and chance(random, 0.5):
        options["batch_size"] = 2
    inputs = sounds[0] if len(sounds) == 1 else sounds
    return "pipeline sound", (Act("pipeline", {"inputs": inputs, **options}),)
