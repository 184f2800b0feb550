"""The script's generator: same draws and same state as torch.multinomial; the counter: a pure function."""

import pytest
import torch
from torch import Tensor

from aweigh.engine.sampling.counter_random import CounterRandom, philox
from aweigh.engine.sampling.script_random import STATE_BYTES, ScriptRandom
from aweigh.proto.errors import InvalidRequest


def state_of(generator: torch.Generator) -> bytes:
    return bytes(generator.get_state().numpy().tobytes())


def probabilities(rows: int, size: int, keep: int) -> Tensor:
    scores = torch.randn(rows, size) * 3
    least = scores.topk(keep)[0][..., -1, None]
    return scores.masked_fill(scores < least, -torch.inf).softmax(-1)


@pytest.mark.parametrize("size", [3, 312, 1000, 32003])
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("before", [0, 1, 311, 312, 700])
def test_draws_and_state_are_those_of_multinomial(size: int, rows: int, before: int) -> None:
    generator = torch.Generator().manual_seed(size + rows + before)
    if before:
        torch.rand(before, generator=generator)
    ours = ScriptRandom(state_of(generator))
    for keep in (1, min(50, size), size, min(20, size), size, size):  # few and many candidates, in turns
        probs = probabilities(rows, size, keep)
        expected = torch.multinomial(probs, 1, generator=generator).squeeze(1).tolist()
        assert ours.draw(probs, list(range(rows)), rows) == expected
        assert ours.state() == state_of(generator)


@pytest.mark.parametrize("keep", [10, 400])
def test_rows_that_ended_draw_on(keep: int) -> None:
    generator = torch.Generator().manual_seed(5)
    ours = ScriptRandom(state_of(generator))
    for live in ([0, 1, 2, 3], [0, 2, 3], [2], [3]):
        probs = probabilities(4, 400, keep)
        expected = torch.multinomial(probs, 1, generator=generator).squeeze(1)
        assert ours.draw(probs[live], live, 4) == expected[live].tolist()
    assert ours.state() == state_of(generator)


def test_state_of_a_generator_with_a_cached_normal_comes_back() -> None:
    generator = torch.Generator().manual_seed(5)
    torch.randn(3, generator=generator)
    ours = ScriptRandom(state_of(generator))
    probs = probabilities(1, 100, 4)
    torch.multinomial(probs, 1, generator=generator)
    ours.draw(probs, [0], 1)
    other = torch.Generator()
    other.set_state(torch.frombuffer(bytearray(ours.state()), dtype=torch.uint8))
    assert torch.equal(torch.randn(5, generator=other), torch.randn(5, generator=generator))


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\0" * 100,
        b"\0" * STATE_BYTES,
        b"\xff" * STATE_BYTES,
        b"\0" * (STATE_BYTES + 1),
    ],
)
def test_damaged_states_are_refused(damage: bytes) -> None:
    with pytest.raises(InvalidRequest):
        ScriptRandom(damage)


def test_philox_known_answers() -> None:
    # Known answers of Random123, philox4x32-10
    assert philox(0, (0, 0, 0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    ones = 0xFFFFFFFF
    assert philox(ones << 32 | ones, (ones,) * 4) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)


def test_counter_is_independent_of_batch_mates() -> None:
    probs = probabilities(4, 500, 100)
    together = CounterRandom(7).draw(probs, [0, 1, 2, 3], 11)
    alone = [CounterRandom(7).draw(probs[row : row + 1], [row], 11)[0] for row in range(4)]
    assert together == alone
    assert all(probs[row, token] > 0 for row, token in enumerate(together))
    assert len({CounterRandom(7).uniform(row, position) for row in range(20) for position in range(20)}) == 400
    assert CounterRandom(7).uniform(0, 0) != CounterRandom(8).uniform(0, 0)


def test_counter_follows_the_distribution() -> None:
    probs = torch.tensor([[0.5, 0.0, 0.3, 0.2]])
    drawn = [CounterRandom(1).draw(probs, [0], position)[0] for position in range(2000)]
    counts = [drawn.count(token) / 2000 for token in range(4)]
    assert counts[1] == 0 and all(abs(a - b) < 0.05 for a, b in zip(counts, [0.5, 0.0, 0.3, 0.2], strict=True))
