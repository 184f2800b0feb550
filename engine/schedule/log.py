"""Operations on a sequence's input log: append, crop, fork, and back to what it was. Blocks follow: `Room` and the block manager are told by the caller."""

from array import array
from typing import Any, NamedTuple

from aweigh.engine.core import Segment, Sequence, Tokens


class Mark(NamedTuple):
    """A log as it was. `append` writes behind its end and `crop` into new arrays, so keeping it costs nothing."""

    known: int
    tokens: Tokens
    positions: Tokens | None
    segments: list[Segment]


def mark(sequence: Sequence) -> Mark:
    """What `restore` goes back to."""
    return Mark(sequence.known, sequence.tokens, sequence.positions, sequence.segments)


def restore(sequence: Sequence, marked: Mark) -> None:
    """Undoes one crop and one append that came after `mark`, in this order."""
    _, sequence.tokens, sequence.positions, sequence.segments = marked
    crop(sequence, marked.known)


def append(
    sequence: Sequence, tokens: Tokens | None, positions: Tokens | None, embeddings: Any, embeddings_length: int
) -> None:
    """Adds tokens, or `embeddings_length` embedding rows, with positions or (None) their indices."""
    start = sequence.known
    if embeddings_length:
        sequence.segments.append(Segment(start, embeddings_length, embeddings))
        sequence.tokens.extend(array("q", [-1]) * embeddings_length)
    elif tokens is not None:
        sequence.tokens.extend(tokens)
    end = sequence.known
    if positions is not None and positions != array("q", range(start, end)):
        if sequence.positions is None:
            sequence.positions = array("q", range(start))
        sequence.positions.extend(positions)
    elif sequence.positions is not None:
        sequence.positions.extend(array("q", range(start, end)))


def crop(sequence: Sequence, keep: int) -> None:
    """Forgets everything after the first `keep` tokens."""
    if keep >= sequence.known:
        return
    sequence.tokens = sequence.tokens[:keep]
    if sequence.positions is not None:
        sequence.positions = sequence.positions[:keep]
    sequence.segments = [
        Segment(piece.start, min(piece.length, keep - piece.start), piece.rows)
        for piece in sequence.segments
        if piece.start < keep
    ]


def fork(sequence: Sequence, keep: int) -> Sequence:
    """A sequence that knows the first `keep` tokens and has no blocks."""
    child = Sequence(sequence.model, sequence.tokens[:])
    child.positions = None if sequence.positions is None else sequence.positions[:]
    child.segments = sequence.segments[:]
    crop(child, keep)
    return child
