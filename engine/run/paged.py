"""A function whose weights come and go: its steps in stages, each of which holds what it reads. Numbers are those of the pager's regions.

A stage is a run of steps that read about as much as is worth a ticket: a layer, mostly. Tickets for the stages ahead are asked for while
one computes, so a step begins when its first layer is there; but where others have something to compute, a model that fits waits until it is
here as a whole. Where the whole model fits, all tickets are kept to the end, and from then on one ticket for all of it stands until somebody needs the frames: such a run pays two dictionary lookups. Where it does not fit, a stage is
released when it was computed, and the first stages of the next step are asked for while the last ones compute: a disk that idles between
steps is lost time. Whoever needs the frames takes such tickets back.

What a step makes of weights without copying must not be read after its stage. Views are known (`touches.py`), and count as reads of the weight;
any other result that turns out to share memory with a weight is copied.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from torch import Tensor

from aweigh.engine.run.ahead import Ahead, Asked, Stage
from aweigh.engine.run.plan import Plan
from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.paging.not_resident import NotResident
from aweigh.memory.paging.pager import Pager
from aweigh.memory.residency.events import Priority
from aweigh.proto.errors import StoreFailed

Registers = list[Any]
Run = Callable[[Registers], None]
Steps = Sequence[tuple[Run, tuple[int, ...]]]
STAGE_BYTES = 16 << 20
AHEAD = 0.5  # of the arena: stages that are asked for ahead take no more
_FITS = 0.9
DAMAGED = "weights of this model changed in memory while it computed, and are brought anew: ask again"


class PagedSteps:
    """The steps of one function of one model."""

    def __init__(
        self, plan: Plan, pager: Pager, model: str, region_of_slot: Sequence[int | None], ahead: Ahead | None = None
    ) -> None:
        self._plan = plan
        self._pager = pager
        self._model = model
        self.stages = cut([_numbers(slots, region_of_slot) for slots in plan.touches], pager)
        self._all = tuple(dict.fromkeys(number for stage in self.stages for number in stage.numbers))
        self._numbers = frozenset(self._all)
        self._frames = _frames(self._all, pager)
        self._fits = self._frames <= _FITS * pager.frames.frames
        # All of it where it fits; else what must be there for it to run at all.
        most = max(self.stages, key=lambda stage: stage.frames, default=None)
        self._pressing = self._all if self._fits or most is None else most.numbers
        self._storages = {pager.place(number).address for number in self._all}
        self._ticket = 0
        self._ahead = ahead or Ahead(pager)

    def run(self, r: Registers, composed: Steps) -> None:
        """Runs all steps, `composed` while everything is held. Raises NotResident where weights do not come in the pager's patience; nothing is held then but its ticket.
        StoreFailed where weights were found to be damaged meanwhile: what was computed goes to nobody."""
        known = len(self._pager.damages)
        self._run_held(r, composed)
        if not self._numbers.isdisjoint(self._pager.damages[known:]):
            self.close()
            raise StoreFailed(DAMAGED)

    def _run_held(self, r: Registers, composed: Steps) -> None:
        if self._ticket and self._pager.firm(self._ticket, again=True):
            try:
                for run, ends in composed:
                    run(r)
                    for register in ends:
                        r[register] = None
                self._keep_outputs(r)
            finally:
                self._pager.soften(self._ticket, self._all)
            return
        self._ticket = 0
        if self._all:
            self._run_staged(r)
        else:
            self._run(r, range(len(self._plan.steps)))

    def close(self) -> None:
        """Gives its ticket back."""
        if self._ticket and self._pager.firm(self._ticket):
            self._pager.release(self._ticket)
        self._ticket = 0

    def _run_staged(self, r: Registers) -> None:
        pager = self._pager
        pager.on_pressure(self._pressing)
        fits = self._fits and self._frames <= pager.frames.frames - pager.kv_frames
        asked = self._ahead.begin(self)
        if fits:
            pager.kept.brings(self._model, self._all)
        coming = self.stages if fits else list(self._ahead.stages(self))
        kept: list[int] = []
        try:
            for done, stage in enumerate(self.stages):
                while self._asks(coming[done + len(asked) :], asked, fits):
                    wanted = coming[done + len(asked)]
                    priority = Priority.NEXT if asked else Priority.NOW
                    asked.append((wanted, pager.need(wanted.numbers, self._model, priority) if wanted.numbers else 0))
                ticket = asked[0][1]
                if ticket:
                    pager.hurry(ticket)
                    if kept and not pager.wait(ticket, 0.0) and self._frames > pager.frames.frames - pager.kv_frames:
                        # Keys and values have grown since this began: nobody waits with his hands full.
                        fits = False
                        while kept:
                            pager.release(kept.pop())
                    if not pager.wait(ticket, pager.patience, gives_way=fits):
                        asked.popleft()
                        late = self._all_for(ticket) if fits and pager.others() else ticket
                        raise NotResident(pager.release, late)
                self._run(r, stage.steps)
                asked.popleft()
                if ticket and fits:
                    kept.append(ticket)
                elif ticket:
                    pager.release(ticket, stage.numbers)
            self._keep_outputs(r)
            if fits:
                self._hold()
            self._ahead.keep(asked)
        finally:
            for ticket in (*kept, *(ticket for _, ticket in asked)):
                if ticket:
                    pager.release(ticket)

    def _all_for(self, ticket: int) -> int:
        """A ticket for everything in the place of one for a stage, also for the functions that follow where they fit as well: others compute
        until all is here, and the step begins once more only."""
        pager = self._pager
        stages = self._ahead.stages(self)
        everything = tuple(dict.fromkeys(number for stage in stages for number in stage.numbers))
        fits = _frames(everything, pager) <= min(_FITS * pager.frames.frames, pager.frames.frames - pager.kv_frames)
        wanted = everything if fits else self._all
        pager.on_pressure(wanted)
        whole = pager.need(wanted, self._model)
        self._pager.release(ticket)
        return whole

    def _asks(self, coming: Sequence[Stage], asked: Asked, fits: bool) -> bool:
        """Whether the first of the stages to come is to be asked for at this moment.

        Stages that are here do not count as asked: behind them lies what the disk could be bringing meanwhile.
        """
        if not coming or fits or not asked:
            return bool(coming)
        stages = [*(stage for stage, _ in asked), coming[0]]
        if sum(stage.frames for stage in stages) > AHEAD * self._pager.frames.frames:
            return False
        return self._pager.late({number for stage in stages[:-1] for number in stage.numbers}) <= self._pager.depth

    def _hold(self) -> None:
        """One ticket for everything, which is there."""
        ticket = self._pager.need(self._all, self._model)
        if self._pager.wait(ticket, 0.0):
            self._ticket = ticket
            self._pager.soften(ticket, self._all)
        else:
            self._pager.release(ticket, self._all)

    def _run(self, r: Registers, steps: range) -> None:
        plan = self._plan
        for index in steps:
            run, ends = plan.steps[index]
            run(r)
            for register in plan.fresh[index]:
                r[register] = own(r[register], self._storages)
            for register in ends:
                r[register] = None

    def _keep_outputs(self, r: Registers) -> None:
        for _, register in self._plan.outputs:
            r[register] = own(r[register], self._storages)


def fold(plan: Plan, pager: Pager, model: str, region_of_slot: Sequence[int | None], r: Registers) -> None:
    """Runs the folded steps of a plan while what they read is held. Raises NotResident, or what the pager refuses with."""
    numbers = _numbers(plan.folding, region_of_slot)
    ticket = pager.need(numbers, model) if numbers else 0
    try:
        if ticket and not pager.wait(ticket, pager.patience):
            raise NotResident(pager.release, ticket)
        storages = {pager.place(number).address for number in numbers}
        for run, fresh in zip(plan.folded, plan.folded_fresh, strict=True):
            run(r)
            for register in fresh:
                r[register] = own(r[register], storages)
    except NotResident:
        ticket = 0
        raise
    finally:
        if ticket:
            pager.release(ticket, numbers)


def own(value: Any, storages: AbstractSet[int]) -> Any:
    """The value, or a copy of it where it shares memory with a weight; `storages` are the addresses of places."""
    if isinstance(value, Tensor) and value.untyped_storage().data_ptr() in storages:
        return value.clone()
    return value


def cut(touches: Sequence[tuple[int, ...]], pager: Pager) -> list[Stage]:
    """Stages: a step begins a new one where it reads a region that the stage does not have, and the stage has enough."""
    stages: list[Stage] = []
    first = 0
    numbers: dict[int, None] = {}
    for index, step in enumerate(touches):
        new = [number for number in step if number not in numbers]
        if new and numbers and _frames(numbers, pager) * PAGE_BYTES >= STAGE_BYTES:
            stages.append(Stage(range(first, index), tuple(numbers), _frames(numbers, pager)))
            first, numbers = index, {}
        numbers.update(dict.fromkeys(step))
    if first < len(touches):
        stages.append(Stage(range(first, len(touches)), tuple(numbers), _frames(numbers, pager)))
    return stages


def _numbers(slots: Sequence[int], region_of_slot: Sequence[int | None]) -> tuple[int, ...]:
    found = (region_of_slot[slot] for slot in slots)
    return tuple(dict.fromkeys(number for number in found if number is not None))


def _frames(numbers: Sequence[int] | dict[int, None], pager: Pager) -> int:
    return sum(pager.place(number).frames for number in numbers)
