"""Stop strings: the same end wherever a text is cut, and nothing given out that is part of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aweigh.serverless.http.stop_matcher import StopMatcher


def run(stops: list[str], pieces: list[str], *, include: bool = False) -> tuple[list[str], str | None]:
    matcher = StopMatcher(stops, include=include)
    out = [matcher.feed(piece) for piece in pieces]
    if matcher.stopped is None:
        out.append(matcher.flush())
    return out, matcher.stopped


def first_end(stops: list[str], text: str) -> tuple[str, str | None]:
    """The rule, said another way: character by character."""
    for end in range(len(text) + 1):
        done = [stop for stop in stops if text[:end].endswith(stop)]
        if done:
            longest = max(done, key=len)
            return text[: end - len(longest)], longest
    return text, None


@pytest.mark.parametrize(
    ("stops", "pieces", "expected", "stopped"),
    [
        (["END"], ["one E", "N", "D two"], ["one ", "", "", ], "END"),
        (["END"], ["one E", "N", "A"], ["one ", "", "ENA", ""], None),
        (["END"], ["E", "EN", "D"], ["", "E", ""], "END"),
        (["\n\n"], ["a\n", "\nb"], ["a", ""], "\n\n"),
        (["abab"], ["aba", "ab", "ab"], ["", "", ""], "abab"),
        ([], ["a", "b"], ["a", "b", ""], None),
        (["b", "ab"], ["ab"], [""], "ab"),
    ],
)  # fmt: skip
def test_examples(stops: list[str], pieces: list[str], expected: list[str], stopped: str | None) -> None:
    out, found = run(stops, pieces)
    assert found == stopped
    text, _ = first_end(stops, "".join(pieces))
    assert "".join(out) == text
    assert len(out) == len(expected)


def test_held_text_is_given_out_as_soon_as_it_is_safe() -> None:
    matcher = StopMatcher(["END"])
    assert [matcher.feed(piece) for piece in ("xE", "N", "x")] == ["x", "", "ENx"]


def test_the_stop_string_itself_where_it_is_wanted() -> None:
    assert run(["END"], ["a E", "ND b"], include=True) == (["a ", "END"], "END")


@given(
    st.lists(st.text("ab", min_size=1, max_size=4), max_size=3),
    st.lists(st.text("abc", max_size=3), max_size=8),
)
def test_the_answer_does_not_depend_on_the_cuts(stops: list[str], pieces: list[str]) -> None:
    out, stopped = run(stops, pieces)
    assert ("".join(out), stopped) == first_end(stops, "".join(pieces))
