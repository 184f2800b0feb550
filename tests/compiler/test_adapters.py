"""Adapters in the compiler: what is asked for is the same for adapters that are built alike, and every slot finds its tensor."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import IA3Config, LoraConfig, PeftModel, get_peft_model
from tests.compiler.evaluate import evaluate
from transformers import LlamaConfig, LlamaForCausalLM

from aweigh.compiler.adapters.tree import base_modules, wrappers
from aweigh.compiler.compilation import answer
from aweigh.compiler.offload.adapters import Use, in_use_again, used
from aweigh.proto.convert_manifest import manifest_from_message
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.v1 import compiler_pb2 as pb

TARGETS = ["q_proj", "down_proj"]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWEIGH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def base() -> Iterator[Any]:
    torch.manual_seed(0)
    yield LlamaForCausalLM(
        LlamaConfig(
            vocab_size=61, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            tie_word_embeddings=True,
        )
    )  # fmt: skip


def adapted(base: Any, config: Any, name: str = "default") -> Any:
    return get_peft_model(base, config, adapter_name=name).eval()


def use_of(model: Any) -> Use:
    found = used(model)
    assert found is not None
    return found


def request(base: Any, use: Use, directory: Path) -> pb.CompileRequest:
    config = json.dumps(base.config.to_dict())
    return pb.CompileRequest(config=config, dtype="float32", directory=str(directory), adapters=use.request)


def test_every_slot_is_bound_to_the_base_s_file_or_to_a_tensor_of_the_adapter(base: Any, tmp_path: Path) -> None:
    base.save_pretrained(tmp_path / "base")
    plain = {**dict(base.named_buffers()), **base.state_dict()}
    adapted(base, LoraConfig(r=4, target_modules=[*TARGETS, "lm_head"], modules_to_save=["norm"]))
    use = use_of(base)
    compiled = answer(request(base, use, tmp_path / "base"))
    seen = set()
    for name, slot in zip(compiled.names, manifest_from_message(compiled.manifest).slots, strict=True):
        if name in use.tensors:
            assert slot == name
            seen.add(name)
        else:
            assert torch.equal(evaluate(slot, plain), plain[name]), name
    assert seen == set(use.tensors)
    assert all("base_layer" not in name for name in compiled.names)


def test_adapters_built_alike_ask_for_the_same_whatever_they_are_called(base: Any) -> None:
    model = adapted(base, LoraConfig(r=4, target_modules=TARGETS), "one")
    one = use_of(base)
    model.add_adapter("two", LoraConfig(r=4, target_modules=TARGETS))
    model.add_adapter("three", LoraConfig(r=2, target_modules=["v_proj"]))
    model.eval()
    assert use_of(base).request == one.request, "who is not in use does not count"
    model.set_adapter("two")
    two = use_of(base)
    assert two.request == one.request
    assert all(two.tensors[name] is not tensor for name, tensor in one.tensors.items())
    model.set_adapter("three")
    assert use_of(base).request != one.request
    with model.disable_adapter():
        assert used(base) is None
    with in_use_again(base, ("one",)):
        assert use_of(base).request == one.request
    assert use_of(base).names == ("three",)


def test_the_model_is_seen_through_its_wrappers(base: Any) -> None:
    before = base_modules(base)
    model = adapted(base, LoraConfig(r=4, target_modules=TARGETS, modules_to_save=["lm_head"]))
    assert [(name, id(module)) for name, module in base_modules(base)] == [
        (name, id(module)) for name, module in before
    ]
    assert len(wrappers(base)) == 5
    model.unload()
    assert [name for name, _ in base_modules(base)] == [name for name, _ in before]


@pytest.mark.parametrize(
    "config", [LoraConfig(r=4, target_modules=TARGETS), IA3Config(target_modules=TARGETS, feedforward_modules=[])]
)
def test_what_a_script_made_of_an_adapter_is_compared(base: Any, config: Any, tmp_path: Path) -> None:
    base.save_pretrained(tmp_path / "base")
    adapted(base, config)
    wrapper = wrappers(base)[0]
    wrapper.fan_in_fan_out = not wrapper.fan_in_fan_out
    with pytest.raises(UnsupportedModel, match="not what their configurations make"):
        answer(request(base, use_of(base), tmp_path / "base"))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"peft_type": "NOTHING"}, "cannot be made anew"),
        ({"peft_type": "LORA", "r": -1, "target_modules": TARGETS}, "cannot be made anew"),
        ({"peft_type": "LORA", "r": 4, "target_modules": ["nowhere"]}, "cannot be made anew"),
        ({"peft_type": "LORA", "r": 4, "target_modules": TARGETS}, "not what their configurations make"),
        ({"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 3}, "cannot be made anew|not what their"),
    ],
)
def test_a_configuration_that_makes_nothing_or_another_thing_is_one_sentence(
    base: Any, tmp_path: Path, said: dict[str, Any], sentence: str
) -> None:
    base.save_pretrained(tmp_path / "base")
    asked = request(base, Use((), pb.Adapters(configs=[json.dumps(said)], outline=b"another"), {}), tmp_path / "base")
    with pytest.raises(UnsupportedModel, match=sentence):
        answer(asked)


def test_layers_that_differ_in_their_adapters_and_merged_ones_stay(base: Any) -> None:
    model = adapted(base, LoraConfig(r=4, target_modules=TARGETS), "one")
    model.add_adapter("two", LoraConfig(r=4, target_modules=TARGETS))
    model.eval()
    wrappers(base)[1].set_adapter("two")
    with pytest.raises(UnsupportedModel, match="not the same ones in all layers"):
        used(base)
    model.set_adapter("one")
    model.merge_adapter()
    with pytest.raises(UnsupportedModel, match="merged into the weights"):
        used(base)
    model.unmerge_adapter()
    model.train()
    with pytest.raises(UnsupportedModel, match="training mode"):
        used(base)
    assert isinstance(model, PeftModel)
