"""The door that the shell calls once per step."""

from collections.abc import Sequence as Items

from torch import Tensor

from aweigh.engine.core import Sampled
from aweigh.engine.schedule.instructions import PlanSample


def sample(samples: Items[PlanSample], logits_RV: Tensor) -> list[Sampled]:
    """Samples every group of a step, one answer each. Never raises for a group's sake: its `failure` is set instead.

    `logits_RV` are the step's logits [R, V] in any float dtype, on any device; they are not modified.
    """
    raise NotImplementedError
