"""Windows over tokens: as a convolution that picks they hold the same numbers, and what else is a window is refused."""

from typing import Any

import pytest
import torch
from tests.compiler.run_graph import _Interpreter
from tests.compiler.test_normalise import program
from torch import Tensor

from aweigh.compiler.capture.normalise import normalise
from aweigh.proto.errors import UnsupportedModel

CONV: Any = torch.ops.aweigh.causal_conv.default
pad: Any = torch.ops.aten.constant_pad_nd  # what torch.nn.functional.pad comes down to


def taps(windows_1CTW: Tensor, own: Tensor) -> Tensor:
    """The windows weighted by taps that each token has of its own: [1, T, C]."""
    width = windows_1CTW.shape[3]
    return (windows_1CTW.flip(3).transpose(1, 2) * own.unsqueeze(2)[..., :width]).sum(3)


def padded(x: Tensor, front: int, behind: int = 0, filled: float = 0.0) -> Tensor:
    out: Tensor = pad(x.transpose(1, 2), [front, behind], filled)
    return out


BODIES: dict[str, Any] = {
    "windows of four": lambda x, c: taps(padded(x, 3).unfold(-1, 4, 1), x),
    "windows of two": lambda x, c: taps(padded(x, 1).unfold(2, 2, 1), x),
    "a cut that cuts nothing": lambda x, c: taps(padded(x, 3)[..., -(x.shape[1] + 3) :].unfold(-1, 4, 1), x),
}
OTHERWISE: dict[str, Any] = {
    "windows that look ahead": lambda x, c: taps(padded(x, 0, 3).unfold(-1, 4, 1), x),
    "a padding of ones": lambda x, c: taps(padded(x, 3, 0, 1.0).unfold(-1, 4, 1), x),
    "a front that is longer than a window": lambda x, c: taps(padded(x, 4)[..., 1:].unfold(-1, 4, 1), x),
}


@pytest.mark.parametrize("name", BODIES)
def test_equal_before_and_after(name: str) -> None:
    exported = program(BODIES[name])
    given = (torch.arange(20)[None], torch.arange(20)[None], torch.arange(20))
    wanted = exported.module()(*given)
    made = normalise(exported)
    assert len(made.graph.find_nodes(op="call_function", target=CONV)) == 1
    values = {**made.state_dict, **made.constants}
    inputs = iter(given)
    arguments = [next(inputs) if s.target is None else values[s.target] for s in made.graph_signature.input_specs]
    found = _Interpreter(made.graph_module).run(*arguments)[0]
    torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize("name", OTHERWISE)
def test_other_windows_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedModel, match="mixes tokens of the batch"):
        normalise(program(OTHERWISE[name]))
