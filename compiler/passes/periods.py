"""Where a sequence repeats: the deciding half of the pass `roll`, on plain integers.

A model is a sequence of operations, each reduced to a token that is equal for operations that could be one operation of a loop. Anchors
mark the operations that keep state, one or two per layer. Layers may differ in groups (five local, one global), so a period may span several anchors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_GROUP = 24
"""Anchors in one period, at most: twelve layers of two states, or as many groups of hybrid ones as fit."""


@dataclass(frozen=True, slots=True)
class Period:
    """`tokens[first : first + count * length]` is one piece of `length` tokens, `count` times; `slack` further tokens go on as the piece
    would, so that the loop may as well begin up to that much later."""

    first: int
    length: int
    count: int
    slack: int

    @property
    def saved(self) -> int:
        return (self.count - 1) * self.length


def periods(tokens: Sequence[int], anchors: Sequence[int]) -> list[Period]:
    """Candidates of at least two repetitions, those that save most first; of equals, short ones first."""
    found = {period for period in _candidates(tokens, anchors) if period.count > 1}
    return sorted(found, key=lambda period: (-period.saved, period.length, period.first))


def _candidates(tokens: Sequence[int], anchors: Sequence[int]) -> Iterator[Period]:
    for index, anchor in enumerate(anchors):
        for group in range(1, LONGEST_GROUP + 1):
            if index + group >= len(anchors):
                break
            length = anchors[index + group] - anchor
            if tokens[anchor] != tokens[anchor + length]:
                continue
            first, last = anchor, anchor
            while first > 0 and tokens[first - 1] == tokens[first - 1 + length]:
                first -= 1
            while last + length < len(tokens) and tokens[last] == tokens[last + length]:
                last += 1
            total = last + length - first
            yield Period(first, length, total // length, total % length)
