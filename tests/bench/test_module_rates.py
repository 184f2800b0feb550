"""The figures of the `module` rung's measurements, and the scripts that they run."""

from pathlib import Path

import pytest
from bench import make_network
from bench.module_forward import Sides, difference, throughput
from bench.player import Player, plain

FIRST = {"calls": [[10.0, 11.0], [11.0, 12.0]], "some": [1.0, 2.0]}
SECOND = {"calls": [[10.5, 13.0], [13.0, 15.0]], "some": [1.0, 2.25]}


def test_throughput_counts_all_items_from_the_first_call_to_the_last_answer() -> None:
    assert throughput([FIRST, SECOND], 8) == pytest.approx(4 * 8 / 5)


def test_the_ratio_is_the_median_of_rounds_and_not_the_ratio_of_medians() -> None:
    assert Sides([1.0, 10.0, 3.0], [1.0, 5.0, 1.0]).ratio == 2.0


def test_answers_are_compared_number_by_number() -> None:
    assert difference(FIRST, FIRST) == 0.0
    assert difference(FIRST, SECOND) == 0.25


def test_an_unknown_network_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="resnet50, vit_b, bert_base, nothing"):
        make_network.weights("resnet152")


def test_the_script_runs_what_its_file_says(tmp_path: Path) -> None:
    path = make_network.weights("nothing", tmp_path)
    assert make_network.weights("nothing", tmp_path) == path
    question = {"seed": 3, "batch": 1, "calls": 2, "threads": 1}
    with Player(plain(), "forward.py", "nothing", str(path)) as player:
        answer, again = player.ask(question), player.ask(question)
    assert [begin < end for begin, end in answer["calls"]] == [True, True]
    assert len(answer["some"]) > 100 and answer["some"] == again["some"]
