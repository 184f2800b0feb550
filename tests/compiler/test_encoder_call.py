"""What a text encoder may do to be captured for calls of all sizes, and what is refused: rows that meet, tokens that meet."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from aweigh.compiler.capture.encoder_call import capture_encoder
from aweigh.compiler.module_compilation import compile_encoder
from aweigh.compiler.offload.pretrained.tree import Call
from aweigh.proto.dtypes import DType
from aweigh.proto.errors import UnsupportedModel
from aweigh.proto.expression import Symbol
from aweigh.proto.program import Function
from aweigh.proto.verify import value_types

CONFIG = BertConfig(
    vocab_size=50, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, max_position_embeddings=40
)  # fmt: skip
T, R = Symbol(0), Symbol(1)
Then = Callable[[Tensor, Tensor], Tensor]


def function_of(then: Then, **given: Any) -> tuple[Function, list[tuple[object, ...]]]:
    """Of a model that does something more with hidden states [B, S, C] and the mask [B, S]; and the dims of its outputs."""

    class Model(BertModel):  # type: ignore[misc]
        def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Any:
            hidden = super().forward(input_ids, attention_mask=attention_mask).last_hidden_state
            return {"x": then(hidden, attention_mask)}

    call = Call(given or {"input_ids": torch.ones(2, 5).long(), "attention_mask": torch.ones(2, 5).long()})
    tensors = [(tensor.dtype, tuple(tensor.shape)) for tensor in call.tensors]
    captured = capture_encoder(Model, CONFIG, torch.float32, "sdpa", call.tree, tensors)
    program = compile_encoder(captured).program
    (function,) = program.functions
    types = value_types(program, function)
    assert all(types[output.value].dtype is not DType.BFLOAT16 for output in function.outputs)
    return function, [types[output.value].dims for output in function.outputs]


@pytest.mark.parametrize(
    ("then", "dims"),
    [
        (lambda x, mask: x, (1, T, 8)),
        (lambda x, mask: x * mask[..., None], (1, T, 8)),
        (lambda x, mask: x.view(-1, 8).view(x.shape), (1, T, 8)),
        (lambda x, mask: x[:, 0], (R, 8)),
        (lambda x, mask: x[:, 0, :3], (R, 3)),
        (lambda x, mask: x[:, :, :3], (1, T, 3)),
        (lambda x, mask: x.softmax(-1).sum(-1), (1, T)),
        (lambda x, mask: mask.cumsum(1) * mask, (1, T)),
        (lambda x, mask: torch.nn.functional.one_hot(mask, 3), (1, T, 3)),
        (lambda x, mask: torch.cat((x, x), -1), (1, T, 16)),
        (lambda x, mask: x.mean(1), (R, 8)),
        (lambda x, mask: (x * mask[..., None]).sum(dim=1) / mask.sum(1, keepdim=True), (R, 8)),
    ],
)
def test_what_treats_tokens_and_rows_alike_is_captured(then: Then, dims: tuple[object, ...]) -> None:
    assert function_of(then)[1] == [dims]


@pytest.mark.parametrize(
    "then",
    [
        lambda x, mask: x - x.mean(0, keepdim=True),
        lambda x, mask: x * mask[0][None, :, None],
        lambda x, mask: x * mask[:1, :, None],
        lambda x, mask: x * mask[-1:, :, None],
        lambda x, mask: x.softmax(0),
        lambda x, mask: x.transpose(0, 1).cumsum(1).transpose(0, 1),
        lambda x, mask: x.flip(0),
        lambda x, mask: torch.roll(x, 1, 0),
        lambda x, mask: x + torch.stack(list(x)).sum(0)[None],
        lambda x, mask: torch.einsum("bsc,bsd->scd", x, x)[None],
    ],
)
def test_rows_that_meet_are_refused(then: Then) -> None:
    with pytest.raises(UnsupportedModel):
        function_of(then)


@pytest.mark.parametrize(
    "then",
    [
        lambda x, mask: x.amax(1),
        lambda x, mask: x[:, -1],
        lambda x, mask: x[:, 1],
        lambda x, mask: x.cumsum(1),
        lambda x, mask: x.flip(1),
        lambda x, mask: x[:, 1:],
        lambda x, mask: x / mask.sum(),
        lambda x, mask: x * x.shape[1],
        lambda x, mask: x @ x.transpose(1, 2),
        lambda x, mask: x.flatten(1),
    ],
)
def test_tokens_that_meet_are_refused(then: Then) -> None:
    with pytest.raises(UnsupportedModel):
        function_of(then)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"input_ids": torch.ones(2, 5)}, "integers per token"),
        ({"input_ids": torch.ones(2, 5, 5).long()}, "integers per token"),
        ({"attention_mask": torch.ones(2, 5).long()}, "no token ids"),
    ],
)
def test_other_calls_are_none_of_a_text(given: dict[str, Tensor], words: str) -> None:
    with pytest.raises(UnsupportedModel, match=words):
        function_of(lambda x, mask: x, **given)
