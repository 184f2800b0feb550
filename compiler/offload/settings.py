"""What `aweigh run` tells the interpreter that it becomes, and its children: environment variables, read once.

The environment is the only channel that reaches `subprocess` and `multiprocessing` children as well. Nothing here imports torch.
"""

import os
from dataclasses import dataclass
from functools import cache

FALLBACKS = ("auto", "warn", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`address`: of the front door, empty where a private one is started through `warden` (a socket's path) at first use.
    `root`: the process that `aweigh run` became; it alone writes the report."""

    active: bool = False
    address: str = ""
    warden: str = ""
    fallback: str = "warn"
    quiet: bool = False
    report: str = ""
    explain: bool = False
    stats: bool = False
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    root: int = 0

    @property
    def strict(self) -> bool:
        return self.fallback == "never"

    def covers(self, class_name: str, source: str) -> bool:
        """Whether --only and --skip leave a model to us: each names a class or a part of the path it is loaded from."""
        if any(name == class_name or name in source for name in self.skip):
            return False
        return not self.only or any(name == class_name or name in source for name in self.only)

    def draft_for(self, source: str) -> str:
        """The directory of the model that drafts for one that is loaded from this path, absolute; empty: none."""
        for entry in self.draft:
            part, _, directory = entry.partition("=")
            if part and directory and part in source:
                return os.path.abspath(directory)
        return ""

    def environment(self) -> dict[str, str]:
        """As variables for a child."""
        return {
            "AWEIGH": "1" if self.active else "0",
            "AWEIGH_ENGINE": self.address,
            "AWEIGH_WARDEN": self.warden,
            "AWEIGH_FALLBACK": self.fallback,
            "AWEIGH_QUIET": "1" if self.quiet else "",
            "AWEIGH_REPORT": self.report,
            "AWEIGH_EXPLAIN": "1" if self.explain else "",
            "AWEIGH_STATS": "1" if self.stats else "",
            "AWEIGH_ONLY": ",".join(self.only),
            "AWEIGH_SKIP": ",".join(self.skip),
            "AWEIGH_DRAFT": ",".join(self.draft),
            "AWEIGH_ROOT": str(self.root or ""),
        }


def from_environment() -> Settings:
    """The settings of this process. An unknown AWEIGH_FALLBACK reads as "warn"."""
    variables = os.environ
    fallback = variables.get("AWEIGH_FALLBACK", "warn")
    if variables.get("AWEIGH_STRICT", "") not in ("", "0"):
        fallback = "never"
    root = variables.get("AWEIGH_ROOT", "")
    return Settings(
        active=variables.get("AWEIGH", "") not in ("", "0"),
        address=variables.get("AWEIGH_ENGINE", ""),
        warden=variables.get("AWEIGH_WARDEN", ""),
        fallback=fallback if fallback in FALLBACKS else "warn",
        quiet=variables.get("AWEIGH_QUIET", "") not in ("", "0"),
        report=variables.get("AWEIGH_REPORT", ""),
        explain=variables.get("AWEIGH_EXPLAIN", "") not in ("", "0"),
        stats=variables.get("AWEIGH_STATS", "") not in ("", "0"),
        only=_names(variables.get("AWEIGH_ONLY", "")),
        skip=_names(variables.get("AWEIGH_SKIP", "")),
        draft=_names(variables.get("AWEIGH_DRAFT", "")),
        root=int(root) if root.isdecimal() else 0,
    )


@cache
def current() -> Settings:
    """The settings of this process, read at the first call."""
    return from_environment()


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)
