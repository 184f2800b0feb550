"""Draws cases: the number of a case, with the seed, decides everything about it."""

from __future__ import annotations

from random import Random

from bench.fuzz.case import Case
from bench.fuzz.draw_bad import bad
from bench.fuzz.draw_forward import forward
from bench.fuzz.draw_generate import generate
from bench.fuzz.draw_pipeline import pipeline
from bench.fuzz.families import FAMILIES


def case(seed: int, number: int) -> Case:
    """Case `number` of `seed`."""
    random = Random(f"{seed}/{number}")
    family = random.choice(list(FAMILIES))
    draw = random.random()
    for share, kind in ((0.5, generate), (0.76, forward), (0.88, pipeline), (1.0, bad)):
        if draw < share:
            shape, acts = kind(random, family)
            return Case(number, family, shape, acts)
    raise AssertionError("the last share is 1")


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
