"""Whether a call's activations fit into memory. Asked before it waits for the step thread: a worker that the system ends for want of memory
takes everybody's models and sequences along, while a call that is refused runs in its script.

On a CPU alone: a device says by itself that it is full, and nothing else is lost then. Calls run one after another, so each is asked for
itself. Steps of sequences need no asking, since their tokens are bounded.
"""

from collections.abc import Callable, Sequence

import psutil

from aweigh.engine.run.plan import Plan
from aweigh.memory.heap import HEAP
from aweigh.proto.errors import Overloaded

# What takes less is not asked for: looking costs 30 microseconds.
_UNASKED = 64 << 20


def _available() -> int:
    return int(psutil.virtual_memory().available)


def admit(plan: Plan, symbols: Sequence[int], available: Callable[[], int] = _available) -> None:
    """Raises Overloaded where a run of the plan at these sizes needs more memory at once than there is."""
    if plan.device.type != "cpu":
        return
    size = plan.activations.bytes(symbols)
    if size <= _UNASKED or size <= available():
        return
    HEAP.trim()  # what it keeps counts as taken
    if size > (room := available()):
        raise Overloaded(f"the call needs {size} bytes of memory at once, {room} are available")
