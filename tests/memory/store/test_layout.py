"""The layout: every byte once, aligned, little padding on real shapes, and equal for fine-tunes of one base."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.layout import ALIGNMENT, SMALL, Item, Packed, pack
from aweigh.memory.store.order import by_use, layer, member, natural
from aweigh.memory.store.plan import plan_of

LEAST_USED = 0.95


def decoder(
    layers: int, hidden: int, inner: int, kv: int, vocabulary: int, *, biases: bool = False, tied: bool = True
) -> Iterator[Item]:
    """The tensors of a decoder with grouped queries in bfloat16, as a checkpoint has them."""
    yield Item("model.embed_tokens.weight", 2 * vocabulary * hidden)
    for at in range(layers):
        yield from attention(f"model.layers.{at}", hidden, kv, biases=biases)
        for name in ("gate", "up", "down"):
            yield Item(f"model.layers.{at}.mlp.{name}_proj.weight", 2 * hidden * inner)
    yield Item("model.norm.weight", 2 * hidden)
    if not tied:
        yield Item("lm_head.weight", 2 * vocabulary * hidden)


def mixture(layers: int, hidden: int, inner: int, kv: int, vocabulary: int, experts: int) -> Iterator[Item]:
    """A mixture of experts, each with three matrices."""
    yield Item("model.embed_tokens.weight", 2 * vocabulary * hidden)
    for at in range(layers):
        yield from attention(f"model.layers.{at}", hidden, kv, biases=False)
        yield Item(f"model.layers.{at}.mlp.gate.weight", 2 * experts * hidden)
        for name, expert in itertools.product(("gate", "up", "down"), range(experts)):
            yield Item(f"model.layers.{at}.mlp.experts.{expert}.{name}_proj.weight", 2 * hidden * inner)
    yield Item("model.norm.weight", 2 * hidden)
    yield Item("lm_head.weight", 2 * vocabulary * hidden)


def attention(path: str, hidden: int, kv: int, *, biases: bool) -> Iterator[Item]:
    yield Item(f"{path}.input_layernorm.weight", 2 * hidden)
    for name, rows in (("q", hidden), ("k", kv), ("v", kv)):
        yield Item(f"{path}.self_attn.{name}_proj.weight", 2 * hidden * rows)
        if biases:
            yield Item(f"{path}.self_attn.{name}_proj.bias", 2 * rows)
    yield Item(f"{path}.self_attn.o_proj.weight", 2 * hidden * hidden)
    yield Item(f"{path}.post_attention_layernorm.weight", 2 * hidden)


REAL = {
    "decoder of 0.5 B": list(decoder(24, 896, 4864, 128, 151_936, biases=True)),
    "decoder of 0.4 B with few words": list(decoder(24, 896, 4864, 128, 1000, biases=True)),
    "decoder of 1.2 B": list(decoder(16, 2048, 8192, 512, 128_256)),
    "decoder of 135 M": list(decoder(30, 576, 1536, 192, 49_152)),
    "decoder of 1.7 B": list(decoder(24, 2048, 8192, 2048, 49_152)),
    "decoder of 8 B": list(decoder(32, 4096, 14_336, 1024, 128_256, tied=False)),
    "mixture of 60 experts": list(mixture(24, 2048, 1408, 2048, 151_936, 60)),
    "mixture of 32 small experts": list(mixture(24, 1024, 512, 512, 49_152, 32)),
}


def used(extents: list[Packed]) -> float:
    useful = sum(tensor.length for extent in extents for tensor in extent.tensors)
    return useful / (sum(extent.pages for extent in extents) * PAGE_BYTES)


@pytest.mark.parametrize("items", REAL.values(), ids=REAL)
def test_real_models_waste_little(items: list[Item]) -> None:
    assert used(pack(items)) >= LEAST_USED


@pytest.mark.parametrize("items", REAL.values(), ids=REAL)
def test_experts_are_never_cut_and_layers_come_in_order(items: list[Item]) -> None:
    extents = pack(items)
    where: dict[str, set[int]] = {}
    for at, extent in enumerate(extents):
        for tensor in extent.tensors:
            where.setdefault(member(tensor.name) or tensor.name, set()).add(at)
    assert all(len(found) == 1 for found in where.values())
    firsts = [min(at for at, extent in enumerate(extents) if _has(extent, number)) for number in range(16)]
    assert firsts == sorted(firsts)


def _has(extent: Packed, number: int) -> bool:
    return any(layer(tensor.name) == f"model.layers.{number}" for tensor in extent.tensors)


def test_tensors_that_end_near_a_page_stand_alone_and_small_ones_share_pages_across_layers() -> None:
    extents = pack(REAL["decoder of 1.2 B"])
    bundles = [extent for extent in extents if len(extent.tensors) > 1]
    assert len(extents) - len(bundles) == 1 + 16 * 7
    (small,) = bundles
    assert small.pages == 1
    assert {tensor.name.rpartition(".layers.")[2].partition(".")[2] for tensor in small.tensors} >= {
        "input_layernorm.weight",
        "post_attention_layernorm.weight",
    }
    assert extents.index(small) == 1, "needed after the embedding, by the first layer"


def test_bundles_of_larger_tensors_keep_to_their_layer() -> None:
    extents = pack(REAL["decoder of 0.5 B"])
    large = [extent for extent in extents if max(tensor.length for tensor in extent.tensors) > SMALL]
    assert all(len({layer(tensor.name) for tensor in extent.tensors}) == 1 for extent in large)
    cut = [
        [(tensor.name.rpartition(".layers.")[2].partition(".")[2], tensor.offset) for tensor in extent.tensors]
        for extent in large
        if layer(extent.tensors[0].name)
    ]
    assert cut == cut[: len(cut) // 24] * 24, "equal layers are cut alike"


def test_projections_that_kernels_read_as_one_lie_one_behind_the_other() -> None:
    (bundle,) = (
        extent
        for extent in pack(REAL["decoder of 0.5 B"])
        if any(tensor.name == "model.layers.7.self_attn.q_proj.weight" for tensor in extent.tensors)
    )
    by_name = {tensor.name.removeprefix("model.layers.7.self_attn."): tensor for tensor in bundle.tensors}
    assert by_name["q_proj.weight"].end == by_name["k_proj.weight"].offset
    assert by_name["k_proj.weight"].end == by_name["v_proj.weight"].offset


def test_a_larger_vocabulary_moves_nothing_in_the_layers() -> None:
    def inner(vocabulary: int) -> list[Packed]:
        return [
            extent
            for extent in pack(list(decoder(24, 896, 4864, 128, vocabulary, biases=True)))
            if layer(extent.tensors[0].name)
        ]

    assert inner(151_936) == inner(152_064)


def test_order_of_names() -> None:
    assert natural(["layers.10.a", "layers.2.a", "layers.2.A", "embed"]) == [
        "embed",
        "layers.2.A",
        "layers.2.a",
        "layers.10.a",
    ]
    assert by_use(["a", "b", "c", "d.10", "d.9"], ["c", "x", "a", "c"]) == ["c", "a", "b", "d.9", "d.10"]
    assert layer("model.layers.3.mlp.experts.7.w1.weight") == "model.layers.3"
    assert member("model.layers.3.mlp.experts.7.w1.weight") == "model.layers.3.mlp.experts.7"
    assert (layer("model.norm.weight"), member("model.layers.3.norm.weight")) == ("", "")
    assert layer("weights.0") == ""


NAMES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "model.layers.0.", "model.layers.1.", "model.layers.1.experts.4.", "head.2."]),
        st.sampled_from("abcdefgh"),
    ),
)
LENGTHS = st.one_of(
    st.integers(1, 5000),
    st.integers(1, 3 * PAGE_BYTES),
    st.integers(1, 40).map(lambda count: count * PAGE_BYTES),
    st.integers(PAGE_BYTES - 70, PAGE_BYTES + 70),
)
ITEMS = st.dictionaries(NAMES, LENGTHS, max_size=30).map(
    lambda lengths: [Item(name, length) for name, length in lengths.items()]
)


@given(ITEMS)
def test_every_byte_is_in_one_place(items: list[Item]) -> None:
    extents = pack(items)
    placed = [tensor for extent in extents for tensor in extent.tensors]
    assert sorted((tensor.name, tensor.length) for tensor in placed) == sorted((i.name, i.length) for i in items)
    for extent in extents:
        assert extent.tensors[0].offset == 0
        for before, after in itertools.pairwise(extent.tensors):
            assert after.offset % ALIGNMENT == 0
            assert before.end <= after.offset < before.end + ALIGNMENT
    plan = plan_of(extents)
    found: dict[str, int] = {}
    for page in range(plan.pages):
        end = 0
        for piece in plan.pieces(page):
            assert piece.offset == found.get(piece.tensor, 0)
            assert piece.length > 0
            assert end <= piece.at and piece.at + piece.length <= PAGE_BYTES
            end = piece.at + piece.length
            found[piece.tensor] = piece.offset + piece.length
        assert end > 0
    assert found == {item.name: item.length for item in items}


@given(ITEMS)
def test_a_large_model_wastes_little_whatever_its_shapes(items: list[Item]) -> None:
    large = [Item("large", 1 << 30), *items]
    extents = pack(large)
    assert used(extents) >= LEAST_USED
    assert pack(large) == extents
