"""Convolutions and scans against their definitions, and what must not move a bit: chunks, mates, where a state lies."""

import pytest
import torch
from torch import Tensor

from aweigh.kernels import load
from aweigh.kernels.base import Ragged, RecurrentLayer

_kernels = load("reference")


def layer(*shape: int, dtype: torch.dtype = torch.float32) -> RecurrentLayer:
    """Eight blocks, full of what no sequence may read."""
    return RecurrentLayer.of(torch.full((8, *shape), float("nan"), dtype=dtype))


def ragged(lengths: list[int], states: list[tuple[int, int]], contexts: list[int] | None = None) -> Ragged:
    return Ragged.of(lengths, contexts or lengths, [], 4, states=states)


def numbers(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


class Scan:
    """Operands of a scan over `tokens` of one sequence; `form`: which of them there are."""

    def __init__(self, form: str, tokens: int, seed: int = 0) -> None:
        heads, groups, rows, columns = (6, 1, 4, 1) if form == "mamba" else (4, 2, 5, 3)
        self.query, self.key = numbers(tokens, groups, rows, seed=seed), numbers(tokens, groups, rows, seed=seed + 1)
        self.value = numbers(tokens, heads, columns, seed=seed + 2)
        per_row = (rows,) if form == "kimi" else ()
        self.decay = -numbers(tokens, heads, *per_row, seed=seed + 3).abs()
        self.rate = numbers(heads, rows, seed=9).abs() if form == "mamba" else None
        self.beta = numbers(tokens, heads, seed=seed + 4).sigmoid() if form in ("delta", "kimi") else None
        self.delta = form in ("delta", "kimi")
        self.state = (heads, rows, columns)

    def run(self, kept: RecurrentLayer, batch: Ragged, part: slice) -> Tensor:
        return _kernels.scan(
            self.query[part],
            self.key[part],
            self.value[part],
            self.decay[part],
            kept,
            batch,
            rate_HD=self.rate,
            beta_TH=None if self.beta is None else self.beta[part],
            delta=self.delta,
        )

    def definition(self) -> tuple[Tensor, Tensor]:
        """Outputs and last state, in float64, with matrices where the kernel has sums."""
        heads = self.value.shape[1]
        query, key = (x.double().repeat_interleave(heads // x.shape[1], 1) for x in (self.query, self.key))
        state = torch.zeros(self.state, dtype=torch.float64)
        outs = []
        for t in range(self.value.shape[0]):
            decay = self.decay[t].double() if self.decay.dim() == 3 else self.decay[t].double()[:, None]
            state = (decay if self.rate is None else decay * self.rate.double()).exp()[:, :, None] * state
            added = self.value[t].double()
            if self.delta:
                added = added - torch.bmm(key[t][:, None], state)[:, 0]
            if self.beta is not None:
                added = added * self.beta[t].double()[:, None]
            state = state + torch.bmm(key[t][:, :, None], added[:, None])
            outs.append(torch.bmm(query[t][:, None], state)[:, 0])
        return torch.stack(outs), state


FORMS = ["mamba", "dual", "delta", "kimi"]


@pytest.mark.parametrize("form", FORMS)
def test_scan_is_its_definition(form: str) -> None:
    scan = Scan(form, 9)
    kept = layer(*scan.state)
    out = scan.run(kept, ragged([9], [(-1, 3)]), slice(None))
    wanted, state = scan.definition()
    torch.testing.assert_close(out.double(), wanted, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(kept.state_N[3].double(), state, atol=1e-5, rtol=1e-5)
    assert kept.state_N[[0, 1, 2, 4, 5, 6, 7]].isnan().all(), "nobody else's state is touched"


@pytest.mark.parametrize("form", FORMS)
def test_chunks_and_mates_move_no_bit_of_a_scan(form: str) -> None:
    scan, mate = Scan(form, 9), Scan(form, 4, seed=50)
    alone = layer(*scan.state)
    whole = scan.run(alone, ragged([9], [(-1, 0)]), slice(None))
    kept = layer(*scan.state)
    first = scan.run(kept, ragged([2], [(-1, 5)]), slice(0, 2))
    both = Scan(form, 9)
    for name in ("query", "key", "value", "decay", "beta"):
        if getattr(scan, name) is not None:
            setattr(both, name, torch.cat((getattr(mate, name), getattr(scan, name)[2:8])))
    middle = both.run(kept, ragged([4, 6], [(-1, 1), (5, 2)], [4, 8]), slice(None))[4:]
    last = scan.run(kept, ragged([1], [(2, 6)], [9]), slice(8, 9))
    assert torch.equal(torch.cat((first, middle, last)), whole)
    assert torch.equal(kept.state_N[6], alone.state_N[0])
    again = scan.run(kept, ragged([1], [(2, 7)], [9]), slice(8, 9))
    assert torch.equal(again, last), "a step that is run again reads what it read before"


class LogScan:
    """Operands of a scan by logarithms over `tokens` of one sequence; `form`: RWKV's, or that of a matrix memory."""

    def __init__(self, form: str, tokens: int, seed: int = 0) -> None:
        heads, groups, rows, columns = (6, 1, 1, 2) if form == "average" else (4, 2, 5, 3)
        self.query, self.key = numbers(tokens, groups, rows, seed=seed), numbers(tokens, groups, rows, seed=seed + 1)
        self.value = numbers(tokens, heads, columns, seed=seed + 2)
        self.decay = -numbers(tokens, heads, seed=seed + 3).abs()
        self.gain = numbers(tokens, heads, seed=seed + 4) * 60  # exp(100) is no float32
        self.said = {"exclusive": True} if form == "average" else {"start": 0.0}
        self.state = (heads, rows, columns + 1)

    def run(self, kept: RecurrentLayer, batch: Ragged, part: slice) -> tuple[Tensor, Tensor]:
        operands = (self.query[part], self.key[part], self.value[part], self.decay[part], self.gain[part])
        return _kernels.log_scan(*operands, kept, batch, **self.said)

    def definition(self) -> tuple[Tensor, Tensor]:
        """exp(peak) * out, and the logarithm of the greatest weight, by the weights of all tokens in float64 and nothing kept."""
        heads, exclusive = self.value.shape[1], bool(self.said.get("exclusive"))
        query, key = (x.double().repeat_interleave(heads // x.shape[1], 1) for x in (self.query, self.key))
        sums, peaks = [], []
        for t in range(self.value.shape[0]):
            seen = t if exclusive else t + 1
            since = [self.decay[s + 1 : seen].double().sum(0) for s in range(-1, seen)]
            logs = torch.stack(
                [since[0] + self.said.get("start", float("-inf"))]
                + [self.gain[s].double() + since[s + 1] for s in range(seen)]
            )
            scores = (key[:seen] * query[t]).sum(-1) * logs[1:].exp()
            sums.append((scores[..., None] * self.value[:seen].double()).sum(0))
            peaks.append(logs.amax(0))
        return torch.stack(sums), torch.stack(peaks)


LOG_FORMS = ["average", "memory"]


@pytest.mark.parametrize("form", LOG_FORMS)
def test_a_scan_by_logarithms_is_the_sum_that_it_means(form: str) -> None:
    scan = LogScan(form, 9)
    kept = layer(*scan.state)
    out, peak = scan.run(kept, ragged([9], [(-1, 3)]), slice(None))
    sums, peaks = scan.definition()
    assert peaks[1:].max() > 90, "some weights are beyond float32"
    torch.testing.assert_close(peak.double(), peaks, atol=1e-4, rtol=1e-5)
    scaled = torch.where(sums == 0, 0.0, sums / peaks.exp()[..., None])
    torch.testing.assert_close(out.double(), scaled, atol=1e-4, rtol=1e-4)
    assert kept.state_N[[0, 1, 2, 4, 5, 6, 7]].isnan().all(), "nobody else's state is touched"


@pytest.mark.parametrize("form", LOG_FORMS)
def test_chunks_and_mates_move_no_bit_of_a_scan_by_logarithms(form: str) -> None:
    scan, mate = LogScan(form, 9), LogScan(form, 4, seed=50)
    alone = layer(*scan.state)
    whole = scan.run(alone, ragged([9], [(-1, 0)]), slice(None))
    kept = layer(*scan.state)
    first = scan.run(kept, ragged([2], [(-1, 5)]), slice(0, 2))
    both = LogScan(form, 9)
    for name in ("query", "key", "value", "decay", "gain"):
        setattr(both, name, torch.cat((getattr(mate, name), getattr(scan, name)[2:8])))
    middle = both.run(kept, ragged([4, 6], [(-1, 1), (5, 2)], [4, 8]), slice(None))
    last = scan.run(kept, ragged([1], [(2, 6)], [9]), slice(8, 9))
    for part, wanted in enumerate(whole):
        assert torch.equal(torch.cat((first[part], middle[part][4:], last[part])), wanted)
    assert torch.equal(kept.state_N[6], alone.state_N[0])
    again = scan.run(kept, ragged([1], [(2, 7)], [9]), slice(8, 9))
    assert all(torch.equal(*pair) for pair in zip(again, last, strict=True)), "a step run again reads what it read"


SHAPES = {"depthwise": (6, 6, 6), "grouped": (6, 4, 2)}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_causal_convolution_is_torch_s(shape: str, dtype: torch.dtype) -> None:
    inputs, outputs, groups = SHAPES[shape]
    x, weight = numbers(inputs, 7).to(dtype), numbers(outputs, inputs // groups, 4, seed=1).to(dtype)
    bias = numbers(outputs, seed=2).to(dtype)
    kept = layer(inputs, 3, dtype=dtype)
    found = _kernels.causal_conv(x, weight, bias, kept, ragged([7], [(-1, 0)]), groups=groups)
    padded = torch.nn.functional.pad(x.float(), (3, 0))[None]
    wanted = torch.nn.functional.conv1d(padded, weight.float(), bias.float(), groups=groups)[0]
    tolerance = 1e-5 if dtype is torch.float32 else 5e-2
    torch.testing.assert_close(found.float(), wanted, atol=tolerance, rtol=tolerance)
    assert torch.equal(kept.state_N[0], x[:, 4:])


@pytest.mark.parametrize("shape", SHAPES)
def test_chunks_and_mates_move_no_bit_of_a_convolution(shape: str) -> None:
    inputs, outputs, groups = SHAPES[shape]
    x, mate = numbers(inputs, 7), numbers(inputs, 5, seed=8)
    weight = numbers(outputs, inputs // groups, 4, seed=1)

    def run(part: Tensor, kept: RecurrentLayer, batch: Ragged) -> Tensor:
        return _kernels.causal_conv(part, weight, None, kept, batch, groups=groups)

    whole = run(x, layer(inputs, 3), ragged([7], [(-1, 0)]))
    kept = layer(inputs, 3)
    first = run(x[:, :1], kept, ragged([1], [(-1, 4)]))
    joined = torch.cat((mate, x[:, 1:6]), 1)
    middle = run(joined, kept, ragged([5, 5], [(-1, 0), (4, 2)], [5, 6]))[:, 5:]
    last = run(x[:, 6:], kept, ragged([1], [(2, 4)], [7]))
    assert torch.equal(torch.cat((first, middle, last), 1), whole)


def test_a_state_is_not_written_where_it_is_read() -> None:
    with pytest.raises(AssertionError, match="not written where it is read"):
        ragged([1], [(3, 3)])
