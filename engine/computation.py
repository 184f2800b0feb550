"""A call of a function as the worker sees it: something that takes long, may run as one with others, and keeps no state that it could spoil."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.engine.run.model import Model
from aweigh.proto.errors import AweighError


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """
    `function` is given the items of all that run as one; all of one kind bring the same function. It raises NotResident where weights did not come in
    time, and is called again when they are there, with those that are not over; nothing else may escape it.
    """

    lease: str
    model: Model
    function: Callable[[Sequence[Any]], None]
    fail: Callable[[AweighError], None]  # instead of `function`
    is_over: Callable[[], bool]  # it was answered, or nobody waits for it any more
    small: bool  # on one thread
    item: Any = None
    kind: Hashable = None  # None: it runs alone
    tokens: int = 0
