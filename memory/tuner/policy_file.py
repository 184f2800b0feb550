"""`policy.toml`: tiers and budgets, the policy of pages and its parameters, prefetch, rates, and the split between weights and KV.

The engine and the tuner read the same file by the same model. An unknown key, or a value that cannot be, gives one sentence with the
file's line and the key.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.default import default_policy
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.policy.table import POLICIES
from aweigh.memory.replay.tiers import Tier as ReplayTier
from aweigh.memory.residency.turns import FACTOR
from aweigh.memory.scrub.schedule import MOST_BYTES_PER_SECOND, PERIOD_SECONDS
from aweigh.memory.tiers.origin import Tier
from aweigh.proto.errors import InvalidRequest
from aweigh.proto.rendezvous import is_local

_SECTION = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
MOST_BYTES = 1 << 50


class ArenaSection(BaseModel):
    """The memory of the device that weights and KV share."""

    model_config = _SECTION
    bytes: int = Field(
        default=8 << 30, ge=PAGE_BYTES, le=MOST_BYTES, description="bytes; whole frames of 2 MiB are used"
    )

    @property
    def frames(self) -> int:
        return self.bytes // PAGE_BYTES


class TierSection(BaseModel):
    """A tier below the arena. The last one holds everything."""

    model_config = _SECTION
    name: str = Field(default="disk", min_length=1, max_length=32, description="as policies and reports call it")
    bytes: int = Field(default=0, ge=0, le=MOST_BYTES, description="bytes that it keeps; 0: everything")
    bytes_per_second: float = Field(default=3e9, gt=0, le=1e13, description="bytes/s that it gives")
    latency_seconds: float = Field(default=1e-4, ge=0, le=10, description="seconds until the first byte after a pause")

    def tier(self) -> ReplayTier:
        """For a replay."""
        return ReplayTier(self.name, self.bytes_per_second, self.latency_seconds, self.bytes)


class PolicySection(BaseModel):
    """Who stays in the arena."""

    model_config = _SECTION
    name: str = Field(default="lru", description='of `docs/policies.md`, or "module:Class" for one of your own')
    parameters: dict[str, float] = Field(default_factory=dict, description="of that policy")

    @model_validator(mode="after")
    def _known(self) -> "PolicySection":
        if ":" not in self.name and self.name not in POLICIES:
            near = difflib.get_close_matches(self.name, POLICIES, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(POLICIES)}"
            raise ValueError(f"there is no policy {self.name!r}: {hint}")
        if entry := POLICIES.get(self.name):
            entry.build(self.parameters)
        return self

    def build(self) -> Policy:
        """A fresh policy of ours. A user's own is not built here: it runs in a process of its own.

        Raises InvalidRequest for a user's."""
        if self.name not in POLICIES:
            raise InvalidRequest(f"{self.name} is a policy of your own: it cannot be tuned, only run")
        return POLICIES[self.name].build(self.parameters)

    def start(self, directory: Path) -> Policy:
        """A fresh policy to run with, a user's own too: that one gets a process, where its module is looked for in `directory` first, and
        the engine's own behind it. Whoever stops using it calls its `close`. Raises InvalidRequest for a name that is none."""
        if self.name in POLICIES:
            return self.build()
        return UserPolicy(self.name, default_policy(), self.parameters, directory)


class PrefetchSection(BaseModel):
    """What is fetched before it is needed."""

    model_config = _SECTION
    depth: int = Field(default=2, ge=0, le=64, description="layers ahead of the one that runs")
    guess_bytes_per_second: float = Field(
        default=0.0, ge=0, le=1e13, description="bytes/s that the policy's guesses may move; 0: no guesses"
    )


class SplitSection(BaseModel):
    """How models, and weights and KV, share the arena."""

    model_config = _SECTION
    kv_least: float = Field(default=0.0, ge=0, le=1, description="share of the arena that is kept for KV")
    kv_most: float = Field(default=0.5, ge=0, le=1, description="share of the arena that KV may take")
    turn: float = Field(
        default=FACTOR,
        ge=0,
        le=1e6,
        description="s that a model computes with weights that others wait for, for each s of bringing them; 0: no turns",
    )

    @field_validator("kv_most")
    @classmethod
    def _ordered(cls, value: float, info: Any) -> float:
        if value < info.data.get("kv_least", 0.0):
            raise ValueError("KV may take at least what is kept for it: raise kv_most or lower kv_least")
        return value


class ScrubSection(BaseModel):
    """Looking for bits that flipped in memory."""

    model_config = _SECTION
    period_seconds: float = Field(
        default=PERIOD_SECONDS,
        ge=0,
        le=1e7,
        description="seconds within which each resident page is hashed; 0: nobody looks",
    )
    bytes_per_second: float = Field(
        default=MOST_BYTES_PER_SECOND, gt=0, le=1e12, description="bytes/s that are hashed at most"
    )


class OriginsSection(BaseModel):
    """Where pages of stored models come from, and what becomes of those from afar."""

    model_config = _SECTION
    order: tuple[Tier, ...] = Field(
        default=(),
        max_length=3,
        description='which are asked, the first first, of "disk", "peers", "objects"; none: all, the fastest first',
    )
    peers: tuple[str, ...] = Field(
        default=(),
        max_length=64,
        description='addresses at which other workers give pages, "unix:PATH" or "127.0.0.1:PORT"',
    )
    listen: str = Field(
        default="",
        max_length=256,
        description='address at which this worker gives pages to peers, as above, with {worker} for its name; "": nowhere',
    )
    keep_bytes: int = Field(
        default=64 << 20,
        ge=0,
        le=1 << 36,
        description="bytes that may wait in memory to be written to the store, of what came from afar; 0: it is not kept",
    )

    def of(self, worker: str) -> "OriginsSection":
        """What one worker makes of a file that several have: its own address."""
        return self.model_copy(update={"listen": self.listen.replace("{worker}", worker)})

    @field_validator("order")
    @classmethod
    def _once(cls, value: tuple[Tier, ...]) -> tuple[Tier, ...]:
        if len(set(value)) != len(value):
            raise ValueError("each of them is asked once")
        return value

    @field_validator("peers", "listen")
    @classmethod
    def _near(cls, value: Any) -> Any:
        for address in [value] if isinstance(value, str) else value:
            host, _, port = address.rpartition(":")
            if address and not (is_local(address) and (host.startswith("unix") or port.isdecimal())):
                raise ValueError(f"{address!r}: give unix:PATH or 127.0.0.1:PORT, since nobody is authenticated")
        return value


class PolicyFile(BaseModel):
    """All of it."""

    model_config = _SECTION
    arena: ArenaSection = ArenaSection()
    tiers: tuple[TierSection, ...] = Field(default=(TierSection(),), min_length=1, max_length=8)
    policy: PolicySection = PolicySection()
    prefetch: PrefetchSection = PrefetchSection()
    split: SplitSection = SplitSection()
    scrub: ScrubSection = ScrubSection()
    origins: OriginsSection = OriginsSection()

    @field_validator("tiers")
    @classmethod
    def _last_holds_all(cls, value: tuple[TierSection, ...]) -> tuple[TierSection, ...]:
        if value[-1].bytes or any(not tier.bytes for tier in value[:-1]):
            raise ValueError("the last tier, and only that, holds everything: bytes = 0")
        return value


def read(path: Path) -> PolicyFile:
    """The file's content. Raises InvalidRequest with one sentence per mistake."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} is not TOML: {error}") from None
    try:
        return PolicyFile(**data)
    except ValidationError as error:
        raise InvalidRequest("; ".join(_sentence(item, path, text) for item in error.errors())) from None


def _sentence(item: Any, path: Path, text: str) -> str:
    keys = [str(part) for part in item["loc"] if not isinstance(part, int)]
    where = f"{path}:{_line(text, item['loc'])}"
    if item["type"] != "extra_forbidden":
        return f"{where}: {'.'.join(keys)}: {item['msg'].removeprefix('Value error, ')}"
    section: Any = PolicyFile if len(keys) == 1 else _SECTIONS[keys[0]]
    near = difflib.get_close_matches(keys[-1], section.model_fields, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known keys are {', '.join(section.model_fields)}"
    return f"{where}: unknown key {'.'.join(keys)!r}: {hint}"


_SECTIONS: dict[str, type[BaseModel]] = {
    "arena": ArenaSection,
    "tiers": TierSection,
    "policy": PolicySection,
    "prefetch": PrefetchSection,
    "split": SplitSection,
    "scrub": ScrubSection,
    "origins": OriginsSection,
}


def _line(text: str, location: tuple[str | int, ...]) -> int:
    """The line of a key, as well as it can be told: below its section's header, else that header, else 1."""
    rows = [row.strip() for row in text.splitlines()]
    skip = next((part for part in location if isinstance(part, int)), 0)
    names = [part for part in location if isinstance(part, str)]
    headers = [n for n, row in enumerate(rows) if row.strip("[]").split(".")[0].strip() == names[0] and row[:1] == "["]
    start = headers[min(skip, len(headers) - 1)] if headers else 0
    for number in range(start, len(rows)):
        if rows[number].split("=")[0].strip().strip("[]") == names[-1] and not rows[number].startswith("#"):
            return number + 1
    return start + 1
