"""How the store's long work says how far it is."""

from collections.abc import Callable

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how many bytes of it are over, and of how many; 0 of 0: nobody knows."""


def silent(stage: str, done: int, total: int) -> None:
    """A `Tell` for whom nobody waits."""
