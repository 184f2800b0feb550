"""What is to be done for one request: the two kinds of work that the planner knows.

`age` is a number in order of arrival: the oldest work has the least.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from aweigh.engine.core import ModelSpec, RequestGroup, Sequence, Session
from aweigh.engine.draft.cost import StepCost
from aweigh.engine.draft.drafting import Drafting
from aweigh.engine.schedule.log import Mark

_PASS = 0.1


class Demand(Enum):
    """What is asked of a model: steps; none now, but the script that has a session may ask again; nothing."""

    WORK = "work"
    SESSION = "session"
    NONE = "none"


@dataclass(slots=True, eq=False)
class Model:
    """A loaded model and what is asked of it."""

    spec: ModelSpec
    works: "dict[int, Work]" = field(default_factory=dict)  # by request, oldest first
    waiting: "dict[int, Work]" = field(default_factory=dict)  # of these, whose turn has not come, oldest first
    active: "dict[int, Work]" = field(
        default_factory=dict
    )  # the others: begun, or light from the start (a script's step)
    sessions: int = 0
    served: int = 0  # the last step that ran it
    requests: int = 0  # `generate` calls and steps so far
    deferred: bool = False  # its weights are on their way
    cost: StepCost = field(default_factory=StepCost)
    draft: "Model | None" = None  # whom to ask what may come next
    pass_seconds: float = 0.0  # of the draft model, for one token of all rows; 0: unknown

    @property
    def pass_cost(self) -> float:
        """What a pass of the draft model costs, over the fixed cost of a step."""
        known = self.pass_seconds and self.cost.fixed
        return self.pass_seconds / self.cost.fixed if known else _PASS


@dataclass(slots=True, eq=False)
class GroupWork:
    """A `generate` call in progress."""

    model: Model
    group: RequestGroup
    age: int = 0
    first_scheduled: float | None = None
    first_token: float | None = None
    preempted: bool = False
    cached_tokens: int = 0
    total_generated: int = 0
    drafting: Drafting | None = None

    @property
    def request(self) -> int:
        return self.group.request

    @property
    def lease(self) -> str:
        return self.group.lease

    @property
    def submitted(self) -> float:
        return self.group.submitted

    @property
    def light(self) -> bool:
        """Whether a decode step is all that is missing."""
        return all(row.reason is not None or row.sequence.missing == 1 for row in self.group.rows)

    def sequences(self) -> Iterator[Sequence]:
        """Those that hold or want blocks for this work."""
        return (row.sequence for row in self.group.rows if row.reason is None)


@dataclass(slots=True, eq=False)
class StepTodo:
    """One row of a step call: the last `logits` tokens want logits; those from `fresh` on were appended by the call."""

    session: Session
    index: int
    logits: int
    fresh: int


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a step call did to a session: opened it, or cropped it to `keep` tokens of `before` and appended to them."""

    session: Session
    opened: bool
    keep: int
    before: Mark


@dataclass(slots=True, eq=False)
class StepWork:
    """A `step` call in progress. A row leaves `todo` when it is computed: its session may then lose its blocks again."""

    model: Model
    request: int
    lease: str
    submitted: float
    todo: list[StepTodo]
    changes: list[Change]
    outputs: tuple[str, ...]
    age: int = 0
    first_scheduled: float | None = None
    preempted: bool = False

    @property
    def light(self) -> bool:
        return all(todo.session.sequence.missing <= 32 for todo in self.todo)

    def sequences(self) -> Iterator[Sequence]:
        """Those that hold or want blocks for this work."""
        return (todo.session.sequence for todo in self.todo)


Work = GroupWork | StepWork
