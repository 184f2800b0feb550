"""Prompt lookup: what followed the last time that the sequence's own last tokens stood somewhere before.

The idea is prompt-lookup decoding (Saxena 2023; `prompt_lookup_num_tokens` in transformers). There each step searches the whole text,
and takes the first place. Here the matcher is deflate's: the last place of every pair of tokens in a dictionary, and from each place a link to
the one before, of which a few are tried and the longest match wins, the most recent of equals. So a token costs the same whatever came before it:
one entry when it comes, some comparisons when it is the last one. As in LZ77, a copy may reach into what it copies, so text that runs in a
circle of any length is continued for as long as is asked.

Rejected: a suffix automaton, which finds the longest match of all in O(1) amortised, and takes ten times the memory and time per token for
matches that are longer than what is ever tried; one dictionary per n-gram size, which costs 800 bytes a token.
"""

from array import array

from aweigh.engine.core import Tokens
from aweigh.engine.draft.source import NOTHING, STRONGEST, Draft

_PAIR = 2
_CANDIDATES = 8
MOST_READ = 8192
"""Tokens that one call reads, about 5 ms: of a longer prompt the last ones."""


class PromptLookup:
    """A `Source` that knows one sequence. Strength is the length of the match."""

    def __init__(self) -> None:
        self._next = 1  # the first place that is not in the index
        self._base = 1  # the first place that is
        self._last: dict[int, int] = {}  # a pair -> the last place that it stood before
        self._before = array("q")  # per place, the place before it with the same pair, or -1

    def propose(self, tokens: Tokens, most: int) -> Draft:
        """See `Source`."""
        self._read(tokens)
        if len(tokens) < _PAIR or most <= 0:
            return NOTHING
        place = self._last.get(tokens[-2] << 32 | tokens[-1], -1)
        best, longest = -1, 0
        for _ in range(_CANDIDATES):
            if place < 0 or longest >= STRONGEST:
                break
            length = _match(tokens, place)
            if length > longest:
                best, longest = place, length
            place = self._before[place - self._base]
        return NOTHING if best < 0 else Draft(_copy(tokens, best, most), longest)

    def _read(self, tokens: Tokens) -> None:
        """Takes in the places that tokens have come to since; the end of the text is no place yet."""
        end = len(tokens)
        if self._next == 1:
            self._next = self._base = max(_PAIR, end - MOST_READ)
        last, before = self._last, self._before
        for place in range(self._next, end):
            pair = tokens[place - 2] << 32 | tokens[place - 1]
            before.append(last.get(pair, -1))
            last[pair] = place
        self._next = max(self._next, end)


def _match(tokens: Tokens, place: int) -> int:
    """How many tokens before `place` are those at the end, at most STRONGEST."""
    end = len(tokens)
    for length in range(_PAIR, STRONGEST):
        if length >= place or tokens[place - length - 1] != tokens[end - length - 1]:
            return length
    return STRONGEST


def _copy(tokens: Tokens, place: int, count: int) -> Tokens:
    found = tokens[place : place + count]
    period = len(tokens) - place
    while len(found) < count:
        found.append(found[len(found) - period])
    return found
