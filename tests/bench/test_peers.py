"""What the comparison of engines computes, over engines that take known times."""

from typing import Any

import pytest
from bench.peers import NEW, OURS, Sides, decode, goals_of, mixed, prefill
from bench.record import Series


def engine(prompt_rate: float, token_seconds: float) -> Any:
    """Prompts one after the other, then all together, token by token; it keeps what it was asked."""
    asked: list[tuple[list[list[int]], list[int]]] = []

    def ask(prompts: list[list[int]], new: list[int]) -> dict[str, Any]:
        asked.append((prompts, new))
        read = sum(map(len, prompts)) / prompt_rate
        return {"first": [read] * len(new), "seconds": read + (max(new) - 1) * token_seconds}

    return ask, asked


def test_prompts_do_not_count_as_decoding_and_are_never_the_same() -> None:
    ask, asked = engine(1000.0, 0.02)
    for count in NEW:
        assert decode(ask, count, seed=count, vocabulary=100) == pytest.approx(count / 0.02)
    assert prefill(ask, seed=7, vocabulary=100) == pytest.approx(1000.0)
    rate, first = mixed(ask, seed=8, vocabulary=100)
    (prompts, new) = asked[-1]
    assert len(new) == 32 and first == pytest.approx(sum(map(len, prompts)) / 1000)
    assert rate == pytest.approx(sum(new) / (first + (max(new) - 1) * 0.02))
    told = [tuple(prompt) for prompts, _ in asked for prompt in prompts]
    assert len(set(told)) == len(told)


def test_ours_is_compared_with_the_best_of_the_others_and_with_the_ceilings() -> None:
    sides = Sides({OURS: engine(1000.0, 0.02)[0], "slow": engine(100.0, 0.2)[0], "fast": engine(500.0, 0.01)[0]}, 100)
    for number in range(6):
        sides.round(number, counts=number > 0)
    series = {name: Series(unit="", values=values) for name, values in sides.values.items()}
    series |= {
        "limit: read the weights": Series(unit="s", values=[0.01] * 5),
        "limit: products": Series(unit="FLOP/s", values=[1e9] * 5),
    }
    goals = goals_of(series, {"operations": 5e6, "operations of a layer's tokens": 5e5})
    assert goals["decode 8: ours / best peer"].value == pytest.approx(0.5)
    assert goals["prefill 512: ours / best peer"].value == pytest.approx(2.0)
    assert goals["decode 1: share of the ceiling"].value == pytest.approx(0.5)  # reading takes 10 ms
    assert goals["decode 8: share of the ceiling"].value == pytest.approx(2.0)  # products take 40 ms for 8
    assert goals["prefill 512: share of the product rate"].value == pytest.approx(0.5)
    assert goals["mean time to first token: ours / best peer"].value < 1


def test_weights_of_few_bits_have_bounds_of_their_own() -> None:
    series = {
        f"{what}, {side}": Series(unit="", values=[rate] * 5)
        for what in ("decode 1", "decode 8", "decode 32", "prefill 512", "mean time to first token")
        for side, rate in ((OURS, 12.0), ("other", 10.0))
    }
    series |= {"limit: read the weights": Series(unit="s", values=[0.05] * 5)}
    series |= {"limit: products": Series(unit="FLOP/s", values=[1e12] * 5)}
    parameters = {"operations": 1e6, "operations of a layer's tokens": 1e6}
    goals = goals_of(series, parameters, "int4")
    assert goals["decode 1: ours / best peer"].at_least == 1.25 and not goals["decode 1: ours / best peer"].met
    assert goals["decode 1: share of the ceiling"].at_least == 0.75
    assert goals["decode 8: ours / best peer"].at_least is None
    assert goals_of(series, parameters)["decode 8: ours / best peer"].at_least == 1.5
