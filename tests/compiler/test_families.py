"""Captured graphs of unlike families compute what transformers computes."""

import copy
import inspect
from typing import Any

import pytest
import torch
from tests.compiler.run_graph import run_graph
from transformers import CONFIG_MAPPING

from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.capture.instantiate import modelling_class
from aweigh.compiler.coverage.shrink import shrink
from aweigh.proto.errors import UnsupportedModel


def tiny(kind: str) -> Any:
    return CONFIG_MAPPING[kind].from_dict(shrink(CONFIG_MAPPING[kind]().to_dict()))


def keepers(captured: Capture) -> list[dict[str, Any]]:
    """Settings of every operator that keeps state, in order."""
    return [dict(node.kwargs) for node in captured.program.graph.nodes if "layer" in node.kwargs]


FAMILIES = {
    "bloom": "attention written out, ALiBi from the attention mask",
    "mpt": "ALiBi from a table, mask by masked_fill",
    "gpt_neo": "causal masks and windows in buffers",
    "openai-gpt": "a causal mask by multiplication and subtraction",
    "bart": "positions counted by the model itself",
    "llama4_text": "rotary embeddings as complex numbers, every expert sees every token",
    "gpt_oss": "sinks, windows, clamped experts",
    "deepseek_v3": "latent attention with unequal key and value sizes",
    "dbrx": "experts as a loop over those that somebody chose, a sentinel among them",
    "jetmoe": "pairs of token and expert, sorted by expert",
    "xmod": "adapters written through a mask of rows",
    "doge": "a mask that says how much each key weighs",
    "git": "a union of masks of which one lets nothing through",
    "lfm3": "short convolutions beside attention",
    "mamba": "a selective scan behind a convolution",
    "qwen3_next": "gated delta rule with fewer keys than values, and attention",
    "rwkv": "an average weighted by exponentials, weights that the first call halves",
    "xlstm": "a matrix memory with a running maximum, behind a partial function",
    "kimi_linear": "delta attention that decays row by row, and latent attention",
}


SLOW = {"dbrx", "jetmoe", "deepseek_v3", "llama4_text", "lfm3", "doge", "xmod", "kimi_linear"}
"""Half of the time of all of them."""


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow) if kind in SLOW else kind for kind in FAMILIES]
)
def test_the_graph_is_the_model(kind: str) -> None:
    compare(tiny(kind))


def test_a_bias_of_keys_goes_to_every_head_of_its_group() -> None:
    config = tiny("doge")
    config.num_key_value_heads = 2
    compare(config)


def test_weights_that_the_first_call_scales_are_scaled_once() -> None:
    config = tiny("rwkv")
    config.num_hidden_layers, config.rescale_every = 4, 1
    compare(config)


def compare(config: Any) -> None:
    """Captures the model of `config` and runs the graph beside transformers' own."""
    torch.manual_seed(0)
    model = modelling_class(config)._from_config(copy.deepcopy(config), dtype=torch.float32).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.08)
    token_ids = torch.randint(8, config.vocab_size, (1, 29))
    positions = {"position_ids": torch.arange(29)[None]} if takes_positions(model) else {}
    with torch.no_grad():
        wanted = copy.deepcopy(model)(input_ids=token_ids, **positions).logits  # a first call may write to weights
    captured = capture(config, torch.float32)
    torch.testing.assert_close(run_graph(captured, model, token_ids), wanted, atol=1e-4, rtol=1e-4)
    layers = [said["layer"] for said in keepers(captured)]
    assert layers == list(range(len(layers)))
    assert len(layers) >= config.num_hidden_layers
    assert all(said.get("causal", True) for said in keepers(captured))


def takes_positions(model: Any) -> bool:
    return "position_ids" in inspect.signature(model.forward).parameters


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "culprit"), [("deepseek_v4", "mask")])
def test_what_paged_state_cannot_follow_is_refused_by_name(kind: str, culprit: str) -> None:
    with pytest.raises(UnsupportedModel, match=culprit):
        capture(tiny(kind), torch.float32)


def test_a_branch_on_the_length_ends_the_context() -> None:
    config = tiny("doge")
    config.keep_window_size = 200
    assert capture(config, torch.float32).context == 200


def test_rotary_embeddings_that_grow_end_the_context() -> None:
    config = CONFIG_MAPPING["llama"](
        **shrink(CONFIG_MAPPING["llama"]().to_dict()),
    )
    config.max_position_embeddings = 400
    config.rope_parameters = {
        "rope_type": "longrope",
        "rope_theta": 10000.0,
        "short_factor": [1.0] * 8,
        "long_factor": [4.0] * 8,
        "original_max_position_embeddings": 100,
        "factor": 4.0,
    }
    captured = capture(config, torch.float32)
    assert captured.context == 100
