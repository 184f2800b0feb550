"""The search: replays of a trace under virtual time, led by optuna's TPE sampler, for the least stall.

Stall beyond 3 % more than LRU's in any quarter of the trace but the first, in which policies learn, counts twice: so what wins on the whole is
hardly a loss anywhere.
Bergstra et al.: Algorithms for hyper-parameter optimization. NeurIPS 2011; Akiba et al.: Optuna. KDD 2019. The same seed gives the same result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay.machine import Machine
from aweigh.memory.replay.outcome import Outcome
from aweigh.memory.replay.workload import Workload
from aweigh.memory.tuner.policy_file import PolicyFile, PolicySection, PrefetchSection
from aweigh.proto.errors import InvalidRequest

WINDOWS = 4
MOST_LOSS = 1.03
FLOOR = 0.01
"""Windows in which LRU stalls less than this share of the mean say nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best file, its replay and LRU's, and every trial's stall (seconds) with its policy."""

    file: PolicyFile
    outcome: Outcome
    lru: Outcome
    trials: tuple[tuple[str, float], ...]


def play(workload: Workload, file: PolicyFile) -> Outcome:
    """One replay of what the file says; KV takes nothing in it but what is kept for it."""
    frames = file.arena.frames - int(file.split.kv_least * file.arena.frames)
    tiers = [section.tier() for section in file.tiers]
    prefetch = file.prefetch
    return Machine(workload, frames, file.policy.build(), tiers, prefetch.depth, prefetch.guess_bytes_per_second).run()


def worst_against(outcome: Outcome, lru: Outcome, seconds: float) -> float:
    """The largest stall in relation to LRU's of the same window of so many seconds; 1.0 where nobody stalls."""
    pairs = list(zip(outcome.stall_by_window(seconds), lru.stall_by_window(seconds), strict=True))
    floor = FLOOR * sum(old for _, old in pairs) / len(pairs)
    return max((new / old for new, old in pairs if old > floor), default=1.0)


def window_seconds(workload: Workload) -> float:
    """A part of the trace's length."""
    times = [event.time for event in workload.requests] or [event.time for event in workload.accesses]
    return max(1e-3, max(times, default=0.0) / WINDOWS)


def with_policy(file: PolicyFile, name: str, **parameters: float) -> PolicyFile:
    """The same file with another policy."""
    return file.model_copy(update={"policy": PolicySection(name=name, parameters=parameters)})


def search(
    workload: Workload,
    file: PolicyFile,
    trials: int,
    seed: int = 0,
    policies: Sequence[str] = (),
    progress: Callable[[int, float], None] | None = None,
) -> Found:
    """Tries `trials` candidates, the file itself and every policy's defaults first.

    Raises InvalidRequest where optuna is missing.
    """
    optuna = _optuna()
    names = list(policies or POLICIES)
    window = window_seconds(workload)
    lru = play(workload, with_policy(file, "lru"))
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    for candidate in [file.policy.name, *names]:
        if candidate in names:
            study.enqueue_trial(_flat(file, candidate), skip_if_exists=True)
    best: tuple[float, PolicyFile, Outcome] | None = None
    tried: list[tuple[str, float]] = []

    def objective(trial: Any) -> float:
        nonlocal best
        candidate = _drawn(trial, file, names)
        outcome = play(workload, candidate)
        pairs = list(zip(outcome.stall_by_window(window), lru.stall_by_window(window), strict=True))[1:]
        loss = outcome.stall_seconds + sum(max(0.0, new - MOST_LOSS * old) for new, old in pairs)
        tried.append((candidate.policy.name, outcome.stall_seconds))
        if best is None or loss < best[0]:
            best = (loss, candidate, outcome)
        if progress:
            progress(len(tried), best[0])
        return float(loss)

    study.optimize(objective, n_trials=trials)
    assert best is not None
    return Found(best[1], best[2], lru, tuple(tried))


def _drawn(trial: Any, file: PolicyFile, names: Sequence[str]) -> PolicyFile:
    name = trial.suggest_categorical("policy", names)
    entry = POLICIES[name]
    parameters: dict[str, float] = {}
    for key, default in entry.defaults().items():
        bound = entry.bounds[key]
        if isinstance(default, int):
            parameters[key] = trial.suggest_int(f"{name}.{key}", int(bound.least), int(bound.most), log=bound.log)
        else:
            parameters[key] = trial.suggest_float(f"{name}.{key}", bound.least, bound.most, log=bound.log)
    prefetch = PrefetchSection(
        depth=trial.suggest_int("prefetch.depth", 0, 8),
        guess_bytes_per_second=file.prefetch.guess_bytes_per_second,
    )
    return with_policy(file, name, **parameters).model_copy(update={"prefetch": prefetch})


def _flat(file: PolicyFile, name: str) -> dict[str, float | str]:
    given = file.policy.parameters if name == file.policy.name else {}
    parameters = {f"{name}.{key}": given.get(key, value) for key, value in POLICIES[name].defaults().items()}
    return {"policy": name, "prefetch.depth": min(8, file.prefetch.depth), **parameters}


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise InvalidRequest("the search needs optuna, which is not here: pip install 'aweigh[tune]'") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna
