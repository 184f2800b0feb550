"""What an operator's `policy.toml` makes of an arena: its pager, and how much of it keys and values may have."""

from collections.abc import Callable
from pathlib import Path

from aweigh.memory.paging.medium import Medium, on_host
from aweigh.memory.paging.pager import Pager
from aweigh.memory.tuner.policy_file import ArenaSection, PolicyFile

HOST = "host"


def with_arena(file: PolicyFile, size: int) -> PolicyFile:
    """The file with an arena of another size in bytes; 0: as it is."""
    return file.model_copy(update={"arena": ArenaSection(bytes=size)}) if size else file


def host_bytes_of(file: PolicyFile) -> int:
    """What the tier named "host" keeps: pinned memory that weights which left an accelerator come back from."""
    return sum(tier.bytes for tier in file.tiers if tier.name == HOST)


def pager_of(file: PolicyFile, directory: Path, open_medium: Callable[[int], Medium] = on_host) -> Pager:
    """The pager of an arena as a file in `directory` describes it. Raises InvalidRequest, MemoryError, ValueError."""
    frames = file.arena.frames
    return Pager(
        frames,
        file.policy.start(directory),
        guess_bytes_per_second=file.prefetch.guess_bytes_per_second,
        depth=file.prefetch.depth,
        kv_least=int(file.split.kv_least * frames),
        kv_most=int(file.split.kv_most * frames),
        open_medium=open_medium,
        scrub_seconds=file.scrub.period_seconds,
        scrub_bytes_per_second=file.scrub.bytes_per_second,
    )
