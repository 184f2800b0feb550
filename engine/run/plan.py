"""A plan: one function of one structure, for one choice of outputs, as steps. Made once, used by every model of the structure.

What does not reach a wanted output and has no effect is left out. What depends on weights and constants alone and is a view or
small ("folds") runs once per model, when it is bound. Registers are freed as soon as their last reader has run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from aweigh.engine.run.builder import LAYOUTS
from aweigh.engine.run.check import WHOLE
from aweigh.engine.run.fuse import Fusion
from aweigh.engine.run.lower import Lowering
from aweigh.engine.run.steps import Run, Step
from aweigh.engine.run.symbols import sources
from aweigh.engine.run.touches import reads, shows, touched
from aweigh.kernels.base import Kernels
from aweigh.proto.activations import Activations, Work, is_view, products
from aweigh.proto.activations import plan as plan_activations
from aweigh.proto.flat import EFFECTS, Flat, Instruction
from aweigh.proto.program import Attribute, TensorType


@dataclass(frozen=True, slots=True)
class Plan:
    """`registers` is their number; the maps say who stands in which one before the first step."""

    flat: Flat
    device: torch.device
    registers: int
    constants: dict[int, Any]
    symbolic: tuple[tuple[int, Attribute], ...]
    symbols: tuple[tuple[int, int], ...]
    slots: dict[int, int]
    tensors: dict[int, int]
    layers: dict[int, int]
    hits: tuple[tuple[int, tuple[int, ...]], ...]
    ragged: int
    inputs: tuple[int, ...]
    folded: tuple[Run, ...]
    kept: tuple[Step, ...]
    steps: tuple[tuple[Run, tuple[int, ...]], ...]  # those, each with the registers that it is the last to read
    types: dict[int, TensorType]  # of registers that hold values
    outputs: tuple[tuple[str, int], ...]
    reads: tuple[int, ...]  # slots that a run reads whole
    touches: tuple[tuple[int, ...], ...]  # by step: slots whose bytes it may read
    folding: tuple[int, ...]  # slots whose bytes the folded steps may read
    fresh: tuple[tuple[int, ...], ...]  # by step that reads weights: results that should have bytes of their own
    folded_fresh: tuple[tuple[int, ...], ...]  # the same of the folded steps
    activations: Activations  # of the steps, as they were fused
    copied: tuple[int, ...]  # slots of which a bound model keeps a copy in a layout of its kernels

    @property
    def name(self) -> str:
        return self.flat.function.name


def may_copy(flat: Flat, kernels: Kernels) -> bool:
    """Whether a function's plan differs where weights may be packed."""
    return flat.function.name == WHOLE and kernels.name == "cpu"


def make_plan(flat: Flat, outputs: Sequence[str], kernels: Kernels, device: torch.device, *, copies: bool) -> Plan:
    """Lowers what the outputs need, in the order of the Program. `copies`: weights may be packed where that is faster."""
    lowering = Lowering(flat, kernels, device)
    for instruction in _needed(flat, [flat.outputs[name] for name in outputs]):
        lowering.lower(instruction)
    wanted = tuple((name, lowering.tensor(flat.outputs[name])) for name in outputs)
    builder = lowering.builder
    known = {*builder.constants, *lowering.slots.values(), *lowering.tensors.values()}
    steps = _live(builder.steps, {register for _, register in wanted})
    types = {register: flat.types[value] for value, register in lowering.values.items()}
    types |= {register: flat.types[value] for value, register in lowering.low_bit.items()}
    for value, slot in lowering.slot_of.items():
        types |= {
            registers[slot]: flat.types[value] for registers in (lowering.slots, lowering.tensors) if slot in registers
        }
    if copies and may_copy(flat, kernels):
        steps = Fusion(builder, types, known, [register for _, register in wanted]).run(steps)
        known.update(builder.constants)
    folded: list[Step] = []
    kept: list[Step] = []
    for step in steps:
        if step.folds and known.issuperset(step.reads):
            known.update(step.results)
            folded.append(step)
        else:
            kept.append(step)
    stands = known.union(lowering.inputs, builder.symbolic)
    declared = dict(types)
    activations = plan_activations(_works(kept, builder.steps, types), types, stands, (r for _, r in wanted))
    by_expert = {slot for _, slots in lowering.hits for slot in slots}
    behind = {register: {slot} for slot, register in [*lowering.slots.items(), *lowering.tensors.items()]}
    folding = touched(folded, behind)
    touches = touched(kept, behind)
    whole = {*lowering.slots, *lowering.tensors} - by_expert
    return Plan(
        flat=flat,
        device=device,
        registers=builder.count,
        constants=builder.constants,
        symbolic=tuple(builder.symbolic.items()),
        symbols=sources(flat.function),
        slots=lowering.slots,
        tensors=lowering.tensors,
        layers=lowering.layers,
        hits=tuple(lowering.hits),
        ragged=lowering.ragged,
        inputs=tuple(lowering.inputs),
        folded=tuple(step.compile() for step in folded),
        kept=tuple(kept),
        steps=_with_ends(kept, {register for _, register in wanted}),
        types=declared,
        outputs=wanted,
        reads=tuple(sorted(whole)),
        touches=touches,
        folding=tuple(sorted(set().union(*(s for step, s in zip(folded, folding, strict=True) if reads(step))))),
        fresh=_fresh(kept, touches),
        folded_fresh=_fresh(folded, folding),
        activations=activations,
        copied=_copied(folded, [*lowering.slots.items(), *lowering.tensors.items()]),
    )


def _works(steps: Sequence[Step], made: Sequence[Step], types: dict[int, TensorType]) -> list[Work]:
    """What the steps read and make. Completes `types`: a kernel's result has that of the layout in which the Program has it, among `made`."""
    for step in reversed(made):
        if step.name in LAYOUTS and step.results[0] in types:
            types.setdefault(step.operands[0], types[step.results[0]])
    strided: set[int] = set()
    works: list[Work] = []
    for step in steps:
        view = is_view(LAYOUTS.get(step.name, step.name), step.reads, step.results, strided)
        scratch = None
        if step.name == "gated_mlp" and {step.operands[0], step.operands[1]} <= types.keys():
            scratch = products(types[step.operands[0]], types[step.operands[1]])
        works.append(Work(step.reads, step.results, view, scratch))
    return works


def _fresh(steps: Sequence[Step], touches: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    return tuple(s.results if slots and not shows(s) else () for s, slots in zip(steps, touches, strict=True))


def _copied(folded: Sequence[Step], registers: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The slots that steps which copy read, also through others. `registers`: pairs of a slot and where it stands."""
    behind: dict[int, set[int]] = {register: {slot} for slot, register in registers}
    copied: set[int] = set()
    for step in folded:
        slots: set[int] = set().union(*(behind.get(register, set()) for register in step.reads))
        behind.update(dict.fromkeys(step.results, slots))
        if step.copies:
            copied |= slots
    return tuple(sorted(copied))


def _needed(flat: Flat, outputs: Sequence[int]) -> list[Instruction]:
    needed = set(outputs)
    kept: list[Instruction] = []
    for instruction in reversed(flat.instructions):
        if instruction.kind in EFFECTS or not needed.isdisjoint(instruction.results):
            kept.append(instruction)
            for operand in instruction.operands:
                if isinstance(operand, int):
                    needed.add(operand)
                elif operand is not None:
                    needed.update(operand)
    kept.reverse()
    return kept


def _live(steps: Sequence[Step], outputs: set[int]) -> list[Step]:
    """The steps that matter: rewrites leave views behind that nobody reads."""
    needed = set(outputs)
    kept: list[Step] = []
    for step in reversed(steps):
        if step.effect or not needed.isdisjoint(step.results):
            kept.append(step)
            needed.update(step.reads)
    kept.reverse()
    return kept


def _with_ends(steps: Sequence[Step], outputs: set[int]) -> tuple[tuple[Run, tuple[int, ...]], ...]:
    """Each step with the registers that nobody reads after it, of those that steps made."""
    made = {register for step in steps for register in step.results}
    seen = set(outputs)
    result: list[tuple[Run, tuple[int, ...]]] = []
    for step in reversed(steps):
        ends = tuple(r for r in dict.fromkeys((*step.reads, *step.results)) if r not in seen and r in made)
        seen.update(step.reads, step.results)
        result.append((step.compile(), ends))
    result.reverse()
    return tuple(result)
