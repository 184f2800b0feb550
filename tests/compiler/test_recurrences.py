"""What becomes a recurrence or a causal convolution: by what it computes, not by what it is called."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tests.compiler.test_locality import graph
from torch.nn import functional
from transformers import xLSTMConfig
from transformers.models.inkling.modeling_inkling import InklingRelativeLogits
from transformers.models.mamba import modeling_mamba
from transformers.models.minimax.modeling_minimax import MiniMaxAttention, MiniMaxLightningAttention
from transformers.models.qwen3_next import modeling_qwen3_next
from transformers.models.qwen4_exp.modeling_qwen4_exp import Qwen4ExpTextQSAIndexer
from transformers.models.recurrent_gemma.modeling_recurrent_gemma import RecurrentGemmaRglru
from transformers.models.rwkv import modeling_rwkv
from transformers.models.xlstm import modeling_xlstm

from aweigh.compiler.capture import families, lightning, log_scan
from aweigh.compiler.capture.locality import check_locality
from aweigh.compiler.capture.recover_conv import recover_conv
from aweigh.compiler.capture.recurrences import recurrences_replaced, replacement_of
from aweigh.compiler.capture.scan import defined
from aweigh.proto.errors import UnsupportedModel


@pytest.mark.parametrize(
    "function",
    [
        modeling_qwen3_next.torch_chunk_gated_delta_rule,
        modeling_qwen3_next.torch_recurrent_gated_delta_rule,
        modeling_mamba.mamba_selective_scan,
        RecurrentGemmaRglru._rnn_scan,
        MiniMaxLightningAttention.forward,
        modeling_rwkv.rwkv_linear_attention,
        modeling_xlstm.mlstm_recurrent_sequence_native,
        modeling_xlstm.xLSTMBackend(xLSTMConfig(chunk_size=16))._inference_fn,
        Qwen4ExpTextQSAIndexer.forward,
        InklingRelativeLogits.forward,
    ],
)
def test_recurrences_of_transformers_are_known(function: Any) -> None:
    assert replacement_of(function) is not None


def test_a_function_that_only_looks_like_one_is_left_alone() -> None:
    def liar(query: Any, key: Any, value: Any, g: Any, beta: Any, initial_state: Any, output_final_state: Any) -> Any:
        out, state = families.delta_rule(query, key, value, g * 0.5, beta)
        return out, state

    def plain(query: Any, key: Any) -> Any:
        return query

    def mixer(
        self: Any, hidden_states: Any, position_embeddings: Any, attention_mask: Any, past_key_values: Any = None
    ) -> Any:
        return lightning.attention(self, hidden_states.flip(1), position_embeddings, attention_mask)

    assert replacement_of(liar) is None
    assert replacement_of(plain) is None
    assert replacement_of(mixer) is None
    assert replacement_of(MiniMaxAttention.forward) is None


def test_modelling_code_is_as_it_was_afterwards() -> None:
    config = SimpleNamespace(num_attention_heads=2, lru_width=8)
    model = torch.nn.Sequential(RecurrentGemmaRglru(config))
    before = RecurrentGemmaRglru._rnn_scan
    with recurrences_replaced(model):
        assert RecurrentGemmaRglru._rnn_scan is not before
    assert RecurrentGemmaRglru._rnn_scan is before


pad: Any = torch.ops.aten.constant_pad_nd  # what torch.nn.functional.pad comes down to


def tail_cut(x: torch.Tensor, padding: int = 2) -> torch.Tensor:
    count = x.shape[1]
    return functional.conv1d(x.transpose(1, 2), torch.ones(8, 1, 3), padding=padding, groups=8)[..., :count].transpose(
        1, 2
    )


CAUSAL: dict[str, Any] = {
    "a tail cut off": lambda x, p: tail_cut(x),
    "padding in front": lambda x, p: functional.conv1d(
        pad(x.transpose(1, 2), [2, 0]), torch.ones(8, 4, 3), torch.ones(8), groups=2
    ).transpose(1, 2),
}

LOOKING_AHEAD: dict[str, Any] = {
    "padding on both sides": lambda x, p: tail_cut(x, padding=1),
    "padding behind": lambda x, p: functional.conv1d(
        pad(x.transpose(1, 2), [0, 2]), torch.ones(8, 1, 3), groups=8
    ).transpose(1, 2),
    "a front filled with ones": lambda x, p: functional.conv1d(
        pad(x.transpose(1, 2), [2, 0], 1.0), torch.ones(8, 1, 3), groups=8
    ).transpose(1, 2),
    "every second token": lambda x, p: functional.conv1d(
        pad(x.transpose(1, 2), [4, 0]), torch.ones(8, 1, 3), dilation=2, groups=8
    ).transpose(1, 2),
}


@pytest.mark.parametrize("name", CAUSAL)
def test_convolutions_that_look_back_are_kept(name: str) -> None:
    made = graph(CAUSAL[name])
    recover_conv(made)
    made.eliminate_dead_code()
    check_locality(made)
    assert len(made.find_nodes(op="call_function", target=torch.ops.aweigh.causal_conv.default)) == 1


@pytest.mark.parametrize("name", LOOKING_AHEAD)
def test_other_convolutions_are_refused(name: str) -> None:
    made = graph(LOOKING_AHEAD[name])
    recover_conv(made)
    with pytest.raises(UnsupportedModel, match="mixes tokens of the batch"):
        check_locality(made)


def test_a_recurrence_that_a_module_holds_as_a_part_is_replaced() -> None:
    backend = modeling_xlstm.xLSTMBackend(xLSTMConfig(chunk_size=16, eps=0.5))
    before = backend._inference_fn
    sample = log_scan.matrix_memory_samples()[0]
    wanted, _ = before(**sample)
    with recurrences_replaced(torch.nn.Sequential(backend)), defined():
        assert backend._inference_fn is not before
        torch.testing.assert_close(backend._inference_fn(**sample)[0], wanted)
    assert backend._inference_fn is before


def test_a_scan_over_what_is_no_token_is_refused() -> None:
    def body(x: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
        twice = x.reshape(1, -1, 1, 4)  # two halves of a token as two tokens
        out: torch.Tensor = torch.ops.aweigh.scan(twice, twice, twice, twice[..., 0], None, None, layer=0, delta=False)
        return out.reshape(1, -1, 8)

    with pytest.raises(UnsupportedModel, match="mixes tokens of the batch"):
        check_locality(graph(body))
