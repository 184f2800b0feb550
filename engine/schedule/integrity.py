"""What holds between any two events of the scheduler. For tests: the time grows with sessions and blocks."""

from collections.abc import Mapping

from aweigh.engine.kv.manager import BlockManager
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.sessions import Sessions
from aweigh.engine.schedule.work import GroupWork, Model


def check(models: Mapping[str, Model], room: Room, sessions: Sessions, blocks: BlockManager) -> None:
    """Proves every invariant anew, or raises AssertionError."""
    sequences = [session.sequence for session in sessions.all()]
    for work in room.works.values():
        assert models[work.model.spec.name] is work.model and work.model.works[work.request] is work
        if isinstance(work, GroupWork):
            sequences.extend(row.sequence for row in work.group.rows)
            shadows = [row.sequence.shadow for row in work.group.rows if row.sequence.shadow is not None]
            assert all(
                shadow.tokens is row.sequence.tokens for row in work.group.rows if (shadow := row.sequence.shadow)
            )
            sequences.extend(shadows)
        else:
            assert work.todo, "a step that lacks nothing was answered"
    assert room.holders.keys() <= room.works.keys()
    for key, work in room.works.items():
        assert key in room.holders or not any(s.table and s.table.holds for s in work.sequences())
    for model in models.values():
        assert model.waiting.keys() | model.active.keys() == model.works.keys()
        assert not model.waiting.keys() & model.active.keys()
        assert all(work.first_scheduled is None for work in model.waiting.values())
    assert len(room.works) == sum(len(model.works) for model in models.values())
    for session in room.idle.values():
        assert session.busy is None and session.sequence.table is not None, (
            "idle sessions hold blocks that can be taken"
        )
    for sequence in sequences:
        assert 0 <= sequence.computed <= sequence.known
        assert sequence.table is not None or sequence.computed == 0
        assert sequence.table is None or sequence.computed <= sequence.table.capacity
    blocks.check_integrity(sequence.table for sequence in sequences if sequence.table is not None)
