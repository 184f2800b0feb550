"""Draws cases: the number of a case, with the seed, decides everything about it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fuzz.case import Act, Case
from bench.fuzz.draw_bad import bad
from bench.fuzz.draw_forward import forward
from bench.fuzz.draw_generate import generate
from bench.fuzz.draw_listener import hear, listen, transcribe
from bench.fuzz.draw_pipeline import pipeline
from bench.fuzz.draw_reader import ask, read
from bench.fuzz.draw_translator import pass_through, translate, wrong
from bench.fuzz.draw_viewer import view
from bench.fuzz.families import FAMILIES, SHARES

Draw = Callable[[Random, str], tuple[str, tuple[Act, ...]]]
CALLS: dict[str, dict[Draw, int]] = {
    "decoder": {generate: 50, forward: 26, pipeline: 12, bad: 12},
    "translator": {translate: 60, pass_through: 30, wrong: 10},
    "listener": {listen: 60, hear: 20, transcribe: 20},
    "reader": {read: 60, ask: 40},
    "viewer": {view: 1},
}
"""What is drawn of each kind of family, and how often."""


def case(seed: int, number: int) -> Case:
    """Case `number` of `seed`."""
    random = Random(f"{seed}/{number}")
    (kind,) = random.choices(list(SHARES), list(SHARES.values()))
    family = random.choice([name for name, one in FAMILIES.items() if one.kind == kind])
    (draw,) = random.choices(list(CALLS[kind]), list(CALLS[kind].values()))
    shape, acts = draw(random, family)
    return Case(number, family, shape, acts)


def cases(seed: int, count: int, families: frozenset[str] = frozenset(), first: int = 0) -> list[Case]:
    """The first `count` cases from `first` on, of `families` only where some are named."""
    found: list[Case] = []
    number = first
    while len(found) < count:
        drawn = case(seed, number)
        if not families or drawn.family in families:
            found.append(drawn)
        number += 1
    return found
