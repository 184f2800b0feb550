"""Every pass on every captured model: the module computes the same before and after it."""

from typing import Any

import pytest
import torch
from tests.compiler.modules import MODELS, every_op, logits, model_text, parse, weights_of

from aweigh.compiler import pipeline
from aweigh.compiler.dialect import read


@pytest.mark.parametrize("name", MODELS)
def test_no_pass_moves_the_logits(name: str) -> None:
    module = parse(model_text(name))
    weights = weights_of(module)
    wanted = logits(module, weights)
    assert torch.isfinite(wanted).all()
    moved: list[str] = []

    def watch(step: str, state: Any, seconds: float) -> None:
        found = logits(state, weights)
        if not torch.allclose(found.float(), wanted.float(), rtol=0, atol=1e-5 * float(wanted.abs().max())):
            moved.append(f"{step}: {float((found - wanted).abs().max())}")

    layers = sum(read.kind(op) == "torch.aweigh.attend" for op in every_op(module))
    pipeline.run(module, pipeline.passes(layers), watch)
    assert moved == []
