"""The figures that the measurements derive from what scripts answer."""

import pytest
from bench.concurrent import aggregate
from bench.decode import request, same_tokens, tokens_per_second
from bench.lookup import repeats
from bench.make_model import SHAPES, made

FIRST = {"began": 10.0, "times": [11.0, 11.5, 12.0], "ids": [1, 2, 3]}
SECOND = {"began": 10.5, "times": [11.5, 13.0, 15.0], "ids": [1, 2, 4]}


def test_decoding_counts_from_the_first_token_to_the_last() -> None:
    assert tokens_per_second(FIRST) == 2.0


def test_the_aggregate_counts_all_tokens_from_the_first_question_to_the_last_token() -> None:
    assert aggregate([FIRST, SECOND]) == pytest.approx(6 / 5)


def test_answers_are_compared_from_the_start() -> None:
    assert same_tokens(FIRST, FIRST) == 3
    assert same_tokens(FIRST, SECOND) == 2


def test_what_repeats_itself_follows_a_pair_as_it_did_before() -> None:
    assert repeats([1, 2, 3, 4, 5]) == 0.0
    assert repeats([1, 2, 1, 2, 1, 2, 1, 2]) == 4 / 8
    assert repeats([1, 2, 3, 1, 2, 4]) == 0.0


def test_a_request_is_drawn_from_its_seed_without_special_tokens() -> None:
    one, again, other = request(1, 8, 384), request(1, 8, 384), request(2, 8, 384)
    assert one == again != other
    assert all(3 <= token < 384 for token in one["prompt"])


def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=", ".join(SHAPES)):
        made("model-9b")
