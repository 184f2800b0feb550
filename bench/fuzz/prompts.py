"""Prompts of a batch: token ids, and the mask that a tokenizer would give or a script would make."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bench.fuzz.case import Value, chance, named, tensor, tokens
from bench.fuzz.families import PAD


@dataclass(frozen=True)
class Prompts:
    """`rows` [B, T] with pads in them; `mask` [B, T], or None where nobody says anything."""

    rows: list[list[int]]
    mask: list[list[int]] | None

    @property
    def batch(self) -> int:
        return len(self.rows)

    @property
    def length(self) -> int:
        return len(self.rows[0])

    def arguments(self, random: Random) -> dict[str, Value]:
        """`input_ids` in one of the ways in which memory may hold them, and `attention_mask` if there is one."""
        draw = random.random()
        ids = tensor(self.rows)
        if draw < 0.06:
            ids = named("strided", data=self.rows)
        elif draw < 0.12:
            ids = named("transposed", data=self.rows)
        elif draw < 0.18:
            ids = tensor(self.rows, "int32")
        if self.mask is None:
            return {"input_ids": ids}
        dtype = random.choice(["int64", "int64", "int64", "bool", "float32", "int32"])
        mask = [[bool(value) for value in row] for row in self.mask] if dtype == "bool" else self.mask
        return {"input_ids": ids, "attention_mask": tensor(mask, dtype)}


def prompts(random: Random, *, odd: bool = True, most: int = 3) -> Prompts:
    """Prompts of one to `most` rows; with `odd` masks that no tokenizer gives, too."""
    batch = random.choice([1, 1, *range(2, most + 1)])
    length = random.choice([1, random.randint(2, 8), random.randint(5, 24)])
    rows = [tokens(random, length) for _ in range(batch)]
    draw = random.random()
    if draw < 0.35:
        return Prompts(rows, None)
    mask = [[1] * length for _ in range(batch)]
    if draw < 0.55 or length == 1:
        return Prompts(rows, mask)
    left = draw < 0.85 or not odd
    for row, seen in zip(rows, mask, strict=True):
        pads = random.randint(0, length - 1)
        where = range(pads) if left else range(length - pads, length)
        if draw > 0.93 and odd:
            where = range(1, length, 3)
        for column in where:
            row[column], seen[column] = PAD, 0
    if chance(random, 0.3):  # what a tokenizer never does: the longest row is padded, too
        return Prompts(rows, mask)
    rows[-1] = [token if token != PAD else 7 for token in rows[-1]]
    mask[-1] = [1] * length
    return Prompts(rows, mask)
