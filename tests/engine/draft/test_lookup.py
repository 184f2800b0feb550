"""Prompt lookup against a search of the whole text."""

import random
from array import array

from hypothesis import given
from hypothesis import strategies as st

from aweigh.engine.core import tokens_of
from aweigh.engine.draft.lookup import MOST_READ, PromptLookup
from aweigh.engine.draft.source import STRONGEST


def searched(text: list[int], most: int, candidates: int = 8) -> tuple[list[int], int]:
    """The longest of the last matches, the most recent of equals, and as LZ77 would copy what follows."""
    places = [place for place in range(2, len(text)) if text[place - 2 : place] == text[-2:]][::-1][:candidates]
    best, longest = -1, 0
    for place in places:
        length = 2
        while length < min(STRONGEST, place) and text[place - length - 1] == text[-length - 1]:
            length += 1
        if length > longest:
            best, longest = place, length
    if best < 0:
        return [], 0
    whole = list(text)
    for index in range(most):
        whole.append(whole[best + index])
    return whole[len(text) :], longest


@given(text=st.lists(st.integers(0, 3), max_size=60), most=st.integers(1, 9), steps=st.integers(1, 5))
def test_what_is_found_is_what_a_search_finds(text: list[int], most: int, steps: int) -> None:
    lookup = PromptLookup()
    for end in range(0, len(text) + 1, steps):
        draft = lookup.propose(tokens_of(text[:end]), most)
        assert (draft.tokens.tolist(), draft.strength) == searched(text[:end], most)


def test_a_circle_is_continued_for_as_long_as_is_asked() -> None:
    draft = PromptLookup().propose(tokens_of([9, 1, 2, 3, 1, 2, 3]), 8)
    assert draft.tokens.tolist() == [1, 2, 3, 1, 2, 3, 1, 2] and draft.strength == 3
    assert PromptLookup().propose(tokens_of([5, 5, 5]), 4).tokens.tolist() == [5] * 4


def test_text_that_never_repeats_gives_nothing() -> None:
    lookup = PromptLookup()
    tokens = array("q")
    for token in range(300):
        tokens.append(token)
        assert not lookup.propose(tokens, 8).tokens


def test_of_a_long_prompt_the_end_is_read() -> None:
    generator = random.Random(0)
    text = [generator.randrange(10**6) for _ in range(MOST_READ * 3)]
    early, late = text[100:104], text[-50:-46]
    assert not PromptLookup().propose(tokens_of([*text, *early[:2]]), 2).tokens
    assert PromptLookup().propose(tokens_of([*text, *late[:2]]), 2).tokens.tolist() == late[2:]
