"""Stop strings in a text that comes in pieces. Pure.

What was given out is never taken back: the longest end of the text that may yet become a stop string is held. The first stop string to be complete, character by
character, ends the text, and of several that are complete at once the longest; so the answer does not depend on where pieces are cut. Held text
is shorter than the longest stop string.
"""

from collections.abc import Sequence


class StopMatcher:
    """Feeds on pieces of a text, gives out what is safe. `stopped`: the stop string that ended it, or None."""

    def __init__(self, stops: Sequence[str], *, include: bool = False) -> None:
        """`include`: whether the stop string is given out, too."""
        self.stopped: str | None = None
        self._stops = tuple(stops)
        self._include = include
        self._held = ""

    def feed(self, piece: str) -> str:
        """What may be given out now. After the end: nothing."""
        if not self._stops:
            return piece
        if self.stopped is not None:
            return ""
        text = self._held + piece
        found = min(
            ((start + len(stop), start, stop) for stop in self._stops if (start := text.find(stop)) >= 0), default=None
        )
        if found is not None:
            end, start, self.stopped = found
            self._held = ""
            return text[:end] if self._include else text[:start]
        safe = len(text) - self._undecided(text)
        self._held = text[safe:]
        return text[:safe]

    def flush(self) -> str:
        """What is held when the text has ended otherwise."""
        held, self._held = self._held, ""
        return held

    def _undecided(self, text: str) -> int:
        """Characters at the end of a text without a stop string that one may begin with."""
        longest = 0
        for stop in self._stops:
            for length in range(min(len(stop) - 1, len(text)), longest, -1):
                if text.endswith(stop[:length]):
                    longest = length
                    break
        return longest
