"""What a run did, for the one line at its end and the report. Everything is counted where it happens; nothing is estimated."""

import atexit
import json
import os
import statistics
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aweigh.compiler.offload.settings import current

if TYPE_CHECKING:
    from aweigh.compiler.statistics import Statistics

RUNGS = ("generate", "step", "module", "local")


@dataclass(slots=True)
class ModelSummary:
    """One model: the calls on each rung, the tokens, bytes and times of those that the engine answered. `call_seconds`, `bytes_sent` and
    `bytes_received` are of the rung `module`. `programs`: messages of Programs, and of what compiling them took, by fingerprint."""

    name: str
    calls: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RUNGS, 0))
    tokens: int = 0
    first_token_seconds: list[float] = field(default_factory=list)
    token_seconds: list[float] = field(default_factory=list)
    step_seconds: list[float] = field(default_factory=list)
    call_seconds: list[float] = field(default_factory=list)
    bytes_sent: int = 0
    bytes_received: int = 0
    local_reasons: dict[str, int] = field(default_factory=dict)
    programs: dict[bytes, tuple[Any, Any]] = field(default_factory=dict)

    def compiled(self, made: Any) -> None:
        """Remembers a Program that the model's calls were sent to (`pb.Compiled`), if its compiler told how it was made."""
        if made.HasField("work"):
            self.programs[made.fingerprint] = (made.program, made.work)

    def statistics(self) -> "Iterator[Statistics]":
        """Of each Program, in the order in which they were first used."""
        from aweigh.compiler.statistics import statistics
        from aweigh.proto.convert import program_from_message

        for program, work in self.programs.values():
            yield statistics(program_from_message(program), work)


@dataclass(slots=True)
class Summary:
    """`weight_bytes_read`: bytes of checkpoint tensors that were read in this process, measured where they are read."""

    models: list[ModelSummary] = field(default_factory=list)
    weight_bytes_read: int = 0
    weight_bytes_elsewhere: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    process: int = field(default_factory=os.getpid)

    def model(self, name: str) -> ModelSummary:
        made = ModelSummary(name)
        with self.lock:
            if not self.models:
                atexit.register(finish)
            self.models.append(made)
        return made

    def _times(self) -> tuple[list[float], list[float]]:
        """Seconds of tokens, and of first tokens."""
        times = [seconds for model in self.models for seconds in model.token_seconds]
        firsts = [seconds for model in self.models for seconds in model.first_token_seconds]
        return times, firsts

    def as_json(self) -> dict[str, Any]:
        times, firsts = self._times()
        return {
            "models": [
                {
                    "name": model.name,
                    "calls": model.calls,
                    "tokens": model.tokens,
                    "bytes_sent": model.bytes_sent,
                    "bytes_received": model.bytes_received,
                    "call_seconds": statistics.median(model.call_seconds) if model.call_seconds else None,
                    "local_reasons": model.local_reasons,
                    "programs": [made.as_json() for made in model.statistics()],
                }
                for model in self.models
            ],
            "tokens": sum(model.tokens for model in self.models),
            "first_token_seconds": statistics.median(firsts) if firsts else None,
            "token_seconds": statistics.median(times) if times else None,
            "weight_bytes_read": self.weight_bytes_read,
            "weight_bytes_not_loaded": self.weight_bytes_elsewhere,
            "process": os.getpid(),
        }

    def tables(self) -> Iterator[str]:
        """What every model compiled to, line by line."""
        for model in self.models:
            for made in model.statistics():
                yield f"aweigh: {model.name} compiled to"
                yield from (f"  {line}" for line in made.lines())

    def line(self) -> str:
        rungs = {rung: sum(model.calls[rung] for model in self.models) for rung in RUNGS}
        remote = sum(rungs.values()) - rungs["local"]
        parts = [f"{len(self.models)} model{'s' * (len(self.models) != 1)}"]
        parts.append(
            f"{remote}/{remote + rungs['local']} calls offloaded ("
            + ", ".join(f"{count} {rung}" for rung, count in rungs.items() if count)
            + ")"
        )
        times, firsts = self._times()
        if rungs["generate"] or rungs["step"] or not rungs["module"]:
            parts.append(f"{sum(model.tokens for model in self.models)} tokens")
        if firsts:
            parts.append(f"first token {statistics.median(firsts) * 1e3:.0f} ms")
        if times:
            parts.append(f"{statistics.median(times) * 1e3:.1f} ms/token")
        if rungs["module"]:
            sent = sum(model.bytes_sent for model in self.models)
            received = sum(model.bytes_received for model in self.models)
            calls = [seconds for model in self.models for seconds in model.call_seconds]
            parts.append(f"{sent} bytes sent, {received} received, {statistics.median(calls) * 1e3:.1f} ms/call")
        parts.append(f"{self.weight_bytes_read} bytes of weights read here")
        return "aweigh: " + ", ".join(parts)


SUMMARY = Summary()
_said: set[str] = set()


def say(line: str) -> None:
    """One line on stderr, once per process, unless --quiet."""
    with SUMMARY.lock:
        if line in _said or current().quiet:
            return
        _said.add(line)
    print(f"aweigh: {line}", file=sys.stderr, flush=True)


def finish() -> None:
    """At exit: the line, and the report where this is the process that was asked for it. A forked child has nothing to say."""
    if SUMMARY.process != os.getpid():
        return
    settings = current()
    if settings.report and os.getpid() == (settings.root or os.getpid()):
        with open(settings.report, "w", encoding="utf-8") as file:
            json.dump(SUMMARY.as_json(), file, indent=1)
    if settings.stats:
        print("\n".join(SUMMARY.tables()), file=sys.stderr, flush=True)
    if SUMMARY.models and not settings.quiet:
        print(SUMMARY.line(), file=sys.stderr, flush=True)
