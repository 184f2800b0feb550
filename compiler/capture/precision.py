"""Parameters that stay in float32 whatever dtype is asked for, by the rules that the modelling class states for loading."""

from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from transformers.core_model_loading import build_glob_alternation


def keep_in_float32(model: Any, dtype: torch.dtype, mode: FakeTensorMode) -> None:
    """Replaces what `model` wants to keep in float32, as `from_pretrained` does."""
    plan = model._get_dtype_plan(dtype)
    if not plan:
        return
    pattern, group, _ = build_glob_alternation(list(plan))
    for name, parameter in list(model.named_parameters()):
        match = pattern.search(name)
        if match is None or not parameter.is_floating_point():
            continue
        wanted = plan[group[match.lastgroup]]
        if wanted != parameter.dtype:
            owner, _, own = name.rpartition(".")
            with mode:
                stand_in = torch.empty(parameter.shape, dtype=wanted)
            setattr(model.get_submodule(owner), own, torch.nn.Parameter(stand_in, requires_grad=False))
