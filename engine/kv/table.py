"""The blocks of one sequence."""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class BlockTable:
    """Which blocks hold a sequence's KV: `groups[g][i]` holds positions i * B .. (i + 1) * B - 1 of KV group g.

    Only the block manager changes it. A list that was handed out (in a step plan) is never changed in place other than by
    appending, so a plan stays readable while its step is in flight. `names[i]` is the content's name of full block i.
    """

    structure: bytes
    identity: bytes
    block_size: int
    groups: list[list[int]]
    names: list[bytes] = field(default_factory=list)
    shared_tail: bool = False  # somebody else may hold the last block, too, or find it by its name
    closed: bool = False
    state: int | None = (
        None  # block with the recurrent state after the tokens that are computed; shared by forks, never written again
    )
    next_state: int | None = None  # block that the step in flight writes the state to
    memory_length: int = 0  # tokens of the sequence's memory, if its model has an encoder
    memory: tuple[int, ...] = ()  # its blocks, none or all; shared by forks, written once
    memorised: bool = False  # whether they are written

    @property
    def holds(self) -> bool:
        """Whether it has any block."""
        return any(self.groups) or self.state is not None or self.next_state is not None or bool(self.memory)

    @property
    def capacity(self) -> int:
        """Tokens that its blocks have room for."""
        return len(self.groups[0]) * self.block_size if self.groups else 1 << 62
