"""`Call`: one run of one function of a model, for functions that keep no state.

Inputs are checked against the declared types before anything is computed, and so is the size of everything that will be.
"""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from aweigh.engine.execute import reason_of
from aweigh.engine.loading import Loaded
from aweigh.engine.run.bounds import within
from aweigh.engine.run.flat import EFFECTS, Flat
from aweigh.engine.run.symbols import check_inputs, shape, sources
from aweigh.proto.errors import AweighError, InvalidRequest, OurBug, Overloaded

MAX_VALUE_BYTES = 1 << 32
_log = logging.getLogger(__name__)


def check(loaded: Loaded, function: str, given: dict[str, Tensor]) -> list[Tensor]:
    """The inputs in the Program's order. Raises InvalidRequest, Overloaded."""
    flat = loaded.model.structure.plan(function).flat
    if any(instruction.kind in EFFECTS for instruction in flat.instructions):
        raise InvalidRequest(f"function {function!r} keeps state: step through it")
    names = [entry.name for entry in flat.function.inputs]
    if sorted(given) != sorted(names):
        raise InvalidRequest(f"function {function!r} takes {', '.join(names)}")
    device = loaded.model.structure.device
    inputs = [given[name].to(device) for name in names]
    for entry, tensor in zip(flat.function.inputs, inputs, strict=True):
        if tensor.dtype != getattr(torch, entry.type.dtype.torch_name) or tensor.dim() != len(entry.type.dims):
            raise InvalidRequest(
                f"input {entry.name!r} is {entry.type.dtype.torch_name} of {len(entry.type.dims)} dims"
            )
    if "token_ids" in given and loaded.spec.vocabulary_size:
        within(given["token_ids"], loaded.spec.vocabulary_size, False)
    symbols = [inputs[number].shape[dimension] for number, dimension in sources(flat.function)]
    check_inputs(flat.function, inputs, symbols)
    _bound(flat, symbols)
    return inputs


def _bound(flat: Flat, symbols: Sequence[int]) -> None:
    for declared in flat.types:
        size = math.prod(shape(declared.dims, symbols)) * declared.dtype.size
        if size > MAX_VALUE_BYTES:
            raise Overloaded(f"the call would make a tensor of {size} bytes, more than {MAX_VALUE_BYTES}")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a call: its outputs by name; when it was begun, by time.monotonic, and how many seconds it took."""

    outputs: dict[str, Tensor]
    began: float
    seconds: float


def run(loaded: Loaded, function: str, inputs: list[Tensor]) -> Ran | AweighError:
    """Runs it, on the step thread."""
    began = time.monotonic()
    try:
        outputs = loaded.model.function(function).run(inputs)
        return Ran(outputs, began, time.monotonic() - began)
    except Exception as error:  # noqa: BLE001  what escapes here would end the step loop
        reason = reason_of(error)
        if isinstance(reason, OurBug):
            _log.exception("function %s of %s failed", function, loaded.spec.name)
        return reason
