"""What of a decode step is not on tapes, family by family. Whatever a family has beyond that is native code on a CPU."""

from collections import Counter

import pytest
import torch
from tests.engine.run.families import config_of

from aweigh.compiler.compilation import compile_config
from aweigh.engine.run.coverage import Coverage, coverage_of

ANGLES = {
    "aten._to_copy.default",
    "aten.mul.Tensor",
    "aten.cat.default",
    "aten.cos.default",
    "aten.sin.default",
}
APART: dict[str, set[str]] = {
    "llama": ANGLES,
    "qwen3": ANGLES,
    "gpt2": set(),
    "opt": {"aten.add.Scalar"},
    "phi": ANGLES,
    "gpt_neox": ANGLES,
    "starcoder2": ANGLES,
    "falcon": {*ANGLES, "aten.index_select.default"},
    "bloom": set(),
    "mpt": set(),
    "gemma2": ANGLES,
    "gpt_oss": {*ANGLES, "aten.mul.Scalar"},
    "mixtral": {*ANGLES, "aten.sum.dim_IntList", "aten.div.Tensor"},
    "qwen3_moe": ANGLES,
    "qwen2_moe": {*ANGLES, "aten.sigmoid.default", "add_rms_norm", "aten.add.Tensor"},
}


def body_of(family: str, dtype: torch.dtype) -> Coverage:
    program = compile_config(config_of(family), dtype).emitted.program
    return next(one for one in coverage_of(program) if one.function == "body")


@pytest.mark.parametrize("family", APART)
def test_a_family_s_step_is_on_tapes_but_for(family: str) -> None:
    body = body_of(family, torch.bfloat16)
    assert set(body.apart) == APART[family]
    assert body.native.total() > 10


def test_lines_name_what_is_called_by_itself() -> None:
    one = Coverage("body", 2, Counter(linear=3), Counter({"aten.cos.default": 2}))
    assert list(one.lines()) == [
        "native steps           body: 3 of 5, on 2 tapes",
        "      2  aten.cos.default, called by itself",
    ]
