"""Weights of other tools' checkpoints, against the formulas that their own code restores them with."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from aweigh.memory.checkpoint.header import TensorEntry
from aweigh.memory.store.foreign import AWQ_ORDER, foreign
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.low_bit import Packing

O, C, GROUP = 80, 256, 64


def entries(tensors: dict[str, Tensor]) -> dict[str, TensorEntry]:
    def dtype(tensor: Tensor) -> DType:
        return next(kind for kind in DType if getattr(torch, kind.torch_name) is tensor.dtype)

    return {
        name: TensorEntry(name, dtype(t), dtype(t).name, tuple(t.shape), 0, t.nbytes) for name, t in tensors.items()
    }


def block(tensors: dict[str, Tensor]) -> Callable[[str, int, int, int, int], Tensor]:
    def read(name: str, row: int, row_end: int, column: int, column_end: int) -> Tensor:
        whole = tensors[name]
        matrix = whole.reshape(whole.shape[0] if whole.dim() == 2 else max(whole.numel(), 1), -1)
        return matrix[row:row_end, column:column_end].clone()

    return read


def restored(config: dict[str, Any], tensors: dict[str, Tensor]) -> tuple[Tensor, Packing]:
    """By panels, as a publish asks for them."""
    (weight,) = foreign({"quantization_config": config}, entries(tensors)).values()
    parts = []
    for first in range(0, O, 64):
        codes, scales, zeros = weight.rows(first, min(first + 64, O), block(tensors))
        assert codes.dtype == (torch.float8_e4m3fn if weight.packing.kind == "fp8" else torch.int8)
        assert codes.float().abs().max() <= (448 if weight.packing.kind == "fp8" else 8)
        values = codes.double().view(len(codes), -1, weight.packing.group)
        if zeros is not None:
            values = values - zeros.double().unsqueeze(-1)
        parts.append((values * scales.double().unsqueeze(-1)).flatten(1))
    return torch.cat(parts), weight.packing


def draw(*shape: int, low: int = 0, high: int = 16) -> Tensor:
    return torch.randint(low, high, shape, generator=torch.Generator().manual_seed(len(shape) + shape[0]))


def packed(codes: Tensor, dimension: int, order: tuple[int, ...] = tuple(range(8))) -> Tensor:
    """Eight codes along a dimension into an int32: number `order[i]` of them in bits 4 i."""
    moved = codes.movedim(dimension, -1)
    split = moved.reshape(*moved.shape[:-1], -1, 8)
    words = sum(split[..., at] << (4 * place) for place, at in enumerate(order))
    assert isinstance(words, Tensor)
    return words.to(torch.int32).movedim(-1, dimension).contiguous()


def test_compressed_tensors_of_4_bits() -> None:
    codes, scales = draw(O, C), torch.rand(O, C // GROUP).bfloat16()
    tensors = {
        "a.weight_packed": packed(codes, 1),
        "a.weight_scale": scales,
        "a.weight_shape": torch.tensor([O, C]),
    }
    found, packing = restored({"quant_method": "compressed-tensors", "format": "pack-quantized"}, tensors)
    wanted = (codes.double() - 8).view(O, -1, GROUP) * scales.double().unsqueeze(-1)
    assert torch.equal(found, wanted.flatten(1)) and packing == Packing("int4", DType.BFLOAT16, GROUP)


@pytest.mark.parametrize("method", ["gptq", "awq"])
def test_gptq_and_awq(method: str) -> None:
    codes, zeros = draw(C, O), draw(C // GROUP, O, high=15)
    scales = torch.rand(C // GROUP, O, generator=torch.Generator().manual_seed(0)).half()
    order = AWQ_ORDER if method == "awq" else tuple(range(8))
    tensors = {
        "a.qweight": packed(codes, 0) if method == "gptq" else packed(codes, 1, order),
        "a.qzeros": packed(zeros, 1, order),
        "a.scales": scales,
    }
    if method == "gptq":
        tensors["a.g_idx"] = (torch.arange(C) // GROUP).int()
        zeros = zeros + 1
    found, packing = restored({"quant_method": method, "bits": 4, "group_size": GROUP}, tensors)
    wide = [part.double().repeat_interleave(GROUP, 0) for part in (zeros, scales)]
    assert torch.equal(found, ((codes.double() - wide[0]) * wide[1]).T)
    assert packing == Packing("int4", DType.FLOAT16, GROUP, zeros=True)


@pytest.mark.parametrize("shape", [(), (1,), (O, 1), (2, 2)])
def test_float8(shape: tuple[int, ...]) -> None:
    codes = torch.randn(O, C, generator=torch.Generator().manual_seed(0)).to(torch.float8_e4m3fn)
    scales = torch.rand(shape, generator=torch.Generator().manual_seed(1)) + 0.1
    name = "a.weight_scale_inv" if shape == (2, 2) else "a.weight_scale"
    found, packing = restored({"quant_method": "fp8"}, {"a.weight": codes, name: scales})
    wide = scales.double()
    if shape == (2, 2):
        wide = wide.repeat_interleave(40, 0).repeat_interleave(128, 1)
    assert torch.equal(found, codes.double() * wide)
    assert packing == Packing("fp8", DType.FLOAT32, 128 if shape == (2, 2) else C)


def test_what_is_not_known_is_said() -> None:
    good = {"a.weight_packed": packed(draw(O, C), 1), "a.weight_scale": torch.rand(O, 4).bfloat16()}
    for config, tensors, sentence in (
        ({"quant_method": "nobody"}, good, "no weight of it is quantised in a way"),
        ({"quant_method": "gptq", "desc_act": True}, good, "order of their importance"),
        ({"quant_method": "compressed-tensors"}, good | {"a.weight_scale": torch.rand(O, 3)}, "fit no groups"),
        ({"quant_method": "compressed-tensors"}, {"a.weight_packed": good["a.weight_packed"]}, "no scales"),
    ):
        with pytest.raises(InvalidRequest, match=sentence):
            foreign({"quantization_config": config}, entries(tensors))
    with pytest.raises(InvalidRequest, match="nothing is quantised"):
        foreign({}, entries(good))
