"""What is learnt from steps and drafts."""

import random

import pytest

from aweigh.engine.draft.acceptance import Acceptance
from aweigh.engine.draft.cost import StepCost


def test_acceptance_follows_what_came() -> None:
    acceptance = Acceptance()
    for _ in range(20):
        acceptance.observe(3, 4, wrong=False)
    assert acceptance.rate(3) > 0.99
    assert acceptance.rate(2) == Acceptance().rate(2), "each strength has its own"
    for _ in range(20):
        acceptance.observe(3, 0, wrong=True)
    assert acceptance.rate(3) < 0.1


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_acceptance_comes_near_the_true_share(share: float) -> None:
    generator, acceptance, rates = random.Random(1), Acceptance(), []
    for _ in range(2000):
        acceptance.observe(2, right := int(generator.random() < share), wrong=not right)
        rates.append(acceptance.rate(2))
    assert sum(rates[100:]) / len(rates[100:]) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("each", [0.01, 0.2, 1.0])
def test_cost_finds_the_line(each: float) -> None:
    generator, cost = random.Random(1), StepCost()
    for _ in range(300):
        tokens = generator.randrange(1, 17)
        cost.observe(tokens, 0.04 * (1.0 + each * tokens) * generator.uniform(0.95, 1.05))
    assert cost.per_token == pytest.approx(each, rel=0.25)


def test_cost_of_steps_of_one_size_stays_near_the_prior() -> None:
    cost = StepCost()
    before = cost.per_token
    for _ in range(300):
        cost.observe(1, 0.04)
    assert cost.per_token == pytest.approx(before, rel=0.05)


def test_long_steps_and_hiccups_do_not_bend_the_line() -> None:
    cost = StepCost()
    for number in range(300):
        tokens = 1 + 8 * (number % 2)
        cost.observe(tokens, 0.04 * (1.0 + 0.1 * tokens))
        cost.observe(512, 5.0)
    assert cost.per_token == pytest.approx(0.1, rel=0.05)
    cost.observe(1, 60.0)
    assert 0.01 < cost.per_token < 0.15
