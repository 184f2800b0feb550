"""Registers our attention, masks and experts with transformers, under the name `IMPLEMENTATION`."""

from functools import cache

from transformers.integrations.moe import ALL_EXPERTS_FUNCTIONS
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

import aweigh.compiler.capture.operators  # noqa: F401  (defines torch.ops.aweigh)
from aweigh.compiler.capture.attention import attention
from aweigh.compiler.capture.experts import experts
from aweigh.compiler.capture.masks import mask

IMPLEMENTATION = "aweigh"


@cache
def register() -> None:
    """Idempotent; process-wide, as transformers' registries are."""
    ALL_ATTENTION_FUNCTIONS.register(IMPLEMENTATION, attention)
    ALL_MASK_ATTENTION_FUNCTIONS.register(IMPLEMENTATION, mask)
    ALL_EXPERTS_FUNCTIONS.register(IMPLEMENTATION, experts)
