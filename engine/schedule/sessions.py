"""The sessions of all leases: open, fork, crop, append, close. A step call is checked as a whole before anything changes.

In one step call all forks see the sessions as they were before the call; then sessions are closed; then rows crop and append.
So beams may be reordered, and their parents dropped, in one call.

A call that fails, is cancelled or misses its deadline never was: its sessions know again what they knew before it, and those that it
opened are gone, so that the same call may be made again. Only what it closed stays closed. A row that was computed before the call
failed is taken back like the others, unless a later call has built on its session meanwhile.
"""

from aweigh.engine.core import Sequence, Session
from aweigh.engine.schedule import log
from aweigh.engine.schedule.events import StepRow, SubmitStep
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.work import Change, Model, StepTodo, StepWork
from aweigh.proto.errors import InvalidRequest, LeaseEnded, Overloaded, PromptTooLong, SessionNotFound

Key = tuple[str, int]


class Sessions:
    """Sessions by (lease, number)."""

    def __init__(self, room: Room, most_per_lease: int) -> None:
        self._room = room
        self._most = most_per_lease
        self._leases: dict[str, dict[int, Session]] = {}
        self._models: dict[Key, Model] = {}

    @property
    def leases(self) -> int:
        return len(self._leases)

    def __len__(self) -> int:
        return len(self._models)

    def all(self) -> list[Session]:
        return [session for sessions in self._leases.values() for session in sessions.values()]

    def add_lease(self, lease: str) -> None:
        self._leases.setdefault(lease, {})

    def drop_lease(self, lease: str) -> None:
        for number in list(self._leases.get(lease, ())):
            self.close(lease, number)
        self._leases.pop(lease, None)

    def find(self, lease: str, number: int) -> Session:
        """Raises LeaseEnded, SessionNotFound."""
        session = self._of(lease).get(number)
        if session is None:
            raise SessionNotFound(f"session {number} was closed or never existed: open it again")
        return session

    def open(self, lease: str, number: int, model: Model) -> Session:
        """A new, empty session. Raises LeaseEnded, InvalidRequest, Overloaded."""
        sessions = self._of(lease)
        if number in sessions:
            raise InvalidRequest(f"session {number} exists already: choose another number")
        if len(sessions) >= self._most:
            raise Overloaded(f"the lease has {self._most} sessions, which is the limit: close some")
        session = Session(lease, number, Sequence(model.spec))
        sessions[number] = session
        self._models[lease, number] = model
        model.sessions += 1
        return session

    def fork(self, lease: str, number: int, parent: Session, keep: int | None) -> Session:
        """A new session that begins as the first `keep` tokens of `parent` and shares their blocks. Raises as `open`."""
        if parent.busy is not None:
            raise InvalidRequest(f"session {parent.session} has a step in progress: wait for its answer")
        source = parent.sequence
        keep = source.known if keep is None else keep
        if not 0 <= keep <= source.known:
            raise InvalidRequest(f"session {parent.session} has {source.known} tokens, so {keep} cannot be kept")
        session = self.open(lease, number, self._models[parent.lease, parent.session])
        session.sequence = log.fork(source, keep)
        computed = min(source.computed, keep)
        if source.table is not None and self._room.blocks.keeps(source.table, source.computed, computed):
            session.sequence.computed = computed
            session.sequence.table = self._room.blocks.fork(source.table, session.sequence.computed)
            self._room.idle[lease, number] = session
        return session

    def close(self, lease: str, number: int) -> None:
        """Forgets a session, if it is there, and releases its blocks. The caller sees to the work that may be using it."""
        session = self._leases[lease].pop(number, None)
        if session is None:
            return
        self._room.release(session.sequence)
        self._room.idle.pop((lease, number), None)
        self._models.pop((lease, number)).sessions -= 1

    def drop_model(self, model: Model) -> None:
        for key in [key for key, used in self._models.items() if used is model]:
            self.close(*key)

    def submit(self, event: SubmitStep, model: Model) -> StepWork:
        """Applies a step call to the logs. Raises, then without having changed anything, LeaseEnded, SessionNotFound,
        InvalidRequest, PromptTooLong, Overloaded."""
        self._check(event, model)
        lease = event.lease
        opened = {row.session for row in event.rows if row.session not in self._leases[lease]}
        for row in event.rows:
            if row.parent:
                self.fork(lease, row.session, self.find(lease, row.parent), None)
            elif row.session not in self._leases[lease]:
                self.open(lease, row.session, model)
        for number in event.close:
            self.close(lease, number)
        work = StepWork(model, event.request, lease, event.now, [], [], event.outputs)
        for index, row in enumerate(event.rows):
            session = self._leases[lease][row.session]
            before = log.mark(session.sequence)
            if row.keep is not None:
                log.crop(session.sequence, row.keep)
                self._uncompute(session.sequence, row.keep)
                if session.sequence.table is None:
                    self._room.idle.pop((lease, row.session), None)
            fresh = session.sequence.known
            work.changes.append(Change(session, row.session in opened, fresh, before))
            session.last = event.request
            log.append(session.sequence, row.tokens, row.positions, row.embeddings, row.embeddings_length)
            if session.sequence.known > fresh:
                work.todo.append(StepTodo(session, index, row.logits, fresh))
                session.busy = event.request
                self._room.idle.pop((lease, row.session), None)
        return work

    def undo(self, work: StepWork) -> None:
        """Takes back what a step call did, see above."""
        for change in work.changes:
            session = change.session
            if session.last != work.request or self._leases[session.lease].get(session.session) is not session:
                continue
            if change.opened:
                self.close(session.lease, session.session)
                continue
            self._uncompute(session.sequence, change.keep)
            log.restore(session.sequence, change.before)
            self.settle(session)

    def settle(self, session: Session) -> None:
        """Its row is computed, or taken back: it is free for the next step, and for eviction."""
        session.busy = None
        if session.sequence.table is not None and self._leases.get(session.lease, {}).get(session.session) is session:
            self._room.idle[session.lease, session.session] = session

    def _of(self, lease: str) -> dict[int, Session]:
        sessions = self._leases.get(lease)
        if sessions is None:
            raise LeaseEnded("the lease is unknown or over: connect again")
        return sessions

    def _uncompute(self, sequence: Sequence, keep: int) -> None:
        """Gives back the blocks of what comes after the first `keep` tokens; all of them where a state cannot be taken back."""
        table = sequence.table
        if sequence.computed <= keep or table is None:
            return
        if not self._room.blocks.keeps(table, sequence.computed, keep):
            self._room.release(sequence)
            return
        sequence.computed = keep
        self._room.blocks.crop(table, keep)

    def _check(self, event: SubmitStep, model: Model) -> None:
        sessions = self._of(event.lease)
        numbers = [row.session for row in event.rows]
        if len(set(numbers)) != len(numbers):
            raise InvalidRequest("a session may have one row in a step: merge its rows")
        # What the call closes does not count: forks see it, so it is closed after they were opened.
        opened = sum(number not in sessions for number in numbers)
        if len(sessions) + opened > self._most:
            raise Overloaded(f"the lease would have more than {self._most} sessions, which is the limit: close some")
        for number in event.close:
            if number in numbers:
                raise InvalidRequest(f"session {number} is closed and stepped in one call: do one of the two")
            if number in sessions and sessions[number].busy is not None:
                raise InvalidRequest(f"session {number} has a step in progress: wait for its answer")
        for row in event.rows:
            self._check_row(row, event.lease, model)

    def _check_row(self, row: StepRow, lease: str, model: Model) -> None:
        sessions, spec = self._leases[lease], model.spec
        old = sessions.get(row.session)
        if row.session <= 0:
            raise InvalidRequest("a session's number must be above 0")
        if row.parent and old is not None:
            raise InvalidRequest(f"session {row.session} exists already: fork into a new number")
        base = self.find(lease, row.parent) if row.parent else old
        if base is not None and self._models[lease, base.session] is not model:
            raise InvalidRequest(f"session {base.session} belongs to another model: step one model at a time")
        if base is not None and base.busy is not None:
            raise InvalidRequest(f"session {base.session} has a step in progress: wait for its answer")
        known = base.sequence.known if base is not None else 0
        if row.keep is not None and not 0 <= row.keep <= known:
            raise InvalidRequest(f"session {row.session} has {known} tokens, so {row.keep} cannot be kept")
        appended = row.embeddings_length or len(row.tokens or ())
        if row.tokens and row.embeddings_length:
            raise InvalidRequest("a row appends tokens or embeddings, not both")
        if not 0 <= row.logits <= appended:
            raise InvalidRequest(f"logits of {row.logits} tokens are wanted, but {appended} are appended")
        _check_ids(row, appended, spec.vocabulary_size, spec.end)
        total = (known if row.keep is None else row.keep) + appended
        most = self._room.blocks.most_blocks(spec.fingerprint) * spec.block_size
        limit = min(most, spec.end or most)
        if total > limit:
            raise PromptTooLong(f"the session would have {total} tokens, but {limit} fit: crop it")


def _check_ids(row: StepRow, appended: int, vocabulary: int, context: int) -> None:
    if row.tokens and (min(row.tokens) < 0 or (vocabulary and max(row.tokens) >= vocabulary)):
        raise InvalidRequest(f"token ids must be 0 to {vocabulary - 1 if vocabulary else 'the vocabulary size'}")
    if row.positions is None:
        return
    if len(row.positions) != appended:
        raise InvalidRequest(f"{appended} tokens need {appended} positions, but {len(row.positions)} came")
    if appended and (min(row.positions) < 0 or (context and max(row.positions) >= context)):
        raise InvalidRequest(f"positions must be 0 to {context - 1 if context else 'the context length'}")
