"""The blocks of one sequence."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class BlockTable:
    """Which blocks hold a sequence's KV: `groups[g][i]` holds positions i * B .. (i + 1) * B - 1 of KV group g.

    Only the block manager changes it. A list that was handed out (in a step plan) is never changed in place other than by
    appending, so a plan stays readable while its step is in flight. `hashes[i]` is the chain hash of full block i.
    """

    structure: bytes
    identity: bytes
    groups: list[list[int]]
    hashes: list[bytes] = field(default_factory=list)
    closed: bool = False
