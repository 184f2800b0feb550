"""Capture: what the exported graph says of attention, experts, masks, weights and literals."""

from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING

from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.ops import CORE_ATEN

SIZES: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "intermediate_size": 96,
    "vocab_size": 256,
    "max_position_embeddings": 128,
    "pad_token_id": 0,
}


def captured(kind: str, dtype: torch.dtype = torch.float32, **changes: Any) -> Capture:
    return capture(CONFIG_MAPPING[kind](**{**SIZES, **changes}), dtype)


def calls(capture: Capture, target: Any) -> list[torch.fx.Node]:
    return list(capture.program.graph.find_nodes(op="call_function", target=target))


@pytest.fixture(scope="module")
def llama() -> Capture:
    return captured("llama", tie_word_embeddings=True)


def test_attention_is_one_opaque_operator_per_layer(llama: Capture) -> None:
    found = calls(llama, torch.ops.aweigh.attend.default)
    assert [node.kwargs["layer"] for node in found] == [0, 1]
    for node in found:
        assert node.kwargs["causal"] is True
        assert node.kwargs["scale"] == pytest.approx(0.25)
        assert node.kwargs["window"] is None
        assert node.args[3] is None


def test_the_graph_holds_only_closed_operators(llama: Capture) -> None:
    targets = {str(node.target) for node in llama.program.graph.nodes if node.op == "call_function"}
    assert targets - CORE_ATEN - {"aten.sym_size.int", "aweigh.attend.default"} == set()


def test_symbols_and_shape_of_the_answer(llama: Capture) -> None:
    assert sorted(llama.symbols.values()) == ["R", "T"]
    logits = llama.program.graph.output_node().args[0][0].meta["val"]
    assert llama.symbols[str(logits.shape[1])] == "R"
    assert (llama.vocabulary, llama.context) == (256, 128)


def test_weights_have_no_bytes_and_literals_have_values(llama: Capture) -> None:
    assert llama.weights["model.layers.1.mlp.down_proj.weight"].shape == (64, 96)
    assert llama.tied == {"lm_head.weight": "model.embed_tokens.weight"}
    wanted = 1 / 10000 ** (torch.arange(0, 16, 2) / 16)
    torch.testing.assert_close(llama.literals["model.rotary_emb.inv_freq"], wanted)


def test_the_configuration_is_not_changed() -> None:
    config = CONFIG_MAPPING["llama"](**SIZES)
    before = config.to_dict()
    capture(config, torch.bfloat16)
    assert config.to_dict() == before


def test_a_window_that_only_the_mask_knows_becomes_an_attribute() -> None:
    found = calls(
        captured("gemma3_text", sliding_window=8, layer_types=["sliding_attention", "full_attention"]), _ATTEND
    )
    assert [node.kwargs["window"] for node in found] == [8, None]


def test_soft_caps_and_scale_reach_the_operator() -> None:
    found = calls(captured("gemma2", query_pre_attn_scalar=64, attn_logit_softcapping=30.0), _ATTEND)
    assert {node.kwargs["softcap"] for node in found} == {30.0}
    assert {node.kwargs["scale"] for node in found} == {0.125}


def test_sinks_and_clamped_experts() -> None:
    got = captured("gpt_oss", num_local_experts=4, num_experts_per_tok=2)
    assert all(isinstance(node.args[4], torch.fx.Node) for node in calls(got, _ATTEND))
    experts = calls(got, torch.ops.aweigh.experts.default)
    assert len(experts) == 2
    assert {key: experts[0].kwargs[key] for key in ("transposed", "interleaved", "limit", "alpha")} == {
        "transposed": True,
        "interleaved": True,
        "limit": 7.0,
        "alpha": 1.702,
    }


def test_plain_experts_name_their_activation() -> None:
    (first, _) = calls(captured("mixtral", num_local_experts=4), torch.ops.aweigh.experts.default)
    assert (first.kwargs["activation"], first.kwargs["interleaved"], first.kwargs["limit"]) == ("silu", False, None)


def test_a_configuration_without_a_causal_model_is_refused_in_one_sentence() -> None:
    with pytest.raises(UnsupportedModel, match="no causal language model for ViTConfig"):
        capture(CONFIG_MAPPING["vit"](), torch.float32)


_ATTEND = torch.ops.aweigh.attend.default


def test_a_large_embedding_is_captured_like_a_small_one() -> None:
    """Sixteen million elements and more take the way past any allocation, and must not end on another device."""
    large = captured("llama", vocab_size=1 << 18, hidden_size=128, num_hidden_layers=1)
    assert large.weights["model.embed_tokens.weight"].shape == (1 << 18, 128)
    assert large.vocabulary == 1 << 18
