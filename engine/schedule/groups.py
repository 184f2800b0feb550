"""What becomes of a group when its rows got tokens: append, stop, emit, finish."""

from aweigh.engine.core import FinishReason, RequestGroup, Sampled
from aweigh.engine.schedule.instructions import Emit, Fail, Finish, Instruction, PlanSample, Usage
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.work import GroupWork
from aweigh.proto.errors import InvalidRequest, PromptTooLong


def check_group(group: RequestGroup, most_blocks: int, most_rows: int) -> None:
    """Refuses what can never fit: by rows, by the model's context, by the engine's blocks.

    An output that may end early counts with what it must have at least. Raises InvalidRequest, PromptTooLong.
    """
    spec, stopping = group.model, group.stopping
    if not 0 < len(group.rows) <= most_rows:
        raise InvalidRequest(f"a call may have 1 to {most_rows} rows, but has {len(group.rows)}: split it")
    least = max(1, min(stopping.min_new_tokens, stopping.max_new_tokens))
    output = least if stopping.may_end_early else stopping.max_new_tokens
    longest = max(row.sequence.known for row in group.rows)
    if spec.context_length and longest + (output - 1) * spec.context_is_hard > spec.context_length:
        raise PromptTooLong(
            f"a prompt of {longest} tokens and {output} new ones do not fit into the model's context of {spec.context_length}"
        )
    size, blocks = spec.block_size, 0
    for row in group.rows:
        prompt = row.sequence.known
        shared = (prompt - 1) // size if row.copy_of != row.index else 0
        blocks += -(-(prompt + output - 1) // size) - shared
    if blocks > most_blocks:
        raise PromptTooLong(
            f"prompts and outputs need {blocks} KV blocks of {size} tokens, but the engine has {most_blocks}: shorten them"
        )


def check_memories(group: RequestGroup, most_blocks: int) -> None:
    """Refuses what an encoder would make of the prompts if it can never fit. Raises PromptTooLong."""
    size = group.model.block_size
    lengths = [row.sequence.memory.length for row in group.rows if row.sequence.memory and row.copy_of == row.index]
    blocks = sum(-(-length // size) for length in lengths)
    if blocks > most_blocks:
        raise PromptTooLong(
            f"the encoder's output needs {blocks} blocks of {size} tokens, but the engine has {most_blocks}: shorten the input"
        )


class Groups:
    """Moves groups on, token by token."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.prompt_tokens = 0
        self.generated_tokens = 0
        self.drafted_tokens = 0
        self.accepted_tokens = 0

    def settle(
        self, work: GroupWork, sample: PlanSample, sampled: Sampled, now: float, done: list[Instruction]
    ) -> bool:
        """What a step made of a group, one round of tokens after the other, as if each had come in a step of its own.

        Returns whether the group is over, with its last word in `done`.
        """
        group, rows = work.group, sample.rows
        rounds = (sampled, *sampled.following)
        came: list[tuple[tuple[int, ...], list[int]]] = []
        if sample.proposal is not None:
            self.drafted_tokens += sample.proposal.length * len(rows)
        for number, one in enumerate(rounds):
            if one.failure is not None:
                self._drop(work)
                done.append(Fail(group.request, one.failure))
                return True
            if number:
                rows = self._follow(group, len(one.tokens))
            came.append((rows, one.tokens))
            if self._advance(work, rows, one, now, done, last=number == len(rounds) - 1):
                return True
        if work.drafting is not None:
            work.drafting.learn(came)
        if sample.proposal is not None:
            for row in group.live:
                self._room.trim(row.sequence)
        return False

    def _follow(self, group: RequestGroup, tokens: int) -> tuple[int, ...]:
        """The token of the round before was the draft, so that its KV is there. Returns the rows of the next round."""
        live = group.live
        assert len(live) == tokens, "sampling and scheduling agree on who lives on"
        self.accepted_tokens += tokens
        for row in live:
            self._room.computed(row.sequence, row.sequence.computed + 1)
        return tuple([row.index for row in live])

    def _advance(
        self,
        work: GroupWork,
        rows: tuple[int, ...],
        sampled: Sampled,
        now: float,
        done: list[Instruction],
        *,
        last: bool,
    ) -> bool:
        """Gives rows their tokens and tells it. `last`: of the step; before that, time does not end anything."""
        group = work.group
        stopping, tokens = group.stopping, sampled.tokens
        if work.first_token is None:
            work.first_token = now
        group.generated += 1
        work.total_generated += len(tokens)
        self.generated_tokens += len(tokens)
        limit: FinishReason | None = None
        if group.generated >= stopping.max_new_tokens:
            limit = FinishReason.LENGTH
        elif last and stopping.max_time is not None and now - group.submitted > stopping.max_time:
            limit = FinishReason.TIME
        alive = False
        context = group.model.end
        for index, token in zip(rows, tokens, strict=True):
            row = group.rows[index]
            sequence = row.sequence
            sequence.tokens.append(token)
            row.reason = FinishReason.STOP if stopping.ends(index, sequence.tokens) else limit
            if row.reason is not None:
                self._room.release(sequence)
                continue
            alive = True
            if context and sequence.known > context:
                done.append(Emit(group.request, list(rows), tokens, sampled.logprobs))
                done.append(
                    Fail(group.request, PromptTooLong(f"the output reached the model's context of {context} tokens"))
                )
                self._drop(work)
                return True
        done.append(Emit(group.request, list(rows), tokens, sampled.logprobs))
        if alive:
            return False
        done.append(self._last_word(work, now))
        return True

    def finish(self, work: GroupWork, reason: FinishReason, now: float) -> Finish:
        """Ends every row that is alive."""
        self._drop(work)
        for row in work.group.live:
            row.reason = reason
        return self._last_word(work, now)

    def _drop(self, work: GroupWork) -> None:
        for sequence in work.sequences():
            self._room.release(sequence)

    def _last_word(self, work: GroupWork, now: float) -> Finish:
        group = work.group
        started = now if work.first_scheduled is None else work.first_scheduled
        first = now if work.first_token is None else work.first_token
        usage = Usage(
            prompt_tokens=sum(row.sequence.known for row in group.rows) - work.total_generated,
            cached_tokens=work.cached_tokens,
            generated_tokens=work.total_generated,
            queue_seconds=started - group.submitted,
            first_token_seconds=first - group.submitted,
            total_seconds=now - group.submitted,
        )
        reasons = [row.reason or FinishReason.CANCELLED for row in group.rows]
        return Finish(group.request, reasons, group.sampler.generator_state(), usage)
