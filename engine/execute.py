"""Runs a step plan: copies, forward, sampling; and keeps what step calls want of it.

When a step raises, the requests in it are run one by one, without drafts: what raised for one request's sake (a position beyond a table)
fails that request alone, what raised for a draft's sake fails nobody, and its batch mates get the same answer as without it. Running rows again is
harmless, since a step writes the same keys and values to the same places.

Legend: R rows of logits, V vocabulary, T tokens in batch.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from aweigh.engine.core import Sampled
from aweigh.engine.drafts import said, with_drafts
from aweigh.engine.run.forward import StepResult, forward
from aweigh.engine.run.model import Model
from aweigh.engine.sampling.sample import sample
from aweigh.engine.schedule.events import StepDone
from aweigh.engine.schedule.instructions import PlanDrafts, PlanRow, StepPlan
from aweigh.memory.paging.not_resident import NotResident
from aweigh.proto.errors import AweighError, InvalidRequest, OurBug, Overloaded

# What torch raises for values that no check of shapes can foresee. Anything else is a bug of ours and fails the whole step.
_FAILURES = (RuntimeError, IndexError, ValueError, MemoryError, ArithmeticError)


@dataclass(slots=True)
class Collected:
    """What a step call has got so far: per row of the call, pieces of logits [n, V] and of optional outputs [..., n, ...]."""

    logits: dict[int, list[Tensor]] = field(default_factory=dict)
    outputs: dict[str, dict[int, list[Tensor]]] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """Of a plan: one Sampled per plan.samples, the requests that failed alone, and the draft model's seconds; None: it failed."""

    sampled: list[Sampled]
    failed: dict[int, AweighError]
    drafting: float | None = 0.0

    def done(self, step: int, now: float) -> StepDone:
        """What the scheduler hears of it."""
        return StepDone(step, self.sampled, now, self.failed, self.drafting)


class Executor:
    """Lives on the step thread. `wanted` are the step calls in progress and the optional outputs that each asked for."""

    def __init__(self, models: Mapping[int, Model]) -> None:
        """`models`: by id of their ModelSpec."""
        self._models = models
        self.wanted: dict[int, tuple[str, ...]] = {}
        self._collected: dict[int, Collected] = {}

    def take(self, request: int) -> Collected:
        """What was collected for a step call that is over; forgets it."""
        self.wanted.pop(request, None)
        return self._collected.pop(request, None) or Collected()

    def run(self, model: Model, plan: StepPlan) -> Outcome:
        """Raises NotResident where weights did not come in time, AcceleratorError, after which the worker must end, and what stands for our own bugs, which fails the step."""
        seconds: float | None = 0.0
        if plan.drafts is not None:
            plan, seconds = self._draft(plan, plan.drafts)
        try:
            result = forward(model, plan.rows, plan.copies, plan.outputs, plan.model.block_size)
            self._collect(plan.rows, result, axes(model, plan.outputs))
            return Outcome(sample(plan.samples, result.logits_RV, model.structure.kernels), {}, seconds)
        except NotResident:
            raise  # nothing was computed that counts: the step is run again
        except torch.AcceleratorError:
            raise  # the device is lost to this process (an index out of bounds in a kernel, say): nothing runs on it any more
        except _FAILURES as error:
            requests = list(dict.fromkeys(row.request for row in plan.rows))
            if len(requests) == 1 and not any(row.draft for row in plan.rows):
                reason = reason_of(error)
                failures = [Sampled([], None, reason) for _ in plan.samples]
                return Outcome(failures, dict.fromkeys(requests, reason), seconds)
            return replace(self._one_by_one(model, plan, requests), drafting=seconds)

    def _draft(self, plan: StepPlan, drafts: PlanDrafts) -> tuple[StepPlan, float | None]:
        """The plan with what the draft model says, and its seconds; None: it failed, and zeros are drafted."""
        model, began = self._models[id(drafts.model)], time.monotonic()

        def compute(rows: list[PlanRow]) -> list[int]:
            logits_RV = forward(model, rows, (), (), drafts.model.block_size).logits_RV
            tokens: list[int] = model.structure.kernels.best(logits_RV)[0].tolist() if len(logits_RV) else []
            return tokens

        try:
            return with_drafts(plan, said(drafts, compute)), time.monotonic() - began
        except torch.AcceleratorError:
            raise
        except (*_FAILURES, AweighError) as error:
            if isinstance(error, NotResident):
                error.give_up()
            return with_drafts(plan, [(0,) * length for length in drafts.lengths]), None

    def _one_by_one(self, model: Model, plan: StepPlan, requests: list[int]) -> Outcome:
        failed: dict[int, AweighError] = {}
        done: list[tuple[list[PlanRow], StepResult, tuple[str, ...]]] = []
        parts: dict[int, Tensor] = {}
        for request in requests:
            rows = [row.undrafted for row in plan.rows if row.request == request]
            outputs = self.wanted.get(request, ())
            try:
                result = forward(model, rows, (), outputs, plan.model.block_size)
            except NotResident:
                raise
            except _FAILURES as error:
                failed[request] = reason_of(error)
            else:
                done.append((rows, result, outputs))
                parts[request] = result.logits_RV
        for rows, result, outputs in done:
            self._collect(rows, result, axes(model, outputs))
        sampled: list[Sampled] = []
        for entry in plan.samples:
            if entry.request in failed:
                sampled.append(Sampled([], None, failed[entry.request]))
                continue
            shifted = replace(entry, first=0, proposal=None)
            sampled += sample([shifted], parts[entry.request], model.structure.kernels)
        return Outcome(sampled, failed)

    def _collect(self, rows: list[PlanRow] | tuple[PlanRow, ...], result: StepResult, axis_of: dict[str, int]) -> None:
        if not self.wanted:
            return
        first = end = 0
        for row in rows:
            logits_RV = result.logits_RV[first : first + row.logits]
            first += row.logits
            end += row.count
            outputs = self.wanted.get(row.request)
            if outputs is None:
                continue
            collected = self._collected.setdefault(row.request, Collected())
            if row.logits:
                collected.logits.setdefault(row.row, []).append(logits_RV)
            if row.fresh:
                for name in outputs:
                    part = result.outputs[name].narrow(axis_of[name], end - row.fresh, row.fresh)
                    collected.outputs.setdefault(name, {}).setdefault(row.row, []).append(part)


def axes(model: Model, outputs: tuple[str, ...]) -> dict[str, int]:
    """The dimension that counts tokens, by optional output of the body. Raises InvalidRequest for outputs without one."""
    found: dict[str, int] = {}
    if outputs:
        flat = model.structure.plan("body", outputs).flat
        for name in outputs:
            dims = flat.types[flat.outputs[name]].dims
            symbolic = [axis for axis, dim in enumerate(dims) if not isinstance(dim, int)]
            if len(symbolic) != 1:
                raise InvalidRequest(f"output {name!r} cannot be had per token")
            found[name] = symbolic[0]
    return found


def reason_of(error: Exception) -> AweighError:
    """A typed error for what torch raised in the middle of a step, which is not run again."""
    if isinstance(error, NotResident):
        error.give_up()
    if isinstance(error, AweighError):
        return error
    text = str(error).partition("\n")[0][:300]
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return Overloaded(f"the engine ran out of memory in this step: {text}")
    if isinstance(error, IndexError):
        return InvalidRequest(f"a token or a position is outside a table of the model: {text}")
    if "ZeroDivisionError" in text:  # torch's word for whole numbers that are divided by zero
        return InvalidRequest("a whole number is divided by zero")
    return OurBug(f"{type(error).__name__} in a step: {text}")
