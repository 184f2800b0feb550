"""Random numbers for requests with a seed: a pure function of (seed, row, position), whoever else is in the batch.

Philox4x32-10 (Salmon et al., SC 2011), one block per draw, and inversion of the cumulative distribution in float64. No state: a
preempted or migrated request draws the same numbers again.
"""

import torch
from torch import Tensor

_M0, _M1 = 0xD2511F53, 0xCD9E8D57
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = 0xFFFFFFFF


def philox(key: int, counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Four 32-bit words from a 64-bit key and four 32-bit counter words."""
    k0, k1 = key & _LOW, key >> 32 & _LOW
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _LOW, (p0 >> 32) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = k0 + _W0 & _LOW, k1 + _W1 & _LOW
    return c0, c1, c2, c3


class CounterRandom:
    """The source of one request."""

    def __init__(self, seed: int) -> None:
        """`seed` 64 bits."""
        self._seed = seed

    def state(self) -> bytes:
        """Nothing travels."""
        return b""

    def uniform(self, row: int, position: int) -> float:
        """In [0, 1), 53 bits."""
        a, b, _, _ = philox(self._seed, (position & _LOW, position >> 32, row, 0))
        return float((a >> 5) << 26 | b >> 6) * 2.0**-53

    def draw(self, probabilities_nV: Tensor, rows: list[int], position: int) -> list[int]:
        """One token for each of `rows`, at the `position`-th token of the output."""
        cumulative_nV = probabilities_nV.double().cumsum(dim=-1)
        uniforms_n1 = torch.tensor([[self.uniform(row, position)] for row in rows], dtype=torch.float64)
        targets_n1 = uniforms_n1 * cumulative_nV[:, -1:]
        tokens_n1 = torch.searchsorted(cumulative_nV, targets_n1, right=True)
        last_n1 = (probabilities_nV > 0).int().cumsum(dim=-1).argmax(dim=-1, keepdim=True)
        tokens: list[int] = torch.minimum(tokens_n1, last_n1).squeeze(1).tolist()
        return tokens
