"""Every pass on every captured model: the module computes the same before and after it."""

from typing import Any

import pytest
import torch
from tests.compiler.modules import MODELS, every_op, logits, model_text, parse, weights_of

from aweigh.compiler import pipeline
from aweigh.compiler.dialect import read, tensors
from aweigh.compiler.dialect.build import attributes
from aweigh.kernels import low_bit
from aweigh.memory.store.quantize import pack, pack_scales, quantize
from aweigh.proto.dtypes import DType
from aweigh.proto.low_bit import PACKED, SCALES, Packing


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


def test_weights_of_few_bits_are_what_they_stand_for() -> None:
    """The Program over packed weights computes what the other computes over the same weights restored, and its layers are one loop."""
    module = parse(model_text("llama"))
    packing = Packing("int4", DType.BFLOAT16, 32)
    names = {
        attributes(op)["name"]: tensors.read(op.results[0])
        for op in every_op(module)
        if op.name == "aweigh.weight" and attributes(op)["name"].endswith("_proj.weight")
    }
    assert names
    weights = weights_of(module)
    for name in names:
        for first in range(0, len(weights[name]), 64):
            codes, scales = quantize(weights[name][first : first + 64], packing)
            parts = (
                weights.setdefault(f"{name}.{PACKED}", torch.empty(0)),
                weights.setdefault(f"{name}.{SCALES}", torch.empty(0)),
            )
            for part, key, more in zip(
                parts, (PACKED, SCALES), (pack(codes, "int4"), pack_scales(scales)), strict=True
            ):
                weights[f"{name}.{key}"] = more[None] if not len(part) else torch.cat((part, more[None]))
        packed, scales = weights[f"{name}.{PACKED}"], weights[f"{name}.{SCALES}"]
        made = low_bit.dequantize(packed, scales, None, kind="int4", outputs=len(weights[name]), dtype=torch.float64)
        weights[name] = made.to(weights[name].dtype)
    wanted = logits(module, weights)
    layers = sum(read.kind(op) == "torch.aweigh.attend" for op in every_op(module))
    pipeline.run(module, pipeline.passes(layers, dict.fromkeys(names, packing)))
    assert {read.kind(op) for op in every_op(module)} >= {"aweigh.dequantize", "aweigh.repeat"}
    assert sum(op.name == "aweigh.dequantize" for op in every_op(module)) == len(names) // layers
    found = logits(module, weights)
    assert torch.allclose(found.float(), wanted.float(), rtol=0, atol=1e-5 * float(wanted.abs().max()))
