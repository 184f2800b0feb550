"""What can happen to the scheduler. Times are seconds on the shell's monotonic clock.

Every event with a `request` is answered by exactly one terminal instruction of that request: Finish, Answer or Fail.
Request numbers are chosen by the shell and unique in its life; age is the order of arrival here.
"""

from collections.abc import Sequence as Items
from dataclasses import dataclass, field
from typing import Any

from aweigh.engine.core import ModelSpec, RequestGroup, Sampled, Tokens
from aweigh.engine.kv.pool import BlockPool
from aweigh.proto.errors import AweighError


@dataclass(frozen=True, slots=True)
class ModelLoaded:
    """A model may be asked for. `pools`: one per KV group, `states` for recurrent state, `memories` for memories; the same objects for every model of one
    fingerprint. `draft`: a model that is loaded and says what may come next, or none."""

    model: ModelSpec
    pools: Items[BlockPool]
    states: BlockPool | None = None
    memories: BlockPool | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class ModelUnloaded:
    """Fails what waits for the model, drops its sessions. ReleaseModel follows once no step in flight uses it."""

    model: str


@dataclass(frozen=True, slots=True)
class ModelDamaged:
    """The model's weights were wrong for a while. What was computed with them goes: requests in progress fail with `error`, sessions are
    dropped, and no prefix from before is found again. Who asks from now on is served."""

    model: str
    error: AweighError


@dataclass(frozen=True, slots=True)
class LeaseOpened:
    lease: str


@dataclass(frozen=True, slots=True)
class LeaseEnded:
    """Cancels every request and closes every session of the lease."""

    lease: str


@dataclass(frozen=True, slots=True)
class SubmitGroup:
    """A `generate` call. Answers: Emit ..., then Finish or Fail."""

    group: RequestGroup
    now: float


@dataclass(frozen=True, slots=True)
class StepRow:
    """One row of a `step` call: optionally fork from `parent`, crop to `keep`, then append.

    `embeddings` is the shell's [n, C] tensor with `length` n, instead of tokens. `positions` empty: the index in the session.
    """

    session: int
    parent: int = 0
    keep: int | None = None
    tokens: Tokens | None = None
    positions: Tokens | None = None
    embeddings: Any = None
    embeddings_length: int = 0
    logits: int = 0


@dataclass(frozen=True, slots=True)
class SubmitStep:
    """A `step` call on sessions of one lease. Answers: Answer, or Fail: then its sessions are as they were before the call.

    `outputs`: names of optional outputs wanted for all appended tokens. `close`: sessions that end before it.
    """

    request: int
    lease: str
    model: str
    rows: Items[StepRow]
    now: float
    outputs: tuple[str, ...] = ()
    close: Items[int] = ()
    deadline: float | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A new empty session with a number that is free in the lease. Answers: Answer or Fail."""

    request: int
    lease: str
    model: str
    session: int


@dataclass(frozen=True, slots=True)
class ForkSession:
    """`session` begins as the first `keep` tokens of `parent` (None: all). Answers: Answer or Fail."""

    request: int
    lease: str
    parent: int
    session: int
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class CloseSessions:
    """Unknown numbers are ignored: closing twice is no mistake. Answers: Answer or Fail."""

    request: int
    lease: str
    sessions: Items[int]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Frees all that the request holds. Answers Finish with CANCELLED (a group) or Fail (a step); nothing if it is over."""

    request: int
    now: float


@dataclass(frozen=True, slots=True)
class StepDone:
    """The step in flight is computed. `sampled` answers plan.samples, one for one.

    `failed` names requests whose rows alone came to grief (NaN in a session's logits, say), with the reason. `drafting`: seconds of the draft
    model; None: it failed, and said nothing.
    """

    step: int
    sampled: Items[Sampled]
    now: float
    failed: dict[int, AweighError] = field(default_factory=dict)
    drafting: float | None = 0.0


@dataclass(frozen=True, slots=True)
class StepFailed:
    """The step in flight raised as a whole: every request in it fails with `error`, nothing else is touched."""

    step: int
    error: AweighError
    now: float


@dataclass(frozen=True, slots=True)
class StepDeferred:
    """The step in flight was not computed, since weights of its model are on their way. Its copies of blocks were made."""

    step: int


@dataclass(frozen=True, slots=True)
class ModelReady:
    """What a deferred step of this model waited for has come."""

    model: str


@dataclass(frozen=True, slots=True)
class GiveWay:
    """Weights want a frame of those that cached prefixes have, if their last use was before that time. A step may be in flight."""

    before: float


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has come to this. Misses deadlines; if no step is in flight and there is work, answers RunStep."""

    now: float


Event = (
    ModelLoaded
    | ModelUnloaded
    | ModelDamaged
    | LeaseOpened
    | LeaseEnded
    | SubmitGroup
    | SubmitStep
    | OpenSession
    | ForkSession
    | CloseSessions
    | Cancel
    | StepDone
    | StepFailed
    | StepDeferred
    | ModelReady
    | GiveWay
    | Tick
)
