"""What a scheduler has done, for statistics."""

from collections.abc import Mapping

from aweigh.engine.kv.manager import BlockManager
from aweigh.engine.schedule.groups import Groups
from aweigh.engine.schedule.instructions import Counters
from aweigh.engine.schedule.planner import Planner
from aweigh.engine.schedule.room import Room
from aweigh.engine.schedule.sessions import Sessions
from aweigh.engine.schedule.work import Model


def counters_of(
    models: Mapping[str, Model],
    room: Room,
    sessions: Sessions,
    blocks: BlockManager,
    groups: Groups,
    planner: Planner,
    steps: int,
) -> Counters:
    """The counters of this moment."""
    works = room.works.values()
    running = sum(work.first_scheduled is not None for work in works)
    return Counters(
        blocks_total=blocks.total,
        blocks_free=blocks.free,
        sessions=len(sessions),
        running=running,
        waiting=len(works) - running,
        leases=sessions.leases,
        prompt_tokens=groups.prompt_tokens,
        generated_tokens=groups.generated_tokens,
        prefix_hits=planner.prefix_tokens,
        preemptions=room.preemptions,
        steps=steps,
        drafted_tokens=groups.drafted_tokens,
        accepted_tokens=groups.accepted_tokens,
        requests={name: model.requests for name, model in models.items()},
    )
