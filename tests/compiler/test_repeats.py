"""Layers that are built alike are traced once, and the graph is what it were if each had been traced."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import torch
import transformers
from torch import nn
from torch.export import ExportedProgram

from aweigh.compiler.capture import capture as capturing
from aweigh.compiler.capture.alike import Number, numbers_apart
from aweigh.compiler.capture.repeats import repeats_traced_once
from aweigh.compiler.capture.unfold import unfold
from aweigh.compiler.compilation import compile_config
from aweigh.proto.canonical import fingerprint

DEPTH = 4
SMALL = {"hidden_size": 32, "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 64}


class Layer(nn.Module):
    """Has a number, and what it does with it is given."""

    number: Any
    shift: torch.Tensor

    def __init__(self, number: int, use: Callable[["Layer", torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.number = number
        self.use = use
        self.weight = nn.Parameter(torch.randn(8, 8))
        self.register_buffer("shift", torch.full((8,), float(number)))

    def forward(self, x: torch.Tensor, *, more: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        y = self.use(self, torch.relu(x @ self.weight) + self.shift)
        return (y if more is None else y + more), x


class Stack(nn.Module):
    def __init__(self, use: Callable[[Layer, torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(number, use) for number in range(DEPTH))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        before = x + 1
        for layer in self.layers:
            x, before = layer(x, more=before)
        return x + before


def _traced(model: Stack) -> tuple[ExportedProgram, int]:
    """The program, and how many layers were not traced."""
    with torch.no_grad(), repeats_traced_once(model):
        program = torch.export.export(
            model, (torch.ones(3, 8),), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},), strict=False
        )
    again = len(program.graph.find_nodes(op="call_function", target=torch.ops.aweigh.again.default))
    unfold(program.graph)
    program.graph_module.recompile()
    return program, again


def _nothing(layer: Layer, y: torch.Tensor) -> torch.Tensor:
    return y


@pytest.mark.parametrize(
    ("use", "again"),
    [
        (_nothing, DEPTH - 1),
        (lambda layer, y: y * layer.number, 0),
        (lambda layer, y: y[:, [0, 1, 2, 3, 4, 5, 6, 7]] if [True] * 8 and layer.number == 1 else y, 0),
        (lambda layer, y: y + [0.5, 1.5, 2.5, 3.5][layer.number], 0),
    ],
)
def test_a_layer_is_traced_again_where_its_number_matters(use: Any, again: int) -> None:
    model = Stack(use)
    program, untraced = _traced(model)
    assert untraced == again
    x = torch.randn(5, 8)
    with torch.no_grad():
        assert torch.equal(program.module()(x), model(x))
    assert [vars(layer)["number"] for layer in model.layers] == [0, 1, 2, 3]
    assert not any("forward" in vars(layer) for layer in model.layers)


def test_the_graph_is_that_of_layers_traced_one_by_one() -> None:
    model = Stack(_nothing)
    program, _ = _traced(model)
    with torch.no_grad():
        whole = torch.export.export(
            model, (torch.ones(3, 8),), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},), strict=False
        )

    def text(program: ExportedProgram) -> list[tuple[str, str]]:
        names: dict[Any, str] = {}
        lines = []
        for node in program.graph.nodes:
            names[node] = node.name if node.op == "placeholder" else f"%{len(names)}"
            arguments = torch.fx.node.map_arg((node.args, node.kwargs), names.__getitem__)
            lines.append((str(node.target), str(arguments)))
        return lines

    assert text(program) == text(whole)


def test_modules_that_differ_are_told() -> None:
    def apart(change: Callable[[Layer], None]) -> list[tuple[str, str]] | None:
        first, other = Layer(0, _nothing), Layer(3, _nothing)
        change(other)
        return numbers_apart(first, other, 0, 3)

    assert apart(lambda layer: None) == [("", "number")]
    assert apart(lambda layer: setattr(layer, "number", 2)) is None
    assert apart(lambda layer: setattr(layer, "scale", 1.0)) is None
    assert apart(lambda layer: setattr(layer, "weight", nn.Parameter(torch.ones(8, 9)))) is None
    assert apart(lambda layer: layer.register_buffer("shift", torch.zeros(8, dtype=torch.float64))) is None
    assert apart(lambda layer: layer.add_module("more", nn.ReLU())) is None
    assert apart(lambda layer: setattr(layer, "training", False)) is None


def test_a_number_tells_of_its_use() -> None:
    for use in (lambda n: n + 1, lambda n: [0, 1][n], lambda n: n == 1, lambda n: {n: 0}, lambda n: f"{n}", bool):
        number = Number(1)
        assert not number.used
        use(number)
        assert number.used


@pytest.mark.parametrize(
    "config",
    [
        transformers.LlamaConfig(**SMALL, intermediate_size=48, num_hidden_layers=5),
        transformers.Gemma2Config(**SMALL, head_dim=8, intermediate_size=48, num_hidden_layers=6),
        transformers.GPT2Config(n_embd=32, n_head=4, n_layer=4, vocab_size=64, scale_attn_by_inverse_layer_idx=True),
        transformers.MixtralConfig(**SMALL, intermediate_size=48, num_hidden_layers=4, num_local_experts=4),
    ],
    ids=lambda config: type(config).__name__,
)
def test_programs_are_the_same_either_way(config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    once = compile_config(config, torch.float32).emitted
    monkeypatch.setattr(capturing, "repeats_traced_once", lambda model: nullcontext())
    each = compile_config(config, torch.float32).emitted
    assert fingerprint(once.program) == fingerprint(each.program) and once.names == each.names
