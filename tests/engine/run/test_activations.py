"""Plans of activations: a run whose values lie where the plan says gives what the module gives; admission by what a plan says."""

import math
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch
from tests.engine.run.modules import model
from torch import Tensor, nn
from torch.nn import functional as F

from aweigh.engine.core import ModelSpec
from aweigh.engine.core import Sequence as Tokens
from aweigh.engine.loading import Loaded
from aweigh.engine.rpc import calls
from aweigh.engine.run.admission import admit
from aweigh.engine.run.forward import forward
from aweigh.engine.run.model import Bound, Model
from aweigh.engine.run.structure import Structure
from aweigh.engine.schedule.instructions import PlanRow
from aweigh.kernels import load as load_kernels
from aweigh.kernels.base import Ragged
from aweigh.memory.checkpoint.directory import Checkpoint
from aweigh.memory.host_arena import HostArena
from aweigh.memory.kv import KvStore
from aweigh.memory.sources import Sources
from aweigh.memory.weights import load
from aweigh.proto.canonical import fingerprint
from aweigh.proto.errors import Overloaded
from aweigh.proto.expression import evaluate


def run_in_pools(bound: Bound, inputs: Sequence[Tensor], ragged: Ragged | None = None) -> dict[str, Tensor]:
    """`Bound.run` in which every result moves to its place as soon as it is there: what shares bytes that it should not is overwritten.

    Bytes that nobody holds any more are spoilt, too.
    """
    plan = bound.plan
    symbols = tuple([inputs[index].shape[dimension] for index, dimension in plan.symbols])
    r = bound._sized(symbols).copy()
    r[plan.ragged] = ragged
    for register, tensor in zip(plan.inputs, inputs, strict=True):
        r[register] = tensor
    size_of = {unit: math.prod(evaluate(dim, symbols) for dim in unit) for unit, _ in plan.activations.shared}
    pools = {unit: torch.empty(size * size_of[unit], dtype=torch.uint8) for unit, size in plan.activations.shared}
    for at, (run, ends) in enumerate(plan.steps):
        run(r)
        for one in plan.activations.placements:
            if one.first != at or one.value < 0:
                continue
            begin, size = one.offset * size_of[one.unit], one.bytes * size_of[one.unit]
            value = r[one.value]
            if not value.numel():
                continue  # what a batch norm at rest leaves out
            assert value.nbytes == size, "a step makes as many bytes as were planned"
            place = pools[one.unit][begin : begin + size].view(value.dtype).view(value.shape)
            r[one.value] = place.copy_(value)
        for register in ends:
            r[register] = None
        for one in plan.activations.placements:
            if one.last == at:
                begin, size = one.offset * size_of[one.unit], one.bytes * size_of[one.unit]
                pools[one.unit][begin : begin + size] = 0xFF  # NaN, or -1
    return {name: r[register] for name, register in plan.outputs}


class Attending(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out, self.norm = nn.Linear(16, 48), nn.Linear(16, 16), nn.LayerNorm(16)
        self.up, self.down = nn.Linear(16, 64), nn.Linear(64, 16)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        first = x
        for _ in range(3):
            b, t, _ = x.shape
            q, k, v = self.qkv(self.norm(x)).view(b, t, 3, 2, 8).permute(2, 0, 3, 1, 4)
            x = x + self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, t, 16))
            x = x + self.down(torch.tanh(self.up(x)) * x.sum(-1, keepdim=True))
        return x[:, ::2] * 2, first + x.flip(1)


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(8, 8, 3, 1, 1)
        self.norm, self.last = nn.BatchNorm2d(8), nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.first(x))
        x = F.relu(self.norm(self.second(x)) + x)
        found: Tensor = self.last(F.adaptive_avg_pool2d(torch.cat((x, x * 2), dim=2), 1).flatten(1))
        return found


@pytest.mark.parametrize(("kind", "shape"), [(Attending, (2, 6, 16)), (Residual, (2, 3, 8, 8))])
@pytest.mark.parametrize("kernels", ["cpu", "reference"])
def test_values_that_lie_as_planned_do_not_meet(
    kind: type[nn.Module], shape: tuple[int, ...], kernels: str, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    made, inputs = kind().eval(), torch.randn(shape)
    loaded = model(made, (inputs,), tmp_path, kernels)
    with torch.inference_mode():
        expected = made(inputs)
        found = run_in_pools(loaded.function("main"), [inputs])
    expected = expected if isinstance(expected, tuple) else (expected,)
    for number, one in enumerate(expected):
        torch.testing.assert_close(found[str(number)], one, atol=1e-5, rtol=1e-4)
    planned = loaded.structure.plan("main").activations
    assert planned.bytes(()) < planned.bytes_apart(())


@pytest.mark.parametrize("kernels", ["cpu", "reference"])
def test_one_plan_is_for_every_number_of_tokens(tiny: Any, kernels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arena = HostArena()
    structure = Structure(tiny.program, fingerprint(tiny.program), load_kernels(kernels), torch.device("cpu"))
    structure.open_pools(KvStore(arena, 1 << 20), 4)
    spec = ModelSpec("tiny", b"f", b"i", 4)
    with torch.inference_mode():
        weights = load(tiny.manifest, tiny.program.slots, Sources(Checkpoint(tiny.directory)), arena)
        loaded = Model("tiny", structure, weights)
        monkeypatch.setattr(Bound, "run", run_in_pools)
        for count in (1, 5, 12):
            tokens = list(range(3, 3 + count))
            row = PlanRow(1, 0, Tokens(spec, array("q", tokens)), 0, count, ([0, 1, 2],), count)
            found = forward(loaded, [row], block_size=4).logits_RV
            torch.testing.assert_close(found, tiny.logits(tokens), atol=2e-4, rtol=1e-4)


def test_a_call_that_needs_more_memory_than_there_is_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = torch.export.Dim("batch", min=2)
    network, x = nn.Sequential(nn.Linear(8, 1024), nn.Tanh(), nn.Linear(1024, 8)), torch.randn(4, 8)
    loaded = model(network, (x,), tmp_path, dynamic_shapes=({0: batch},))
    plan = loaded.structure.plan("main")
    size = plan.activations.bytes((1 << 20,))
    assert size >= 4 * (1024 + 8) << 20
    admit(plan, (1 << 20,), lambda: size)
    with pytest.raises(Overloaded, match=f"needs {size} bytes of memory at once, {size - 1} are available"):
        admit(plan, (1 << 20,), lambda: size - 1)
    admit(plan, (4,), lambda: 0)

    there = Loaded(loaded, ModelSpec("m", b"f", b"i", 16), "")
    given: Mapping[str, Tensor] = {"0": torch.zeros(1, 1).expand(1 << 16, 8)}
    assert calls.check(there, "main", dict(given))[1] == 4 * 1024 << 16
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1 << 20))
    with pytest.raises(Overloaded, match="1048576 are available"):
        calls.check(there, "main", dict(given))
