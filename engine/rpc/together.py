"""Calls of a text encoder that wait for the same model run as one step; who cannot be part of one fails alone.

When a step raises, its calls are run one by one, as steps of sequences are (`engine/execute.py`): what raised for one call's sake (an id
beyond the vocabulary) is that caller's, and its mates get the answer that they get without it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.engine.execute import reason_of
from aweigh.engine.loading import Loaded
from aweigh.engine.rpc.ran import Ran
from aweigh.engine.rpc.shared import Shared
from aweigh.engine.run import texts
from aweigh.engine.run.texts import Text
from aweigh.memory.paging.not_resident import NotResident
from aweigh.proto.errors import AweighError, OurBug, StoreFailed

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One call. `resolve` takes its answer, on the step thread; `is_over`: whether it was answered, or nobody waits for it any more."""

    loaded: Loaded
    text: Text
    shared: Shared | None
    room: int
    resolve: Callable[[Ran], None]
    is_over: Callable[[], bool]


def run_together(waiting: Sequence[Waiting]) -> None:
    """Runs calls of one model as one, on the step thread, which also copies what fits into shared memory. Raises NotResident: those that are not
    over by then are to be run again."""
    calls = [call for call in waiting if not call.is_over()]
    if not calls:
        return
    began = time.monotonic()
    try:
        answers = _computed(calls)
    except (torch.AcceleratorError, NotResident):
        raise
    except Exception as error:  # noqa: BLE001  what escapes here would end the step loop
        if len(calls) > 1 and not isinstance(error, StoreFailed):  # damaged weights are no call's fault
            for call in calls:
                run_together([call])
            return
        reason = reason_of(error)
        if isinstance(reason, OurBug):
            _log.exception("a step of %s failed", calls[0].loaded.spec.name)
        for call in calls:
            call.resolve(Ran(reason, {}, began, time.monotonic() - began))
        return
    seconds = time.monotonic() - began
    for call, answer in zip(calls, answers, strict=True):
        call.resolve(_placed(call, answer, began, seconds, len(calls)))


def _computed(calls: Sequence[Waiting]) -> list[dict[str, Tensor]]:
    return texts.run(calls[0].loaded.model, [call.text for call in calls])


def _placed(call: Waiting, answer: dict[str, Tensor], began: float, seconds: float, together: int) -> Ran:
    outputs: dict[str, Tensor] | AweighError = answer
    offsets: dict[str, int] = {}
    try:
        if call.shared is not None and call.room:
            offsets = call.shared.place(answer, call.room)
    except Exception as error:  # noqa: BLE001  one caller's memory is no affair of its mates
        outputs = reason_of(error)
    return Ran(outputs, offsets, began, seconds, together)
