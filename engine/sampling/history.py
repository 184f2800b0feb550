"""The tokens that processors look back on: rows as transformers' `input_ids` has them, left pads included.

Legend: N rows of the group, P prompt length with pads, L tokens so far.
"""

import torch
from torch import Tensor


class History:
    """input_ids_NL of a group, grown in place: one column per sampled token. Rows that ended keep their place, with stale tokens."""

    def __init__(self, prompts_NP: Tensor | None, prompt_length: int, left_padding: list[int]) -> None:
        """`prompts_NP` None: nobody will look back, nothing is kept."""
        self.prompt_length = prompt_length
        self.left_padding = left_padding
        self._length = prompt_length
        self._room_NL = prompts_NP

    def rows(self, rows: list[int]) -> Tensor:
        """ids_nL of some rows: a view if all of them are asked for, valid until the next `append`."""
        assert self._room_NL is not None
        ids_NL = self._room_NL[:, : self._length]
        return ids_NL if len(rows) == ids_NL.shape[0] else ids_NL[rows]

    def append(self, rows: list[int], tokens: list[int]) -> None:
        """Adds a column; `rows` get `tokens`, the others 0."""
        assert self._room_NL is not None
        if self._length == self._room_NL.shape[1]:
            room_NL = torch.zeros((self._room_NL.shape[0], self._length * 2 + 64), dtype=torch.int64)
            room_NL[:, : self._length] = self._room_NL
            self._room_NL = room_NL
        self._room_NL[rows, self._length] = torch.tensor(tokens)
        self._length += 1
