"""Models with an encoder: three functions of one Program, and what is refused."""

from typing import Any

import pytest
import torch
from transformers import CONFIG_MAPPING, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5Attention

from aweigh.compiler.capture.capture import capture
from aweigh.compiler.capture.core import Capture
from aweigh.compiler.capture.instantiate import modelling_class
from aweigh.compiler.compilation import compile_config
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.program import Function, KeyValueState, MemoryState, Program

T5 = {"vocab_size": 99, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}
BART: dict[str, Any] = {
    "vocab_size": 99, "d_model": 32, "encoder_layers": 1, "decoder_layers": 3, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 64, "pad_token_id": 1,
}  # fmt: skip


def compiled(kind: str, name: str, **sizes: Any) -> tuple[Capture, Program]:
    done = compile_config(CONFIG_MAPPING[kind](**sizes), torch.float32, class_name=name)
    return done.capture, done.emitted.program


def names(function: Function) -> tuple[list[str], list[str]]:
    return [entry.name for entry in function.inputs], [output.name for output in function.outputs]


def test_bart_is_an_encoder_a_memory_and_a_decoder_whose_layers_roll() -> None:
    captured, program = compiled("bart", "BartForConditionalGeneration", **BART)
    assert [function.name for function in program.functions] == ["embed", "body", "head", "encode", "memorise"]
    assert [type(state) for state in program.states] == [KeyValueState, MemoryState] * 3
    assert program.states[1] == MemoryState(4, 8, 8, program.states[0].dtype)
    assert names(program.function("encode")) == (["token_ids", "attention_mask"], ["encoded"])
    kept = [f"{kind}.{state}" for state in (1, 3, 5) for kind in ("key", "value")]
    assert names(program.function("memorise")) == (["encoded"], kept)
    assert max(block.repeat for block in program.function("body").blocks) == 3
    kinds = [op.kind for block in program.function("body").blocks for op in block.ops]
    assert {"attend", "cross_attend"} <= set(kinds)
    assert captured.model_class == "BartForConditionalGeneration"


def test_relative_positions_become_a_table_by_distance() -> None:
    captured, program = compiled("t5", "", **T5, relative_attention_max_distance=20)
    buckets = captured.literals["attention.0.buckets"]
    behind = -torch.arange(4 * len(buckets))
    wanted = T5Attention._relative_position_bucket(behind, bidirectional=False, num_buckets=32, max_distance=20)
    assert torch.equal(buckets[torch.arange(len(wanted)).clamp(max=len(buckets) - 1)], wanted)
    assert set(buckets.tolist()) == set(wanted.tolist()) and buckets[-1] != buckets[-2]
    attends = [op for block in program.function("body").blocks for op in block.ops if op.kind == "attend"]
    assert all(len(op.operands) == 7 for op in attends)


def test_features_of_one_length_need_no_symbol() -> None:
    sizes = BART | {"max_source_positions": 30, "max_target_positions": 40, "num_mel_bins": 8}
    _, program = compiled(
        "whisper", "WhisperForConditionalGeneration", **sizes, bos_token_id=0, eos_token_id=2, decoder_start_token_id=3
    )
    encode = program.function("encode")
    assert encode.symbols == () and encode.inputs[0].type.dims == (1, 8, 60)


def test_the_class_is_chosen_by_name_then_by_architecture_then_causal() -> None:
    config = CONFIG_MAPPING["bart"](**BART)
    assert modelling_class(config).__name__ == "BartForCausalLM"
    assert modelling_class(config, "BartForConditionalGeneration").__name__ == "BartForConditionalGeneration"
    config.architectures = ["BartForConditionalGeneration"]
    assert modelling_class(config).__name__ == "BartForConditionalGeneration"
    with pytest.raises(UnsupportedModel, match="BartModel is no language model"):
        modelling_class(config, "BartModel")


def test_a_decoder_that_may_be_given_an_encoder_s_output_has_no_encoder() -> None:
    sizes = BART | {"max_source_positions": 30, "max_target_positions": 40, "num_mel_bins": 8}
    captured, program = compiled(
        "whisper", "WhisperForCausalLM", **sizes, bos_token_id=0, eos_token_id=2, decoder_start_token_id=3
    )
    assert captured.model_class == "WhisperForCausalLM" and captured.parts == ()
    assert {type(state) for state in program.states} == {KeyValueState}


def test_buckets_that_never_end_are_refused() -> None:
    config = CONFIG_MAPPING["t5"](**T5, relative_attention_max_distance=100_000)
    with pytest.raises(UnsupportedModel, match="does not follow from the distance"):
        capture(config, torch.float32)


def test_a_decoder_that_reads_the_encoder_outside_of_attention_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    original = T5ForConditionalGeneration.forward

    def forward(self: Any, *args: Any, encoder_outputs: Any = None, **kwargs: Any) -> Any:
        answer = original(self, *args, encoder_outputs=encoder_outputs, **kwargs)
        answer.logits = answer.logits + encoder_outputs[0].mean()
        return answer

    monkeypatch.setattr(T5ForConditionalGeneration, "forward", forward)
    with pytest.raises(UnsupportedModel, match="reads the encoder's output outside of attention"):
        capture(CONFIG_MAPPING["t5"](**T5), torch.float32)


def test_an_encoder_of_sound_of_any_length_is_refused() -> None:
    with pytest.raises(UnsupportedModel, match="neither token ids nor features of one length"):
        capture(CONFIG_MAPPING["moonshine"](), torch.float32)
