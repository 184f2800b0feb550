"""What a report compares: hits against MIN over budgets, and the stalls of whole replays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.ratios import Ratio, minimum, ratio
from aweigh.memory.replay.workload import Workload
from aweigh.memory.tuner.policy_file import PolicyFile
from aweigh.memory.tuner.search import play, window_seconds, with_policy, worst_against

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
MOST_USES = 20_000
COMPARED = ("lru", "clock", "aged-lfu", "2q", "arc", "s3-fifo", "sieve", "gdsf", "layer-order", "arrivals")


@dataclass(frozen=True, slots=True)
class Measures:
    """`ratios`: per policy, at each of `budgets` (frames); `outcomes`: replays; `worst`: against LRU, window by window."""

    budgets: Sequence[int]
    ratios: Mapping[str, Sequence[Ratio]]
    outcomes: Mapping[str, Outcome]
    worst: Mapping[str, float]


def measure(workload: Workload, file: PolicyFile, tuned: PolicyFile) -> Measures:
    """Replays the trace under the file as it was, as it is now, and under LRU and S3-FIFO. Ratios are of the first 20 000 uses."""
    uses = workload.uses()[:MOST_USES]
    budgets = sorted({max(1, round(share * workload.footprint_frames)) for share in SHARES})
    ratios = {"MIN": [minimum(workload, uses, budget) for budget in budgets]}
    for name in COMPARED:
        ratios[name] = [ratio(workload, uses, budget, POLICIES[name].build({})) for budget in budgets]
    ratios["tuned"] = [ratio(workload, uses, budget, tuned.policy.build()) for budget in budgets]
    files = {"lru": with_policy(file, "lru"), "s3-fifo": with_policy(file, "s3-fifo"), "before": file, "tuned": tuned}
    outcomes = {name: play(workload, candidate) for name, candidate in files.items()}
    window = window_seconds(workload)
    worst = {name: worst_against(outcome, outcomes["lru"], window) for name, outcome in outcomes.items()}
    return Measures(budgets, ratios, outcomes, worst)
