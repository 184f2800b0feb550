"""The pieces of the `module` rung for models of transformers: arguments, sizes, loading without weights, gradients."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from aweigh.compiler.capture.likeness import built_like
from aweigh.compiler.capture.stand_in import fake_mode
from aweigh.compiler.manifest.header import read_headers
from aweigh.compiler.offload.pretrained import trial
from aweigh.compiler.offload.pretrained.history import with_history
from aweigh.compiler.offload.pretrained.tree import Call, Unsuited, result, tensors_of
from aweigh.compiler.offload.pretrained.variant import Variant
from aweigh.compiler.outline import outline
from aweigh.proto.convert import program_to_message
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import CheckpointInvalid, UnsupportedModel
from aweigh.proto.expression import Symbol
from aweigh.proto.program import Block, Function, FunctionInput, FunctionOutput, Program, TensorType
from aweigh.proto.v1 import compiler_pb2

SMALL: dict[str, Any] = {
    "vocab_size": 20, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8,
}  # fmt: skip
IDS = torch.tensor([[1, 2, 3]])


def test_a_call_is_its_constants_and_its_tensors() -> None:
    call = Call({"input_ids": IDS, "sizes": [(1, 2)], "return_dict": False, "position_ids": None})
    assert call.tree.items.keys == ["input_ids", "return_dict", "sizes"]
    assert result(call.tree, call.tensors) == {"input_ids": IDS, "return_dict": False, "sizes": [(1, 2)]}
    assert [(spec.dtype, list(spec.shape)) for spec in call.specs()] == [(int(DType.INT64), [1, 3])]


def test_what_a_capture_depends_on_is_all_but_sizes_above_one() -> None:
    def signature(ids: torch.Tensor, **more: Any) -> object:
        return Call({"input_ids": ids, **more}).signature

    assert signature(torch.ones(2, 3)) == signature(torch.ones(4, 5)) == signature(torch.ones(2, 3), labels=None)
    others = [torch.ones(1, 3), torch.ones(2, 3, dtype=torch.int32), torch.ones(2, 3, 4)]
    assert all(signature(other) != signature(torch.ones(2, 3)) for other in others)
    assert signature(torch.ones(2, 3), return_dict=False) != signature(torch.ones(2, 3), return_dict=True)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (torch.empty(0, 3), "the argument x is empty"),
        (torch.eye(3).to_sparse(), "the argument x is no dense tensor"),
        (torch.ones(2, requires_grad=True), "the argument x requires a gradient"),
        (transformers.DynamicCache(), "the argument x is a DynamicCache"),
        (1, "no tensors among the arguments"),
        (torch.ones(1, 8).expand(400_000_000, 8), "a call has 12800000000 bytes of inputs, more than 1073741824"),
    ],
)
def test_what_cannot_be_sent_is_named(argument: object, words: str) -> None:
    with pytest.raises(Unsuited, match=words):
        Call({"x": argument})


def test_an_answer_is_of_the_class_that_the_model_gives() -> None:
    tree = compiler_pb2.CallTree()
    tree.items.kind = "transformers.modeling_outputs.BaseModelOutput"
    tree.items.keys.append("last_hidden_state")
    tree.items.items.add(tensor=0)
    made = result(tree, [IDS])
    assert type(made) is BaseModelOutput
    assert tensors_of(tree, made) == [IDS]
    tree.items.kind = "os.PathLike"
    with pytest.raises(Unsuited, match=r"answers with a os\.PathLike"):
        result(tree, [IDS])


def _variant() -> Variant:
    """Inputs [s0, s1] and [s0, 4]; s0 from 2, s1 from 2 to 8."""
    s0, s1 = Symbol(0), Symbol(1)
    function = Function(
        "main",
        ("s0", "s1"),
        (
            FunctionInput("0", TensorType(DType.FLOAT32, (s0, s1))),
            FunctionInput("2", TensorType(DType.FLOAT32, (s0, 4))),
        ),
        (Block(()),),
        (FunctionOutput("0", 0, False),),
    )
    ranges = [compiler_pb2.Range(least=2), compiler_pb2.Range(least=2, most=8)]
    message = program_to_message(Program((), (), (function,)))
    return Variant(compiler_pb2.Compiled(program=message, ranges=ranges))


@pytest.mark.parametrize(
    ("first", "third", "fits"),
    [
        ((3, 5), (3, 4), True),
        ((9, 8), (9, 4), True),
        ((3, 5), (2, 4), False),
        ((3, 5), (3, 5), False),
        ((3, 9), (3, 4), False),
        ((1, 5), (1, 4), False),
        ((3, 5, 1), (3, 4), False),
    ],
)
def test_a_program_is_for_the_sizes_that_it_says(first: Any, third: Any, fits: bool) -> None:
    assert _variant().fits([torch.empty(first), torch.empty(7), torch.empty(third)]) is fits


def _headers(directory: Path) -> list[compiler_pb2.CheckpointTensor]:
    return [
        compiler_pb2.CheckpointTensor(key=key, dtype=int(entry.dtype), shape=entry.shape)  # type: ignore[arg-type]
        for key, entry in read_headers(directory).items()
    ]


@pytest.mark.parametrize("saved", [BertModel, BertForSequenceClassification])
@pytest.mark.parametrize("loaded", [BertModel, BertForSequenceClassification])
def test_loading_without_weights_reports_as_loading_does(
    saved: type[PreTrainedModel], loaded: type[PreTrainedModel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(BertConfig(**SMALL)).save_pretrained(tmp_path)
    plain = loaded.from_pretrained(tmp_path, output_loading_info=True)[1]
    seen: list[Any] = []

    def load(model: Any, state_dict: Any, files: Any, load_config: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            seen.append(trial.load(model, _headers(tmp_path), load_config))
        except CheckpointInvalid as error:
            seen.append(str(error))
        return original(model, state_dict, files, load_config, *args, **kwargs)

    original = PreTrainedModel._load_pretrained_model
    monkeypatch.setattr(PreTrainedModel, "_load_pretrained_model", staticmethod(load))
    again = loaded.from_pretrained(tmp_path, output_loading_info=True)[1]
    assert again == plain, "a trial leaves no trace"
    if plain["missing_keys"]:
        assert seen == ["its checkpoint lacks classifier.bias and 1 more"]
    else:
        assert seen[0].unexpected_keys == plain["unexpected_keys"]


def test_a_model_made_with_a_switch_is_made_so_again() -> None:
    config = BertConfig(**SMALL)
    model = BertModel(config, add_pooling_layer=False)
    assert outline(model) != outline(BertModel(config))
    found = built_like(BertModel, config, torch.float32, fake_mode(), wanted=outline(model))
    assert found.pooler is None
    model.encoder.layer[0].attention.self.scaling = 2.0
    with pytest.raises(UnsupportedModel, match="not what its configuration makes"):
        built_like(BertModel, config, torch.float32, fake_mode(), wanted=outline(model))


def test_gradients_are_those_of_the_model_here() -> None:
    torch.manual_seed(0)
    model = BertModel(BertConfig(**SMALL)).eval()
    weight = model.get_parameter("embeddings.word_embeddings.weight")
    model(IDS)[0].sum().backward()
    wanted, weight.grad = weight.grad, None
    with torch.no_grad():
        elsewhere = model(IDS)
    outputs = with_history([elsewhere[0], IDS], [IDS], lambda: [model(IDS)[0], IDS])
    assert outputs[0].requires_grad
    assert not outputs[1].requires_grad
    (outputs[0] * 2).sum().backward()  # type: ignore[no-untyped-call]
    assert wanted is not None
    assert weight.grad is not None
    torch.testing.assert_close(weight.grad, 2 * wanted)


def test_gradients_of_changed_arguments_are_refused() -> None:
    ids = IDS.clone()
    (output,) = with_history([torch.ones(2)], [ids], lambda: [torch.ones(2, requires_grad=True)])
    ids += 1
    with pytest.raises(RuntimeError, match="was changed in place"):
        output.sum().backward()  # type: ignore[no-untyped-call]
