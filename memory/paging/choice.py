"""What an operator's `policy.toml` makes of an arena: its pager, and how much of it keys and values may have."""

from pathlib import Path

from aweigh.memory.paging.pager import Pager
from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.default import default_policy
from aweigh.memory.policy.process.user import UserPolicy
from aweigh.memory.tuner.policy_file import ArenaSection, PolicyFile


def policy_of(file: PolicyFile, directory: Path | None = None) -> Policy:
    """The policy that a file names. One of the user's own runs in a child process, and its module is looked for in `directory` first.

    Raises InvalidRequest.
    """
    if ":" in file.policy.name:
        return UserPolicy(file.policy.name, default_policy(), dict(file.policy.parameters), directory)
    return file.policy.build()


def with_arena(file: PolicyFile, size: int) -> PolicyFile:
    """The file with an arena of another size in bytes; 0: as it is."""
    return file.model_copy(update={"arena": ArenaSection(bytes=size)}) if size else file


def pager_of(file: PolicyFile, directory: Path | None = None) -> Pager:
    """The pager of an arena as a file describes it. Raises InvalidRequest, MemoryError, ValueError."""
    frames = file.arena.frames
    return Pager(
        frames,
        policy_of(file, directory),
        guess_bytes_per_second=file.prefetch.guess_bytes_per_second,
        depth=file.prefetch.depth,
        kv_least=int(file.split.kv_least * frames),
        kv_most=int(file.split.kv_most * frames),
    )
