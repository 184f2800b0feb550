"""The nouns that the whole room shares: model, sequence, request group, session.

The one scheduling rule: a sequence has `known` tokens and `computed` of them have their KV in blocks; a step hands out a token
budget to close the difference. Chunked prefill, prefix hits (computed jumps ahead), preemption and migration (computed falls
back to 0), and session steps (known grows by what the script appended) are all that one rule.

Everything here is plain data without I/O, device or clock; `engine/schedule` is the only one that changes it.
"""

from array import array
from collections.abc import Sequence as Items
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from aweigh.engine.kv.table import BlockTable
from aweigh.proto.errors import AweighError

if TYPE_CHECKING:
    Tokens = array[int]  # typecode "q"; -1 stands where an embedding row was given instead of a token
else:
    Tokens = array  # it cannot be subscripted before Python 3.12


def tokens_of(values: Items[int]) -> Tokens:
    """A new token array. Raises OverflowError for what is no int64."""
    return array("q", values)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """What scheduling must know about a loaded model.

    `fingerprint` names the structure (KV pools are per structure); `identity` names structure and weights, so that no two models
    share KV by accident. `block_size` tokens stand in each block, in every KV group. 0 in `context_length` or
    `vocabulary_size`: unknown, unlimited. A longer prompt than the context is always refused; outputs and sessions may go beyond
    it unless `context_is_hard`: then the model looks positions up in a table that ends there.
    """

    name: str
    fingerprint: bytes
    identity: bytes
    block_size: int
    context_length: int = 0
    vocabulary_size: int = 0
    context_is_hard: bool = True

    def __post_init__(self) -> None:
        assert self.block_size > 0 and self.identity and self.fingerprint

    @property
    def end(self) -> int:
        """The position that no token may have; 0: none."""
        return self.context_length if self.context_is_hard else 0


@dataclass(slots=True, eq=False)
class Segment:
    """Embedding rows [n, C] that a session was given instead of tokens: `rows` is the shell's tensor, never looked into here."""

    start: int
    length: int
    rows: Any


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """What the encoder of a model takes for one sequence, and how many tokens of its output the decoder sees.

    `digest` is of the inputs' content; `inputs` are the shell's tensors, never looked into here.
    """

    length: int
    digest: bytes
    inputs: Any


@dataclass(slots=True, eq=False)
class Sequence:
    """One row of KV: its input log (the truth) and how much of it is computed (a cache).

    `positions` is empty as long as every token's position is its index. `segments` are ascending and do not overlap.
    """

    model: ModelSpec
    tokens: Tokens = field(default_factory=lambda: array("q"))
    positions: Tokens | None = None
    segments: list[Segment] = field(default_factory=list)
    computed: int = 0
    table: BlockTable | None = None
    memory: Memory | None = None
    shadow: "Sequence | None" = None  # the same log, as far as a draft model has computed it

    @property
    def known(self) -> int:
        return len(self.tokens)

    @property
    def missing(self) -> int:
        """Tokens that are known and not computed."""
        return len(self.tokens) - self.computed

    @property
    def shareable(self) -> bool:
        """Whether its KV is a function of its token ids alone, so that blocks may be shared by content."""
        return not self.segments and self.positions is None


class FinishReason(Enum):
    """Why a row ended; values are those of aweigh.v1.FinishReason."""

    STOP = 1
    LENGTH = 2
    TIME = 3
    CANCELLED = 4


@dataclass(slots=True)
class TokenLogprobs:
    """`logprob` of the chosen token, and the best `tokens` with their `logprobs`, descending; of the raw logits."""

    logprob: float
    tokens: list[int]
    logprobs: list[float]


@dataclass(slots=True)
class Sampled:
    """What sampling answers for one group: one token per live row in the order of the plan, or why there is none.

    `following`: the answers of the rounds that came in the same step, for the rows that lived on after the round before.
    """

    tokens: list[int]
    logprobs: list[TokenLogprobs] | None = None
    failure: AweighError | None = None
    following: "tuple[Sampled, ...]" = ()


class Sampler(Protocol):
    """Turns a group's logits into tokens; made by `engine/sampling`, called by the shell, carried by the scheduler unseen."""

    def generator_state(self) -> bytes:
        """The state of the script's generator as it is now; empty for other sources of randomness."""


class Stopping(Protocol):
    """Decides which rows end; made by `engine/sampling`, called by the scheduler, and by sampling where drafts are verified. Pure."""

    max_new_tokens: int
    max_time: float | None
    may_end_early: bool  # whether a row can end before max_new_tokens are there
    min_new_tokens: int

    def ends(self, row: int, tokens: Tokens) -> bool:
        """Whether the last of `tokens` (row's prompt and output, without pads) is an end of sequence or completes a stop string."""


@dataclass(slots=True, eq=False)
class Row:
    """One output sequence of a group. `copy_of` is the first row with the same prompt (itself, if it is the first)."""

    index: int
    sequence: Sequence
    copy_of: int
    reason: FinishReason | None = None


@dataclass(slots=True, eq=False)
class RequestGroup:
    """One `generate` call. Its rows are sampled in lock step, because a script's torch generator draws for all of them at once.

    `request` is unique in the worker's life; `deadline` and `submitted` are seconds on the shell's monotonic clock.
    """

    request: int
    lease: str
    model: ModelSpec
    rows: list[Row]
    prompt_length: int
    sampler: Sampler
    stopping: Stopping
    deadline: float | None = None
    submitted: float = 0.0
    generated: int = 0  # tokens of every row that is alive

    @property
    def live(self) -> list[Row]:
        return [row for row in self.rows if row.reason is None]


@dataclass(slots=True, eq=False)
class Session:
    """A row of `step` calls. Lives until it is closed or its lease ends; its blocks may be dropped whenever no step needs them."""

    lease: str
    session: int
    sequence: Sequence
    busy: int | None = None  # the request whose step is in progress
    last: int = 0  # the request that changed its log last
