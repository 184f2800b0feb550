"""Who has how much of a worker's arena, as `Stats` tells it."""

from collections.abc import Sequence

from aweigh.engine.run.model import Model
from aweigh.memory.paging.report import ArenaReport
from aweigh.memory.tiers.tiers import TierCount
from aweigh.proto.v1 import engine_pb2


def arena_of(report: ArenaReport, tiers: Sequence[TierCount] = ()) -> engine_pb2.StatsResponse.Arena:
    """A pager's report as a message, with what came from where."""
    counters = report.counters
    return engine_pb2.StatsResponse.Arena(
        frames=report.frames,
        weight_frames=report.weight_frames,
        kv_frames=report.kv_frames,
        hits=counters.hits,
        hit_bytes=counters.hit_bytes,
        misses=counters.misses + counters.late,
        missed_bytes=counters.missed_bytes,
        fetched_bytes=counters.fetched_bytes,
        drops=counters.drops,
        policy=report.policy,
        scrubbed_bytes=report.scrubbed_bytes,
        damaged=counters.damaged,
        failed=counters.failed,
        tiers=[
            engine_pb2.StatsResponse.Tier(
                name=tier.name,
                bytes=tier.bytes,
                seconds=tier.seconds,
                failures=tier.failures,
                bytes_per_second=tier.bytes_per_second,
                rests=tier.rests,
            )
            for tier in tiers
        ],
    )


def frames_of(model: Model, report: ArenaReport) -> tuple[int, int]:
    """Frames that a model's weights take, and how many of them are there."""
    paging = model.weights.paging
    if paging is None:
        return 0, 0
    frames = {n: report.regions.get(n, 0) for n in paging.regions if n is not None}  # it may be on its way out
    return sum(frames.values()), sum(count for number, count in frames.items() if number in report.resident)


def is_quarantined(model: Model, report: ArenaReport) -> bool:
    """Whether requests of a model fail at once, since its weights cannot be had."""
    return model.weights.paging is not None and model.weights.paging.model in report.quarantined
