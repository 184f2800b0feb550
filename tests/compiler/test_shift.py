"""Shifts by one token, and two convolutions behind one padding: as causal convolutions they give the same numbers."""

import math
from typing import Any

import pytest
import torch
from tests.compiler.run_graph import _Interpreter
from tests.compiler.test_normalise import program
from torch import Tensor
from torch.nn import functional

from aweigh.compiler.capture.normalise import normalise
from aweigh.proto.errors import UnsupportedModel

CONV: Any = torch.ops.aweigh.causal_conv.default
pad: Any = torch.ops.aten.constant_pad_nd  # what torch.nn.functional.pad comes down to


def numbers(*shape: int) -> Tensor:
    return (torch.arange(math.prod(shape)) % 7 - 3.0).view(shape) / 4


def both(x: Tensor, padding: int = 4, bias: bool = True, second: bool = True) -> Tensor:
    padded = pad(x.transpose(1, 2), [padding, 0])
    first = functional.conv1d(padded, numbers(8, 1, 3), numbers(8) if bias else None, groups=8)
    return functional.conv1d(first, numbers(8, 4, 3), numbers(8) if second else None, groups=2).transpose(1, 2)


def fronted(x: Tensor, front: Tensor) -> Tensor:
    return torch.cat((front, x[:, :-1]), 1)


BODIES: dict[str, tuple[Any, int]] = {
    "a padding that cuts": (lambda x, c: pad(x, [0, 0, 1, -1]), 1),
    "zeros in front": (lambda x, c: fronted(x, x.new_zeros(1, 1, 8)), 1),
    "a product of zeros in front": (lambda x, c: fronted(x @ numbers(8, 8), x.new_zeros(1, 1, 8) @ numbers(8, 8)), 1),
    "two shifts": (lambda x, c: pad(pad(x, [0, 0, 1, -1]), [0, 0, 1, -1]), 2),
    "two convolutions": (lambda x, c: both(x), 2),
    "two convolutions, one bias": (lambda x, c: both(x, second=False), 2),
    "two convolutions without a bias": (lambda x, c: both(x, bias=False), 2),
}

OTHERWISE: dict[str, Any] = {
    "ones in front": lambda x, c: fronted(x, x.new_ones(1, 1, 8)),
    "zeros behind a bias": lambda x, c: fronted(
        x, functional.linear(x.new_zeros(1, 1, 8), numbers(8, 8), torch.ones(8))
    ),
    "a look ahead": lambda x, c: pad(x, [0, 0, -1, 1]),
    "a padding of ones": lambda x, c: pad(x, [0, 0, 1, -1], 1.0),
    "too short a padding": lambda x, c: functional.pad(both(x, padding=3), (0, 0, 0, 1)),
}


@pytest.mark.parametrize("name", BODIES)
def test_equal_before_and_after(name: str) -> None:
    body, count = BODIES[name]
    exported = program(body)
    given = (torch.arange(20)[None], torch.arange(20)[None], torch.arange(20))
    wanted = exported.module()(*given)
    made = normalise(exported)
    assert len(made.graph.find_nodes(op="call_function", target=CONV)) == count
    values = {**made.state_dict, **made.constants}
    inputs = iter(given)
    arguments = [next(inputs) if s.target is None else values[s.target] for s in made.graph_signature.input_specs]
    found = _Interpreter(made.graph_module).run(*arguments)[0]
    torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize("name", OTHERWISE)
def test_others_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedModel, match="mixes tokens of the batch"):
        normalise(program(OTHERWISE[name]))
