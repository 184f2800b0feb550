"""Steps of a plan as tapes: runs of steps that native code covers become one start of native code, the others stay as they are.

For one choice of sizes every address inside of such a run is known beforehand: values lie in a block of memory that stays
(`kernels/cpu/block.py`), weights behind the address table, so tables are filled once. Per run of the function what comes in is
copied into the block, and what others read later is copied out of it: results must not change under their readers.

A tape computes what the steps would, with the same code: both ways agree in every bit, and may take turns.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.run.plan import Plan
from aweigh.engine.run.steps import Registers, Run, Step
from aweigh.engine.run.symbols import shape
from aweigh.kernels.base import Kernels, tensor_of
from aweigh.kernels.cpu.block import Full, block
from aweigh.kernels.cpu.recorder import NotNative, Recorder
from aweigh.kernels.cpu.recording import Recording
from aweigh.proto.ops import VIEWS

Kind = tuple[tuple[int, ...], torch.dtype]
Steps = Sequence[tuple[Run, tuple[int, ...]]]

_LEAST = 2
"""Native calls of a run of steps that are worth a tape, if a product is among them: what comes in and goes out is copied."""
_PRODUCTS = frozenset(["linear", "merged_linear", "gated_mlp", "attend", "experts"])
_COVERED = frozenset(
    [
        "activation",
        "add_layer_norm",
        "add_rms_norm",
        "embedding",
        "gated_mlp",
        "layer_norm",
        "linear",
        "merged_linear",
        "rms_norm",
        "rotary",
        "softmax",
        "topk",
    ]
)
_CAST = "aten._to_copy.default"
_ATEN = {"aten.add.Tensor": "add", "aten.mul.Tensor": "multiply"}
_VIEWS = VIEWS | {"rows", "lead", "reshape", "heads_last", "heads_first", "swap12"}
_STILL = _VIEWS | {"pack", "within"}
_FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Composition:
    """What runs instead of a plan's steps: `tapes` tapes with `native` on them, and `apart`, which are called one by one: counts of steps
    by name, views not among them."""

    runs: Steps
    native: Counter[str]
    apart: Counter[str]
    tapes: int


def covers(kernels: Kernels, device: torch.device) -> bool:
    """Whether steps of these kernels can be put on tapes."""
    return kernels.name == "cpu" and device.type == "cpu"


def compose(plan: Plan, r: Registers, values: Sequence[int], kernels: Kernels, threads: int) -> Composition:
    """Composes a plan for the sizes `values` of its symbols. `r`: the registers before a run, with all that is known then.

    The composition is good for this thread, for `threads` threads of computation, and as long as weights and layers are bound.
    """
    with torch.inference_mode(False), torch.no_grad():
        try:
            return _Composer(plan, r, values, kernels, threads).run()
        except Full:
            return Composition(plan.steps, Counter(), _computing(plan.kept), 0)


def _computing(steps: Sequence[Step]) -> Counter[str]:
    return Counter(step.name for step in steps if step.name not in _STILL)


class _Composer:
    def __init__(self, plan: Plan, registers: Registers, values: Sequence[int], kernels: Kernels, threads: int) -> None:
        self._plan, self._registers, self._values = plan, registers, values
        self._kernels, self._threads = kernels, threads
        self._known = {number for number, value in enumerate(registers) if value is not None} | plan.constants.keys()
        self._last: dict[int, int] = {}
        for index, step in enumerate(plan.kept):
            self._last.update(dict.fromkeys((*step.reads, *step.results), index))
        self._last.update({register: _FOREVER for _, register in plan.outputs})
        self._runs: list[tuple[Run, tuple[int, ...]]] = []
        self._native: Counter[str] = Counter()
        self._tapes = 0
        self._kinds: dict[int, Kind] = {}
        self._begin(0)

    def _begin(self, first: int) -> None:
        self._first = first
        self._recorder = Recorder(block(), self._threads)
        self._inputs: dict[int, Tensor] = {}
        self._made: dict[int, Tensor] = {}
        self._lives: dict[int, set[int]] = {}  # registers that read it later, by what the block gave
        self._products = 0

    def run(self) -> Composition:
        for index, step in enumerate(self._plan.kept):
            came = len(self._inputs)
            try:
                results = self._results(step)
            except NotNative:
                self._inputs = dict(list(self._inputs.items())[:came])
                self._end(index)
                self._runs.append(self._plan.steps[index])
                self._begin(index + 1)
                continue
            self._products += step.name in _PRODUCTS
            self._keep(dict(zip(step.results, results, strict=True)))
            self._let_go(step, index)
        self._end(len(self._plan.kept))
        return Composition(tuple(self._runs), self._native, _computing(self._plan.kept) - self._native, self._tapes)

    def _results(self, step: Step) -> Sequence[Tensor]:
        """Records a step. Raises NotNative."""
        kernel = getattr(self._kernels, step.name, None)
        if step.name in _VIEWS:
            shown = step.function(*self._operands(step), **self._keywords(step))
            views = (shown,) if isinstance(shown, Tensor) else tuple(shown)
            if any(self._recorder.room.start_of(view) is None for view in views):
                raise NotNative  # it had to be copied, or shows a weight
            return views
        if step.name == "attend" and step.operands[-1] == self._plan.ragged:
            query, key, value, layer = self._operands(step, len(step.operands) - 1)
            return (self._recorder.attend(query, key, value, layer, **self._keywords(step)),)
        if step.name == _CAST and step.keywords.keys() == {"dtype"} and len(step.operands) == 1:
            return (self._recorder.cast(*self._operands(step), **step.keywords),)
        if step.name == "experts":
            hits, *operands = self._operands(step)
            counts_X = hits.counts_X(tensor_of(operands[3]).shape[0])
            return (self._recorder.experts(counts_X, *operands, **self._keywords(step)),)
        if step.name in _ATEN and step.keywords in ({}, {"alpha": 1}) and len(step.operands) == 2:
            return (getattr(self._recorder, _ATEN[step.name])(*self._operands(step)),)
        if step.name not in _COVERED or step.function is not kernel:
            raise NotNative
        recorded = getattr(self._recorder, step.name)(*self._operands(step), **self._keywords(step))
        return recorded if isinstance(recorded, tuple) else (recorded,)

    def _operands(self, step: Step, count: int | None = None) -> list[Any]:
        return [self._value(register) for register in step.operands[:count]]

    def _keywords(self, step: Step) -> dict[str, Any]:
        return {**step.keywords, **{name: self._value(register) for name, register in step.optional}}

    def _value(self, register: int) -> Any:
        """What stands in a register: something known, a place in the block for what a step before makes or comes from outside."""
        if register in self._made:
            return self._made[register]
        if register in self._known:
            return self._registers[register]
        dims, dtype = self._kind(register)
        if 0 in dims:
            raise NotNative  # it has no place
        came = self._recorder.room.take(dims, dtype, fresh=True)
        self._inputs[register] = came
        self._keep({register: came})
        return came

    def _kind(self, register: int) -> Kind:
        """Shape and dtype of what comes in a register."""
        found = self._kinds.get(register)
        if found is not None:
            return found
        declared = self._plan.types.get(register)
        if declared is None:
            raise NotNative
        return shape(declared.dims, self._values), getattr(torch, declared.dtype.torch_name)

    def _keep(self, results: dict[int, Tensor]) -> None:
        self._made.update(results)
        for register, tensor in results.items():
            self._kinds[register] = tuple(tensor.shape), tensor.dtype
            start = self._recorder.room.start_of(tensor)
            assert start is not None, "what a recorder returns lies in its block"
            self._lives.setdefault(start, set()).add(register)

    def _let_go(self, step: Step, index: int) -> None:
        """Gives back what nobody reads after a step."""
        for register in dict.fromkeys((*step.reads, *step.results)):
            tensor = self._made.get(register)
            if tensor is None or self._last[register] > index:
                continue
            del self._made[register]
            start = self._recorder.room.start_of(tensor)
            assert start is not None, "it was kept"
            self._lives[start].discard(register)
            if not self._lives[start]:
                del self._lives[start]
                self._recorder.room.give(start)

    def _end(self, stop: int) -> None:
        """Ends a run of steps before `stop`."""
        steps = self._plan.steps[self._first : stop]
        if len(self._recorder) < _LEAST or not self._products:
            self._runs += steps
            return
        made = {register for step in self._plan.kept[self._first : stop] for register in step.results}
        outputs = [(register, tensor) for register, tensor in self._made.items() if register in made]
        ends = tuple(register for _, ended in steps for register in ended if register in self._inputs)
        run = _player(self._recorder.ready(), tuple(self._inputs.items()), tuple(outputs), self._plan.ragged)
        self._runs.append((run, ends))
        self._native += _computing(self._plan.kept[self._first : stop])
        self._tapes += 1


def _player(
    recording: Recording,
    inputs: tuple[tuple[int, Tensor], ...],
    outputs: tuple[tuple[int, Tensor], ...],
    ragged: int,
) -> Run:
    def run(r: Registers) -> None:
        for register, came in inputs:
            came.copy_(r[register])
        recording.run(r[ragged])
        for register, leaves in outputs:
            r[register] = leaves.clone()

    return run
