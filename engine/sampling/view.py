"""What a processor sees of a group at one step."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, slots=True)
class View:
    """`ids_nL` [n, L] int64 of the live rows, None if no processor of the chain looks back; `length` is L all the same.

    `left_padding` [n]: how many of a row's first tokens are pads. The prompt is the first `prompt_length` tokens.
    """

    length: int
    prompt_length: int
    ids_nL: Tensor | None
    left_padding: list[int]
