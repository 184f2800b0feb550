"""The pure parts of the rung for modules of the script's process, each on its own."""

import gc
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from blake3 import blake3
from torch import nn
from torch._export.serde.serialize import SerializeError

from aweigh.compiler.capture.exported import exported_bytes, exported_from
from aweigh.compiler.capture.module import capture_graph
from aweigh.compiler.offload.module import calling, cost, exporting, fast_paths, origins
from aweigh.compiler.offload.module.gradient import with_gradient
from aweigh.compiler.offload.module.ledger import Ledger, bytes_of
from aweigh.compiler.offload.module.partition import Parts, Tangled, partition
from aweigh.compiler.offload.module.sizes import Sizes, sizes_of
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import compiler_pb2, program_pb2


def test_a_call_is_worth_the_trip_by_operations_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWEIGH_ROUND_TRIP", raising=False)
    assert cost.worth(1e9, 1 << 20)
    assert not cost.worth(1e7, 0)
    assert not cost.worth(1e9, 1 << 30)
    assert cost.hopeless(10_000, 512)
    assert not cost.hopeless(25_000_000, 150_000)
    assert cost.rents(1_000_000, 0.5) and not cost.rents(1_000_000, 1.5) and not cost.rents(100_000_000, 0.0)
    monkeypatch.setenv("AWEIGH_ROUND_TRIP", "0")
    assert cost.worth(0, 1 << 30)
    assert not cost.hopeless(1, 1) and not cost.rents(1, 0.0)


def test_operations_are_those_of_the_matrices() -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.Flatten(), nn.Linear(8 * 16, 10)).eval()
    program = torch.export.export(net, (torch.zeros(2, 3, 4, 4),))
    assert cost.flops_of(program) == 2 * (2 * 8 * 16) * (3 * 9) + 4 * (2 * 8 * 16) + 2 * 2 * 10 * 128


def test_a_graph_that_torch_captures_and_cannot_write_down_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwritten(program: object) -> bytes:
        raise SerializeError("Failed serializing node beyond\nand much more")

    monkeypatch.setattr(exporting, "exported_bytes", unwritten)
    graph = torch.fx.symbolic_trace(nn.ReLU())
    with pytest.raises(
        UnsupportedModel, match=r"cannot be exported \(SerializeError: Failed serializing node beyond\)"
    ):
        exporting.export(graph, [exporting.Given("input")], [], [], [torch.zeros(3, 2)], [{0}])


def test_a_sum_of_many_sizes_is_written_down() -> None:
    class Sum(nn.Module):
        def forward(self, x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
            return x.new_zeros(torch.sym_sum((x.shape[0], y.shape[0], z.shape[0]))) + 1  # type: ignore[no-untyped-call]

    given = [exporting.Given("input", at) for at in range(3)]
    inputs = [torch.zeros(3), torch.zeros(4), torch.zeros(5)]
    made = exporting.export(torch.fx.symbolic_trace(Sum()), given, [], [], inputs, [{0}] * 3)
    assert made.program.module()(torch.zeros(5), torch.zeros(6), torch.zeros(7)).shape == (18,)
    assert exported_from(made.data).graph.find_nodes(op="call_function", target=operator.add)


class _Losses(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return nn.functional.cross_entropy(self.layer(x), y)


def test_a_graph_that_was_handed_over_can_be_decomposed() -> None:
    net = _Losses().eval()
    exported = torch.export.export(net, (torch.zeros(2, 4), torch.zeros(2, dtype=torch.long)))
    captured = capture_graph(exported_from(exported_bytes(exported)))
    assert all(str(node.target) != "aten.cross_entropy_loss.default" for node in captured.program.graph.nodes)
    assert captured.literals.keys() == set()


_MASKS: dict[str, dict[str, torch.Tensor]] = {
    "none": {},
    "causal": {"src_mask": torch.full((4, 4), -torch.inf).triu(1)},
    "pads": {"src_key_padding_mask": torch.tensor([[0, 0, 1, 1], [0, 0, 0, 0]]).bool()},
    "pads alone": {"src_key_padding_mask": torch.tensor([[1, 1, 1, 1], [0, 0, 0, 0]]).bool()},
    "both": {
        "src_mask": torch.ones(4, 4).triu(1).bool(),
        "src_key_padding_mask": torch.tensor([[0, 0, 0, 1], [0, 0, 1, 1]]).bool(),
    },
}


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("masks", _MASKS)
def test_a_fused_layer_is_what_it_is_spelled_out_as(
    masks: str, norm_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, activation="gelu", batch_first=True, norm_first=norm_first).eval()
    x, fused = torch.randn(2, 4, 8), torch._transformer_encoder_layer_fwd
    with torch.no_grad():
        expected = layer(x, **_MASKS[masks])
        monkeypatch.setattr(torch, fused.__name__, fast_paths._SPELLED[fused])
        torch.testing.assert_close(layer(x, **_MASKS[masks]), expected, equal_nan=True)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_a_bag_is_what_it_is_spelled_out_as(mode: str) -> None:
    ids, weight = torch.tensor([[0, 2, 1], [3, 3, 0]]), torch.randn(4, 5)
    spelled, original = fast_paths._SPELLED[nn.functional.embedding_bag], nn.functional.embedding_bag
    torch.testing.assert_close(spelled(ids, weight, mode=mode), original(ids, weight, mode=mode))
    more = {"per_sample_weights": torch.rand(2, 3)} if mode == "sum" else {"padding_idx": 0}
    torch.testing.assert_close(spelled(ids, weight, mode=mode, **more), original(ids, weight, mode=mode, **more))


def test_a_weight_of_many_times_its_memory_is_not_written_out() -> None:
    with pytest.raises(UnsupportedModel, match="a weight of 12800000000 bytes repeats what is less in memory"):
        Ledger().entry(torch.ones(1, 8).expand(400_000_000, 8))
    assert Ledger().entry(torch.ones(1, 8).expand(4, 8)).digest is not None


# What is computed elsewhere, and the views that are taken here.


def _parts(function: Callable[..., Any], *inputs: torch.Tensor) -> tuple[Parts, Any]:
    """The parts of a function's graph, and the graph."""
    found: list[Any] = []

    def backend(graph: Any, examples: Any) -> Any:
        try:
            found.append((partition(graph), graph))
        except Tangled as tangled:
            found.append((tangled, graph))
        return graph.forward

    torch._dynamo.reset()
    torch.compile(function, backend=backend)(*inputs)
    ((parts, graph),) = found
    if isinstance(parts, Tangled):
        raise parts
    return parts, graph


def test_views_are_taken_here_of_what_comes_back() -> None:
    def function(x: torch.Tensor) -> Any:
        h = x * 2
        return h, h[:, :1], x[1:], h.t()

    x = torch.arange(6.0).view(2, 3)
    parts, _ = _parts(function, x)
    assert len(parts.roots) == 1
    assert parts.tail is not None
    (root,) = parts.remote(x)
    outputs = parts.tail(x, root)
    for made, expected in zip(outputs, (one for one in function(x)), strict=False):
        assert torch.equal(made, expected)
    shared = [one.untyped_storage().data_ptr() for one in outputs]
    assert root.untyped_storage().data_ptr() in shared
    assert x.untyped_storage().data_ptr() in shared


def test_nothing_is_left_here_where_nothing_is_viewed() -> None:
    parts, _ = _parts(lambda x: (x + 1, x.sum()), torch.ones(2, 3))
    assert parts.tail is None
    assert len(parts.roots) == 2


@pytest.mark.parametrize("function", [lambda x: x.add_(1), lambda x: (y := x + 1, y.mul_(2))])
def test_memory_that_is_written_to_and_returned_twice_is_not_taken_apart(function: Callable[..., Any]) -> None:
    with pytest.raises(Tangled, match="memory"):
        _parts(function, torch.ones(2, 3))


# Sizes.


def test_a_program_is_for_the_sizes_that_it_says() -> None:
    dynamic = ({0: torch.export.Dim.AUTO},)
    sizes = sizes_of(torch.export.export(nn.Linear(3, 2), (torch.zeros(4, 3),), dynamic_shapes=dynamic))
    assert sizes.fits([torch.zeros(7, 3)])
    assert not sizes.fits([torch.zeros(7, 4)])
    assert not sizes.fits([torch.zeros(1, 3)])
    (symbol,) = sizes.ranges
    given = program_pb2.FunctionInput(name="0")
    given.type.dims.add(symbol=0)
    given.type.dims.add(constant=3)
    program = program_pb2.Program(functions=[program_pb2.Function(name="main", inputs=[given], symbols=[symbol])])
    sizes.narrow(compiler_pb2.Compiled(program=program, ranges=[compiler_pb2.Range(least=2, most=6)]))
    assert sizes.fits([torch.zeros(6, 3)])
    assert not sizes.fits([torch.zeros(7, 3)])


def test_one_symbol_is_one_size() -> None:
    import sympy

    s = sympy.Symbol("s")
    sizes = Sizes([(s, 2), (s,), (2 * s,)])
    assert sizes.fits([torch.zeros(3, 2), torch.zeros(3), torch.zeros(6)])
    assert not sizes.fits([torch.zeros(3, 2), torch.zeros(4), torch.zeros(6)])
    assert not sizes.fits([torch.zeros(3, 2), torch.zeros(3), torch.zeros(7)])


# What a weight's bytes are called.


def _written(weight: torch.Tensor) -> dict[str, Callable[[], Any]]:
    return {
        "in place": lambda: weight.add_(1),
        "by .data": lambda: weight.data.add_(1),
        "a view": lambda: weight.detach()[0].add_(1),
        "numpy": lambda: weight.detach().numpy().__iadd__(1),
        "numpy of .data": lambda: weight.data.numpy().__iadd__(1),
        "assigned": lambda: setattr(weight, "data", weight.detach() + 1),
        "dlpack": lambda: torch.utils.dlpack.from_dlpack(weight.detach()).add_(1),
        "storage": lambda: weight.untyped_storage().fill_(1),  # type: ignore[attr-defined]
        "another parameter over it": lambda: nn.Parameter(weight.detach()).requires_grad_(False).add_(1),
    }


@pytest.mark.parametrize("way", list(_written(torch.zeros(1))))
def test_every_way_to_write_makes_another_digest(way: str) -> None:
    ledger = Ledger()
    weight = nn.Parameter(torch.zeros(4, 4), requires_grad=False)
    before = ledger.entry(weight)
    assert ledger.entry(weight) is before
    _written(weight)[way]()
    after = ledger.entry(weight)
    assert after.digest == blake3(bytes_of(weight)).digest() != before.digest
    assert ledger.entry(weight).digest == after.digest


def test_whoever_holds_the_memory_is_watched_until_it_is_gone() -> None:
    ledger = Ledger()
    weight = nn.Parameter(torch.zeros(4, 4), requires_grad=False)
    ledger.entry(weight)
    array = weight.detach().numpy()
    first = ledger.entry(weight)
    array += 1
    second = ledger.entry(weight)
    assert first.digest != second.digest
    del array
    gc.collect()
    settled = ledger.entry(weight)
    assert ledger.entry(weight) is settled
    weight.data_ptr()
    assert ledger.entry(weight) is not ledger.entry(weight)  # a pointer is never taken back


def test_the_bytes_of_a_tensor_are_in_c_order() -> None:
    weight = torch.arange(12.0).view(3, 4)
    assert bytes(bytes_of(weight.t())) == weight.t().contiguous().numpy().tobytes()
    assert bytes(bytes_of(torch.view_as_complex(torch.ones(3, 2)).conj())) == (torch.ones(3) - 1j).numpy().tobytes()
    assert ledger_shape(weight.t()) == [4, 3]
    one = torch.arange(4.0)[1::4]  # one element, which is contiguous whatever its stride
    assert one.stride() == (4,)
    assert bytes(bytes_of(one)) == bytes(calling._bytes_of(one)) == one.numpy().tobytes()


def ledger_shape(tensor: torch.Tensor) -> list[int]:
    return list(Ledger().entry(tensor).expression.content.shape)


def test_a_tensor_of_a_file_is_named_by_its_place_while_both_are_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    values = torch.arange(8.0)
    path.write_bytes(b"head" + bytes(bytes_of(values)))
    file = origins.identity(str(path))
    assert file is not None
    ledger = Ledger()
    weight = values.clone()
    origins.record(weight, file, 4)
    found = ledger.entry(weight)
    assert found.digest is None
    assert (found.expression.file.offset, list(found.expression.file.shape)) == (4, [8])
    assert ledger.entry(weight, content=True).digest == blake3(bytes_of(weight)).digest()
    weight[3] += 1
    assert ledger.entry(weight).digest is not None
    path.write_bytes(b"other")
    fresh = values.clone()
    origins.record(fresh, file, 4)
    assert ledger.entry(fresh).digest is not None


def test_gradients_are_those_of_the_computation_here() -> None:
    x = torch.linspace(-1, 1, 6).view(2, 3).requires_grad_()
    w = torch.ones(3, 3, requires_grad=True)

    def here(x: torch.Tensor, w: torch.Tensor, n: int) -> Any:
        return torch.tanh(x @ w) * n, (x > 0).sum()

    def remote(*arguments: Any) -> Any:
        with torch.no_grad():
            return [one.detach() for one in here(*arguments)]

    found, count = with_gradient(remote, here, (x, w, 2), [True, False])
    assert found.requires_grad
    assert not count.requires_grad
    expected = torch.autograd.grad(here(x, w, 2)[0].square().sum(), (x, w))
    for made, right in zip(torch.autograd.grad(found.square().sum(), (x, w)), expected, strict=True):
        torch.testing.assert_close(made, right)
