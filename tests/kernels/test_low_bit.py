"""Products with weights of few bits against float64, whatever the shape, and the bytes that they are made of."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from aweigh.kernels import load, low_bit
from aweigh.kernels.base import LowBit, Slot
from aweigh.kernels.cpu import low_bit_linear
from aweigh.kernels.cpu.block import block
from aweigh.kernels.cpu.low_bit_projection import LowBitProjection, Variant
from aweigh.kernels.cpu.native import Native, compiled
from aweigh.kernels.cpu.recorder import NotNative, Recorder
from aweigh.proto import low_bit as wire

CPU: Any = load("cpu")
REFERENCE: Any = load("reference")
NORM = {torch.float32: 1e-5, torch.bfloat16: 1e-2, torch.float16: 2e-3}
KINDS = ("int4", "int8", "fp8")


def matrix(kind: str, outputs: int, columns: int, group: int, dtype: torch.dtype, **said: Any) -> LowBit:
    """Random codes. Rows beyond the last output are 255 or NaN: nobody may read them into a result."""
    generator = torch.Generator().manual_seed(said.get("seed", 0))
    scale = said.get("scale", torch.bfloat16)
    panels = -(-outputs // 64)
    shape = wire.packed_shape(kind, outputs, columns)
    packed = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
    if kind == "fp8":
        packed[(packed & 0x7F) == 0x7F] = 1  # NaN is no code; 1 is a subnormal
    scales = (torch.rand(panels, columns // group, 64, generator=generator) * 0.1 + 0.01).to(scale)
    zeros = torch.randint(-8, 8, scales.shape, generator=generator).to(scale) if said.get("zeros") else None
    if left := outputs % 64:
        for part in (scales, zeros):
            if part is not None:
                part[-1, :, left:] = float("nan")
    return LowBit(packed, scales, zeros, kind, outputs, dtype)


def exact(weight: LowBit) -> Tensor:
    return LowBit(weight.packed, weight.scales, weight.zeros, weight.kind, weight.outputs, torch.float64).tensor


def test_both_rooms_say_the_same() -> None:
    assert (low_bit.PANEL, low_bit.BLOCK, low_bit.BITS) == (wire.PANEL, wire.BLOCK, wire.BITS)


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_code_lies(kind: str) -> None:
    """By the words of `aweigh.proto.low_bit`, one code after the other."""
    weight = matrix(kind, 130, 48, 48, torch.float32)
    packed, found = weight.packed, low_bit.codes(weight.packed, kind)  # type: ignore[arg-type]
    assert isinstance(packed, Tensor)
    for output in (0, 1, 15, 16, 63, 64, 100, 129):
        for column in range(48):
            panel, sixteen, lane = output // 64, output % 64 // 16, output % 16
            block, place = column // 8, column % 8
            data = bytes(packed[panel, block])
            if kind == "int4":
                at = (sixteen * 16 + lane) * 4
                word = int.from_bytes(data[at : at + 4], "little")
                code = (word >> (16 * (place % 2) + 4 * (place // 2)) & 15) - 8
            else:
                byte = data[((place // 2 * 4 + sixteen) * 2 + place % 2) * 16 + lane]
                code = byte - 256 * (byte > 127)
            assert int(found[panel, column, output % 64].view(torch.int8)) == code


@settings(max_examples=50, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    dtype=st.sampled_from(sorted(NORM, key=str)),
    scale=st.sampled_from([torch.bfloat16, torch.float16, torch.float32]),
    zeros=st.booleans(),
    biased=st.booleans(),
    rows=st.integers(0, 20),
    outputs=st.integers(1, 200),
    group=st.sampled_from([8, 24, 32, 64, 128]),
    groups=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
def test_a_product_is_the_references(
    kind: str,
    dtype: torch.dtype,
    scale: torch.dtype,
    zeros: bool,
    biased: bool,
    rows: int,
    outputs: int,
    group: int,
    groups: int,
    seed: int,
) -> None:
    columns = group * groups
    weight = matrix(kind, outputs, columns, group, dtype, scale=scale, zeros=zeros, seed=seed)
    generator = torch.Generator().manual_seed(seed)
    wide = torch.full((rows, columns + 5), float("nan"), dtype=dtype)  # a row ends where another's poison begins
    wide[:, :columns] = torch.randn(rows, columns, generator=generator).to(dtype)
    x, bias = wide[:, :columns], torch.randn(outputs, generator=generator).to(dtype) if biased else None
    wanted = torch.nn.functional.linear(x.double(), exact(weight), None if bias is None else bias.double())
    assert low_bit_linear.variant_of(x, weight, bias) is not None, "native code does it"
    both = CPU.merged_linear(x, (weight, weight), (bias, bias))
    assert torch.equal(both[0], both[1])
    for y in (both[0], REFERENCE.linear(x, weight, bias)):
        assert y.shape == wanted.shape and y.dtype == dtype
        assert (y.double() - wanted).norm() <= NORM[dtype] * wanted.norm()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("zeros", [False, True])
def test_a_row_is_the_same_whoever_is_beside_it(kind: str, dtype: torch.dtype, zeros: bool) -> None:
    """Columns cancel, so that a result is nothing but its rounding errors."""
    weight = matrix(kind, 150, 512, 64, dtype, zeros=zeros)
    x = torch.randn(70, 512, generator=torch.Generator().manual_seed(1)).to(dtype)
    x[:, 256:] = -x[:, :256].flip(1)
    alone = torch.cat([CPU.linear(row[None], weight) for row in x])
    threads = torch.get_num_threads()
    try:
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            for rows in (2, 3, 4, 5, 7, 8, 64, 70):
                assert torch.equal(CPU.linear(x[:rows], weight), alone[:rows]), (count, rows)
    finally:
        torch.set_num_threads(threads)


def test_a_nan_stays_with_its_row() -> None:
    weight = matrix("int4", 70, 64, 32, torch.bfloat16, zeros=True)
    x = torch.ones(9, 64, dtype=torch.bfloat16)
    clean = CPU.linear(x, weight)
    x[3, 10] = float("nan")
    y = CPU.linear(x, weight)
    assert y[3].isnan().all()
    assert torch.equal(y[[0, 1, 2, 4, 5, 6, 7, 8]], clean[[0, 1, 2, 4, 5, 6, 7, 8]])


def test_nothing_is_written_beside_the_result() -> None:
    weight = matrix("int8", 70, 64, 32, torch.float32)
    x = torch.ones(3, 64)
    variant = low_bit_linear.variant_of(x, weight, None)
    assert variant is not None
    held = torch.full((3 * 70 + 64,), 7.0)
    packed, packed_entry, *parameters = weight.addresses
    head = [1, 3, 64, x.data_ptr(), 64, 1]
    entry = [packed, weight.group, 0, held.data_ptr(), 70, packed_entry, 0, 0, *parameters]
    low_bit_linear.projection(variant).run([*head, *entry])
    assert torch.equal(held[: 3 * 70].view(3, 70), CPU.linear(x, weight))
    assert (held[3 * 70 :] == 7.0).all()


def test_addresses_count_and_not_the_tensors_that_were_there() -> None:
    """Weights move between two calls: the entries say where they are."""
    here, there = (matrix("int4", 64, 64, 32, torch.bfloat16, zeros=True, seed=seed) for seed in (0, 1))
    parts = [(here.packed, there.packed), (here.scales, there.scales), (here.zeros, there.zeros)]
    table = torch.tensor([old.data_ptr() for old, _ in parts])  # type: ignore[union-attr]
    packed, scales, zeros = (Slot(old, table, place) for place, (old, _) in enumerate(parts))  # type: ignore[arg-type]
    weight = LowBit(packed, scales, zeros, "int4", 64, torch.bfloat16)
    x = torch.randn(2, 64, generator=torch.Generator().manual_seed(0)).bfloat16()
    assert torch.equal(CPU.linear(x, weight), CPU.linear(x, here))
    table.copy_(torch.tensor([new.data_ptr() for _, new in parts]))  # type: ignore[union-attr]
    assert torch.equal(CPU.linear(x, weight), CPU.linear(x, there))


def test_a_gated_layer_may_have_some_weights_of_few_bits() -> None:
    gate, up = (matrix("int4", 96, 64, 32, torch.bfloat16, seed=seed) for seed in (0, 1))
    down = torch.randn(64, 96, generator=torch.Generator().manual_seed(2)).bfloat16()
    x = torch.randn(3, 64, generator=torch.Generator().manual_seed(3)).bfloat16() / 8
    y = CPU.gated_mlp(x, gate, up, down, activation="silu").double()
    wanted = REFERENCE.gated_mlp(x.double(), exact(gate), exact(up), down.double(), activation="silu")
    assert (y - wanted).norm() <= 1e-2 * wanted.norm()
    merged = CPU.merged_linear(x, (gate, down.t().contiguous(), up))
    assert torch.equal(merged[0], CPU.linear(x, gate)) and torch.equal(merged[2], CPU.linear(x, up))


@pytest.mark.parametrize("kind", KINDS)
def test_code_for_any_processor(kind: str) -> None:
    """bfloat16 without the instruction for pairs: what other processors run."""
    weight = matrix(kind, 70, 96, 32, torch.bfloat16, zeros=True)
    x = torch.randn(5, 96, generator=torch.Generator().manual_seed(1)).bfloat16()
    variant = Variant(kind, "bf16", "bf16", zeros=True, pairs=False)
    native: Native = compiled(lambda: LowBitProjection(variant).build)
    wide, out = x.float(), torch.full((5, 70), float("nan"), dtype=torch.bfloat16)
    packed, packed_entry, *parameters = weight.addresses
    entry = [packed, weight.group, 0, out.data_ptr(), 70, packed_entry, 0, 0, *parameters]
    native.run([1, 5, 96, wide.data_ptr(), 96, 1, *entry])
    wanted = x.double() @ exact(weight).T
    assert (out.double() - wanted).norm() <= 5e-3 * wanted.norm()


def test_another_dtype_takes_the_references_way() -> None:
    weight = matrix("int8", 64, 64, 32, torch.float64)
    x = torch.randn(2, 64, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(CPU.linear(x, weight), x @ weight.tensor.T)
    with pytest.raises(RuntimeError):
        CPU.linear(torch.ones(2, 32), matrix("int8", 64, 64, 32, torch.float32))


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_a_tape_holds_products_of_few_bits_beside_others(dtype: torch.dtype, threads: int) -> None:
    """A gated layer whose matrices are of different kinds, then all products over its result: in every bit what the calls give."""
    gate, up = (matrix("int4", 96, 64, 32, dtype, seed=seed) for seed in (0, 1))
    down, plain = (torch.randn(64, 96, generator=torch.Generator().manual_seed(seed)).to(dtype) for seed in (2, 3))
    others = (matrix("int8", 70, 64, 64, dtype, zeros=True), plain.T.contiguous(), matrix("fp8", 64, 64, 32, dtype))
    bias = torch.randn(70, generator=torch.Generator().manual_seed(4)).to(dtype)
    recorder = Recorder(block(), threads)
    x = recorder.room.take((3, 64), dtype, fresh=True)
    inner = recorder.gated_mlp(x, gate, up, down, activation="silu")
    outs = recorder.merged_linear(inner, others, (bias, None, None))
    recording = recorder.ready()
    for seed in range(3):
        x.copy_(torch.randn(3, 64, generator=torch.Generator().manual_seed(seed)) / 8)
        recording.run(None)
        wanted = CPU.gated_mlp(x, gate, up, down, activation="silu")
        assert torch.equal(inner, wanted)
        expected = CPU.merged_linear(wanted, others, (bias, None, None))
        assert all(torch.equal(out, right) for out, right in zip(outs, expected, strict=True))
    with pytest.raises(NotNative):
        recorder.linear(
            recorder.room.take((3, 64), torch.float16, fresh=True), matrix("int4", 96, 64, 32, torch.float16)
        )
