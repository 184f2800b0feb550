"""What a run did, for the one line at its end and the report. Everything is counted where it happens; nothing is estimated."""

import atexit
import json
import os
import statistics
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from aweigh.compiler.offload.settings import current

RUNGS = ("generate", "step", "module", "local")


@dataclass(slots=True)
class ModelSummary:
    """One model: the calls on each rung, the tokens, bytes and times of those that the engine answered. `call_seconds`, `bytes_sent` and
    `bytes_received` are of the rung `module`."""

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

    def as_json(self) -> dict[str, Any]:
        times = [seconds for model in self.models for seconds in model.token_seconds]
        firsts = [seconds for model in self.models for seconds in model.first_token_seconds]
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

    def line(self) -> str:
        report = self.as_json()
        rungs = {rung: sum(model.calls[rung] for model in self.models) for rung in RUNGS}
        remote = sum(rungs.values()) - rungs["local"]
        parts = [f"{len(self.models)} model{'s' * (len(self.models) != 1)}"]
        parts.append(
            f"{remote}/{remote + rungs['local']} calls offloaded ("
            + ", ".join(f"{count} {rung}" for rung, count in rungs.items() if count)
            + ")"
        )
        if rungs["generate"] or rungs["step"] or not rungs["module"]:
            parts.append(f"{report['tokens']} tokens")
        if report["first_token_seconds"] is not None:
            parts.append(f"first token {report['first_token_seconds'] * 1e3:.0f} ms")
        if report["token_seconds"] is not None:
            parts.append(f"{report['token_seconds'] * 1e3:.1f} ms/token")
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
    if SUMMARY.models and not settings.quiet:
        print(SUMMARY.line(), file=sys.stderr, flush=True)
