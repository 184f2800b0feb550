"""A model: a structure bound to weights. Runs functions; counts what they read.

Legend: A entries of an address table.
"""

from collections.abc import Iterator, Sequence
from threading import get_ident
from typing import Any

import torch
from torch import Tensor

from aweigh.engine.run.ahead import Ahead
from aweigh.engine.run.compose import Composition, Steps, compose, covers
from aweigh.engine.run.hits import Hits
from aweigh.engine.run.paged import PagedSteps, fold
from aweigh.engine.run.plan import Plan
from aweigh.engine.run.structure import Structure
from aweigh.engine.run.symbols import substitute
from aweigh.kernels.base import Ragged, Slot
from aweigh.memory.copies import Copies
from aweigh.memory.core import Extent
from aweigh.memory.heap import HEAP
from aweigh.memory.statistics.extent_map import Place
from aweigh.memory.statistics.runner import ExactSource
from aweigh.memory.weights import Weights
from aweigh.proto.errors import ModelNotFound

_MOST_SIZES = 64
_MOST_COMPOSITIONS = 64  # some 100 KB each
Tally = list[tuple["Bound", int, list[dict[int, int]]]]


class Bound:
    """A plan with a model's weights in its registers."""

    def __init__(self, plan: Plan, structure: Structure, weights: Weights, ahead: Ahead | None = None) -> None:
        self.plan = plan
        self.names = tuple(entry.name for entry in plan.flat.function.inputs)
        self.runs = 0
        self.counts: list[Hits] = []
        r: list[Any] = [None] * plan.registers
        for register, value in plan.constants.items():
            r[register] = value
        for slot, register in plan.tensors.items():
            r[register] = weights.tensor(slot)
        for slot, register in plan.slots.items():
            r[register] = Slot(weights.tensor(slot), weights.addresses.addresses_A, slot)
        for state, register in plan.layers.items():
            r[register] = structure.layers[state]
        for register, _ in plan.hits:
            r[register] = Hits()
            self.counts.append(r[register])
        paging = weights.paging
        self._paged = None if paging is None else PagedSteps(plan, paging.pager, paging.model, paging.regions, ahead)
        if paging is None:
            for run in plan.folded:
                run(r)
        else:
            fold(plan, paging.pager, paging.model, paging.regions, r)
        self._template = r
        self._templates: dict[tuple[int, ...], list[Any]] = {}
        self._prove = structure.proofs[plan.name].at
        self._kernels = structure.kernels
        self._composes = covers(structure.kernels, plan.device)
        self._compositions: dict[tuple[tuple[int, ...], int, int], Composition] = {}
        self._seen: set[tuple[tuple[int, ...], int, int]] = set()

    def _sized(self, values: tuple[int, ...]) -> list[Any]:
        """The registers with everything in them that follows from the sizes of the inputs, `values` of the symbols.

        Raises ProgramInvalid where the Program lies about them."""
        plan = self.plan
        sized = self._templates.get(values)
        if sized is None:
            self._prove(values)
            HEAP.keep(plan.activations.bytes(values))
            sized = self._template.copy()
            for register, attribute in plan.symbolic:
                value = substitute(attribute, values)
                sized[register] = list(value) if isinstance(value, tuple) else value
            if len(self._templates) >= _MOST_SIZES:
                self._templates.clear()
            self._templates[values] = sized
        return sized

    def _composed(self, values: tuple[int, ...], sized: list[Any]) -> Steps:
        """What runs for these sizes: steps as they are the first time, since many sizes come once only, then composed."""
        if not self._composes:
            return self.plan.steps
        key = (values, torch.get_num_threads(), get_ident())
        found = self._compositions.get(key)
        if found is None:
            again = key in self._seen
            self._seen = {*(self._seen if len(self._seen) < _MOST_SIZES else ()), key}
            if not again or 0 in values:
                return self.plan.steps
            found = compose(self.plan, sized, values, self._kernels, torch.get_num_threads())
            if len(self._compositions) >= _MOST_COMPOSITIONS:
                del self._compositions[next(iter(self._compositions))]
            self._compositions[key] = found
        return found.runs

    def composition(self, values: tuple[int, ...]) -> Composition:
        """How much of a run with these sizes is native code. The bound model keeps nothing of it."""
        return compose(self.plan, self._sized(values), values, self._kernels, torch.get_num_threads())

    def close(self) -> None:
        """Gives back what it holds of weights that come and go."""
        if self._paged is not None:
            self._paged.close()

    def run(self, inputs: Sequence[Tensor], ragged: Ragged | None = None) -> dict[str, Tensor]:
        """Runs the function. Modifies the KV of `ragged`; results are fresh or views of inputs and weights, not to be written to.

        Args:
            inputs: in the order of the Program, of its dtypes and shapes (checked by whoever took them from a user).
            ragged: the batch, for functions that attend.
        """
        plan = self.plan
        values = tuple([inputs[index].shape[dimension] for index, dimension in plan.symbols])
        sized = self._sized(values)
        steps = self._composed(values, sized)
        r = sized.copy()
        for register, tensor in zip(plan.inputs, inputs, strict=True):
            r[register] = tensor
        r[plan.ragged] = ragged
        if self._paged is not None:
            self._paged.run(r, steps)
        else:
            for run, ends in steps:
                run(r)
                for register in ends:
                    r[register] = None
        self.runs += 1
        return {name: r[register] for name, register in plan.outputs}


class Model:
    """One loaded model. Belongs to the step thread once it is loaded. `copies`: shared by the models of a worker."""

    def __init__(self, name: str, structure: Structure, weights: Weights, copies: Copies | None = None) -> None:
        self.name = name
        self.structure = structure
        self.weights = weights
        self._bound: dict[tuple[str, tuple[str, ...]], Bound] = {}
        self._copies = copies or Copies()
        self._copied: dict[tuple[str, tuple[str, ...]], int] = {}  # bytes that were taken
        self._released = False
        self._parts: dict[int, tuple[Extent, ...]] = {}
        self._ahead = None if weights.paging is None else Ahead(weights.paging.pager)

    def function(self, name: str, optional: tuple[str, ...] = ()) -> Bound:
        """Raises InvalidRequest for a function or an output that the Program does not have, ModelNotFound where it was released and its
        weights may be elsewhere."""
        if self._released and self.weights.paging is not None:
            raise ModelNotFound(f"model {self.name} was unloaded: load it again")
        bound = self._bound.get((name, optional))
        if bound is None:
            plan = self._plan(name, optional)
            with torch.inference_mode():
                bound = self._bound[name, optional] = Bound(plan, self.structure, self.weights, self._ahead)
        return bound

    def reads(self, region: int) -> bool:
        """Whether its weights lie in a region of the pager, too."""
        return self.weights.paging is not None and region in self.weights.paging.regions

    def rebind(self) -> None:
        """Lets go of what was bound: what was made of weights that turned out to be damaged is made anew when it is needed."""
        for bound in self._bound.values():
            bound.close()
        if self._ahead is not None:
            self._ahead.close()
        self._bound.clear()

    def release(self) -> None:
        """Lets go of everything. A call that waited in the meantime still finds its weights, and copies none of them."""
        self.rebind()
        self._copies.give(sum(self._copied.values()))
        self._copied.clear()
        self._released = True

    def _plan(self, name: str, optional: tuple[str, ...]) -> Plan:
        if self.weights.paging is not None:  # copies would lie outside of the bound
            return self.structure.plan(name, optional, copies=False)
        plan = self.structure.plan(name, optional)
        size = sum(self.weights.extents[slot].length for slot in plan.copied)
        if not size or (name, optional) in self._copied:
            return plan
        if self._released or not self._copies.take(size):
            return self.structure.plan(name, optional, copies=False)
        self._copied[name, optional] = size
        return plan

    def tally(self) -> Tally:
        """What its runs counted so far, as a copy that another thread may read: some microseconds per function."""
        return [(bound, bound.runs, [counts.copy() for counts in bound.counts]) for bound in self._bound.values()]

    def count(self, source: ExactSource, tally: Tally | None = None) -> None:
        """Adds every extent that its runs read: whole tensors by runs, stacked experts by hits. Without a tally: up to now."""
        for bound, runs, hits in self.tally() if tally is None else tally:
            for slot in bound.plan.reads:
                source.add(self.weights.extents[slot], runs, self.name)
            for (_, slots), counts in zip(bound.plan.hits, hits, strict=True):
                for slot in slots:
                    experts = self._experts(slot)
                    for expert, uses in counts.items():
                        source.add(experts[expert], uses, self.name)

    def places(self) -> Iterator[Place]:
        """Where its weights lie now, each expert of a stacked tensor by itself."""
        stacked = {slot for bound in self._bound.values() for _, slots in bound.plan.hits for slot in slots}
        for slot, extent in enumerate(self.weights.extents):
            address = self.weights.tensor(slot).data_ptr()
            for part in self._experts(slot) if slot in stacked else (extent,):
                yield Place(address + part.offset - extent.offset, part, self.name)

    def _experts(self, slot: int) -> tuple[Extent, ...]:
        """The extents of a stacked tensor's experts."""
        found = self._parts.get(slot)
        if found is None:
            whole, experts = self.weights.extents[slot], self.structure.program.slots[slot].shape[0]
            length = whole.length // max(experts, 1)
            found = self._parts[slot] = tuple(whole.part(expert * length, length) for expert in range(experts))
        return found
