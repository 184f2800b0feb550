"""What of a decode step is not on tapes, family by family. Whatever a family has beyond that is native code on a CPU."""

from collections import Counter
from typing import Any

import pytest
import torch
from transformers import AutoConfig

from aweigh.compiler.compilation import compile_config
from aweigh.engine.run.coverage import Coverage, coverage_of

SMALL = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 199,
    "max_position_embeddings": 256,
    "pad_token_id": 0,
}
ANGLES = {
    "aten._to_copy.default",
    "aten.mul.Tensor",
    "aten.cat.default",
    "aten.cos.default",
    "aten.sin.default",
}
APART: dict[str, tuple[dict[str, Any], set[str]]] = {
    "llama": ({}, ANGLES),
    "qwen3": ({}, ANGLES),
}


def body_of(family: str, changes: dict[str, Any], dtype: torch.dtype) -> Coverage:
    program = compile_config(AutoConfig.for_model(family, **{**SMALL, **changes}), dtype).emitted.program
    return next(one for one in coverage_of(program) if one.function == "body")


@pytest.mark.parametrize("family", APART)
def test_a_family_s_step_is_on_one_tape_but_for(family: str) -> None:
    changes, apart = APART[family]
    body = body_of(family, changes, torch.bfloat16)
    assert set(body.apart) == apart
    assert body.tapes == 1 and body.native.total() > 10


def test_lines_name_what_is_called_by_itself() -> None:
    one = Coverage("body", 2, Counter(linear=3), Counter({"aten.cos.default": 2}))
    assert list(one.lines()) == [
        "native steps           body: 3 of 5, on 2 tapes",
        "      2  aten.cos.default, called by itself",
    ]
