"""Which weights a step may read: its operands, what views of weights show, and what lists of them hold.

Whoever moves weights between steps must know. A result that is no view has bytes of its own, and its readers read no weights by it.
"""

from collections.abc import Sequence

from aweigh.engine.run.builder import LAYOUTS
from aweigh.engine.run.steps import Step
from aweigh.proto.ops import VIEWS

LOW_BIT = "low_bit"
"""The step that puts the parts of a low-bit weight together, as they lie."""
_LISTS = frozenset({"pack", "t", LOW_BIT})
_LOOKS = frozenset({"within", "reshape", "aten.reshape.default", "aten.view.default"})


def touched(steps: Sequence[Step], behind: dict[int, set[int]]) -> tuple[tuple[int, ...], ...]:
    """By step, the slots whose bytes it may read.

    `behind`: by register, the slots that it shows. Views and lists that the steps make are added to it.
    """
    found: list[tuple[int, ...]] = []
    for step in steps:
        slots: set[int] = set().union(*(behind.get(register, set()) for register in step.reads))
        if slots and shows(step):
            for register in step.results:
                behind[register] = behind.get(register, set()) | slots
        found.append(tuple(sorted(slots)))
    return tuple(found)


def reads(step: Step) -> bool:
    """Whether a step reads the bytes of its operands: a pure view does not, one that may have to copy or to look does."""
    return not shows(step) or step.name in _LOOKS


def shows(step: Step) -> bool:
    """Whether a step's results may share memory with what it reads."""
    name = LAYOUTS.get(step.name, step.name)
    return step.name in _LISTS or name in VIEWS or step.name in LAYOUTS
