"""The script's own random numbers: `torch.multinomial(softmax(scores), 1)` on the CPU, draw for draw.

What torch does (aten/src/ATen/native/Distributions.cpp, measured on 2.13): with one sample a row, q = exponential_(1) of the whole
[N, V] in row order, then argmax(probs / q). Each q takes two 32-bit outputs of mt19937, (a << 32 | b) modulo 2^53 as a double u
in [0, 1), and is float32(-log(1 - u)). So every row takes 2 V outputs whether its result is used or not: rows that ended still draw,
and after a step the generator has moved on by 2 N V.

Only tokens with a probability above zero can win the argmax. When few are left (top-k, top-p), the outputs are produced by numpy's
mt19937, which is the same generator, and only the q that can win are looked at; otherwise torch's own kernel does it all.

The state travels as the 5 056 bytes of `torch.Generator.get_state()`: u64 seed, i32 left, i32 seeded, u64 next, u64[624] state, and the
cached normals, which pass through untouched. `left` counts down from 624 to 1, where the next output makes a new block of 624.
"""

import math
import struct

import numpy as np
import torch
from torch import Tensor

from aweigh.proto.errors import InvalidRequest

STATE_BYTES = 5056
_WORDS = 624
_FEW = 128  # candidates per row up to which single logarithms are cheaper
_MANTISSA = (1 << 53) - 1


def check_state(state: bytes) -> None:
    """Refuses what is no state of a torch CPU generator. Raises InvalidRequest."""
    if len(state) != STATE_BYTES:
        raise InvalidRequest(
            f"a torch generator's state has {STATE_BYTES} bytes, but {len(state)} came: send get_state() of a CPU generator"
        )
    left, seeded = struct.unpack_from("<ii", state, 8)
    (following,) = struct.unpack_from("<Q", state, 16)
    words = np.frombuffer(state, dtype="<u8", count=_WORDS, offset=24)
    if not 0 < left <= _WORDS or seeded not in (0, 1) or following > _WORDS or int(words.max()) >> 32:
        raise InvalidRequest("the torch generator's state is damaged: send get_state() of a CPU generator")


class ScriptRandom:
    """A torch CPU generator that changes between torch's hands and numpy's."""

    def __init__(self, state: bytes) -> None:
        """Raises InvalidRequest."""
        check_state(state)
        self._state = state
        self._numpy: np.random.MT19937 | None = None
        self._torch: torch.Generator | None = None

    def state(self) -> bytes:
        """As `torch.Generator.get_state()` gives it now."""
        if self._torch is not None:
            return self._torch.get_state().numpy().tobytes()
        if self._numpy is not None:
            return self._from_numpy(self._numpy)
        return self._state

    def draw(self, probabilities_nV: Tensor, rows: list[int], total: int) -> list[int]:
        """One token for each of the live `rows` (ascending) of a group of `total` rows. `probabilities_nV` float32."""
        count, size = probabilities_nV.shape
        possible_nV = probabilities_nV > 0
        if int(possible_nV.sum()) <= _FEW * count:
            return self._draw_few(probabilities_nV, possible_nV, rows, total)
        exponential_NV = torch.empty(total, size).exponential_(1, generator=self._as_torch())
        if count != total:
            exponential_NV = exponential_NV[rows]
        chosen: list[int] = probabilities_nV.div(exponential_NV).argmax(dim=-1).tolist()
        return chosen

    def _draw_few(self, probabilities_nV: Tensor, possible_nV: Tensor, rows: list[int], total: int) -> list[int]:
        size = probabilities_nV.shape[-1]
        generator = self._as_numpy()
        which, tokens = possible_nV.nonzero(as_tuple=True)
        uniforms = []
        position = 0
        for place in (torch.tensor(rows)[which] * size + tokens).tolist():
            generator.random_raw(2 * (place - position), output=False)
            high, low = generator.random_raw(2).tolist()
            uniforms.append(((high << 32 | low) & _MANTISSA) * 2.0**-53)
            position = place + 1
        generator.random_raw(2 * (total * size - position), output=False)
        exponential = torch.tensor([-math.log1p(-uniform) for uniform in uniforms], dtype=torch.float32)
        races = (probabilities_nV[which, tokens] / exponential).tolist()
        best: dict[int, tuple[float, int]] = {}
        for row, token, race in zip(which.tolist(), tokens.tolist(), races, strict=True):
            if row not in best or race > best[row][0]:
                best[row] = (race, token)
        return [best[row][1] for row in range(len(rows))]

    def _as_torch(self) -> torch.Generator:
        if self._torch is None:
            state = self.state()
            self._torch = torch.Generator()
            self._torch.set_state(torch.frombuffer(bytearray(state), dtype=torch.uint8))
            self._numpy = None
        return self._torch

    def _as_numpy(self) -> np.random.MT19937:
        if self._numpy is None:
            self._state = state = self.state()
            (left,) = struct.unpack_from("<i", state, 8)
            words = np.frombuffer(state, dtype="<u8", count=_WORDS, offset=24).astype(np.uint32)
            self._numpy = np.random.MT19937()
            self._numpy.state = {"bit_generator": "MT19937", "state": {"key": words, "pos": _WORDS + 1 - left}}
            self._torch = None
        return self._numpy

    def _from_numpy(self, generator: np.random.MT19937) -> bytes:
        inner = generator.state["state"]
        position = int(inner["pos"])
        state = bytearray(self._state)
        struct.pack_into("<i", state, 8, _WORDS + 1 - position)
        struct.pack_into("<Q", state, 16, position)
        state[24 : 24 + 8 * _WORDS] = inner["key"].astype("<u8").tobytes()
        return bytes(state)
