"""What the scheduler tells its shell to do, in the order of the list."""

from dataclasses import dataclass, field, replace

from aweigh.engine.core import FinishReason, ModelSpec, Sampler, Sequence, Stopping, TokenLogprobs, Tokens, tokens_of
from aweigh.proto.errors import AweighError


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """Copy block `source` to block `target` of KV group `group`, every layer, before anything of the step is written."""

    group: int
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class PlanMemory:
    """Blocks of a sequence's memory, at least enough for its `length` tokens. Unless it is `written`, the step begins with that."""

    blocks: tuple[int, ...]
    length: int
    written: bool


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Tokens start .. start + count - 1 of a sequence. Its context after the step is start + count.

    `blocks[g]` are the sequence's blocks in KV group g, at least enough for the context. `states` are the blocks of its recurrent state
    before the step (-1: zero) and after it, both -1 for models without. `memory` is there for models with an encoder. The last `logits` of the tokens want
    their logits. The last `fresh` of them were appended by the step call `request` (which may want optional outputs for them);
    the ones before are recomputed or prompt. The last len(draft) of them are no part of the sequence: they may come next.
    """

    request: int
    row: int
    sequence: Sequence
    start: int
    count: int
    blocks: tuple[list[int], ...]
    logits: int = 0
    fresh: int = 0
    states: tuple[int, int] = (-1, -1)
    memory: PlanMemory | None = None
    draft: tuple[int, ...] = ()

    @property
    def tokens(self) -> Tokens:
        """Those of the row, `count` of them."""
        known = self.sequence.tokens[self.start : self.start + self.count]
        return known + tokens_of(self.draft) if self.draft else known

    @property
    def undrafted(self) -> "PlanRow":
        """The row without its draft."""
        drafted = len(self.draft)
        return replace(self, count=self.count - drafted, logits=self.logits - drafted, draft=())


@dataclass(frozen=True, slots=True)
class Proposal:
    """Drafts of a group's rows, all of `length` tokens; `logs` are the rows' tokens before. What `stopping` ends goes no further."""

    length: int
    drafts: tuple[tuple[int, ...], ...]
    logs: tuple[Tokens, ...]
    stopping: Stopping


@dataclass(frozen=True, slots=True)
class PlanSample:
    """A group to sample in this step: its logits are rows first .. first + len(rows) - 1 of the step's logits [R, V].

    `rows` are the group's live row numbers in that order. With a proposal each has 1 + its length rows of logits, one after the other.
    Call `aweigh.engine.sampling.sample.sample`.
    """

    request: int
    first: int
    rows: tuple[int, ...]
    sampler: Sampler
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class PlanDrafts:
    """Before the step, `model` computes `rows`, then goes on alone: row i says lengths[i] tokens (0: it only catches up), which become the draft
    of the plan's row places[i]. Their blocks have room for all that is said but the last."""

    model: ModelSpec
    rows: tuple[PlanRow, ...]
    lengths: tuple[int, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One run of one model's Program on a ragged batch. The step's logits are those of its rows, in their order, concatenated.

    Valid until its StepDone or StepFailed is handled.
    """

    step: int
    model: ModelSpec
    rows: tuple[PlanRow, ...]
    copies: tuple[CopyBlock, ...]
    samples: tuple[PlanSample, ...]
    outputs: tuple[str, ...] = ()  # union of the optional outputs that step calls in it want
    planned: float = 0.0  # when
    drafts: PlanDrafts | None = None

    @property
    def tokens(self) -> int:
        """Length of the ragged batch."""
        return sum(row.count for row in self.rows)


@dataclass(frozen=True, slots=True)
class RunStep:
    """Run the plan, then answer StepDone or StepFailed. At most one is in flight."""

    plan: StepPlan


@dataclass(frozen=True, slots=True)
class Emit:
    """New tokens of a group: tokens[i] belongs to row rows[i]."""

    request: int
    rows: list[int]
    tokens: list[int]
    logprobs: list[TokenLogprobs] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds are from submission."""

    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    queue_seconds: float
    first_token_seconds: float
    total_seconds: float


@dataclass(frozen=True, slots=True)
class Finish:
    """A group is over. `generator` is the script's generator state after its last draw, empty if none came."""

    request: int
    reasons: list[FinishReason]
    generator: bytes
    usage: Usage


@dataclass(frozen=True, slots=True)
class Answer:
    """A step call (all rows computed) or another session event is done."""

    request: int
    queue_seconds: float = 0.0
    compute_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Fail:
    """A request is over, with a typed error. Results of it that the shell collected are to be dropped."""

    request: int
    error: AweighError


@dataclass(frozen=True, slots=True)
class ReleaseModel:
    """No sequence of the model is left and no step uses it. `last_of_structure`: its pools may be closed, too."""

    model: ModelSpec
    last_of_structure: bool


@dataclass(frozen=True, slots=True)
class Counters:
    """For statistics."""

    blocks_total: int = 0
    blocks_free: int = 0
    sessions: int = 0
    running: int = 0
    waiting: int = 0
    leases: int = 0
    prompt_tokens: int = 0
    generated_tokens: int = 0
    prefix_hits: int = 0
    preemptions: int = 0
    steps: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    requests: dict[str, int] = field(default_factory=dict)  # by model


Instruction = RunStep | Emit | Finish | Answer | Fail | ReleaseModel
