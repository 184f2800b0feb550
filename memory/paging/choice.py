"""What an operator's `policy.toml` makes of an arena: its pager, how much of it keys and values may have, and where pages come from."""

from collections.abc import Callable
from pathlib import Path

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.paging.medium import Medium, on_host
from aweigh.memory.paging.pager import Pager
from aweigh.memory.store.catalog import Store
from aweigh.memory.tiers.disk import Disk
from aweigh.memory.tiers.keeper import Keeper
from aweigh.memory.tiers.peers import Peer
from aweigh.memory.tiers.tiers import Tiers
from aweigh.memory.tuner.policy_file import ArenaSection, OriginsSection, PolicyFile

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
        turn=file.split.turn,
        kv_least=int(file.split.kv_least * frames),
        kv_most=int(file.split.kv_most * frames),
        open_medium=open_medium,
        scrub_seconds=file.scrub.period_seconds,
        scrub_bytes_per_second=file.scrub.bytes_per_second,
    )


def tiers_of(section: OriginsSection, store: Store) -> Tiers:
    """Where pages of a store come from. A worker that is named among its own peers does not ask itself."""
    peers = [Peer(address) for address in section.peers if address != section.listen]
    return Tiers([Disk(store), *peers], section.order, Keeper(store, section.keep_bytes // PAGE_BYTES))
