"""Weights that processes of a script share (`model.share_memory()`): memory that is there from then on, and filled when one needs it.

Who shares a model hands it to other processes, and what one of them writes to a weight the others must see. As long as nobody asks for the
bytes there is nothing to see, and all of them go on calling the engine; pages of shared memory that nobody has touched take no
room. The first who reads a weight or writes to it fills it from the checkpoint, for all, and from then on all of them run on what
they share: that one wrote cannot be told from that one read.

A pickle that `multiprocessing` makes for another process carries the memory, as torch's do of shared tensors; any other is a copy, which
shares nothing.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.reduction import ForkingPickler
from typing import Any

import torch

from aweigh.compiler import cache

_MARK = 64  # bytes behind a weight's own; the first of them says that it is filled


class SharedWeights:
    """See the head of this file."""

    def __init__(self) -> None:
        self._touched = _shared(1)
        self._weights: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}

    def add(self, name: str, shape: torch.Size, dtype: torch.dtype) -> None:
        """Makes room for a weight."""
        if name in self._weights:
            return
        size = shape.numel() * dtype.itemsize
        room = _shared(size + _MARK)
        weight = _over(room.untyped_storage(), shape, dtype)
        self._weights[name] = weight, room[size : size + 1]

    def touched(self) -> bool:
        """Whether some process has had the bytes of a weight."""
        return bool(self._touched[0])

    def __contains__(self, name: object) -> bool:
        return name in self._weights

    def take(self, name: str, read: Callable[[], torch.Tensor]) -> torch.Tensor:
        """The shared values of a weight, which `read` gives to the first who asks."""
        weight, filled = self._weights[name]
        with _locked(), torch.no_grad():
            if not filled[0]:
                weight.copy_(read())
                filled.fill_(1)
            self._touched.fill_(1)
        return weight

    def __reduce__(self) -> Any:
        """Nothing, in a pickle that is a copy."""
        return type(None), ()


def _shared(size: int) -> torch.Tensor:
    kind: Any = torch.UntypedStorage
    return _over(kind._new_shared(size), torch.Size((size,)), torch.uint8)


def _over(storage: torch.UntypedStorage, shape: torch.Size, dtype: torch.dtype) -> torch.Tensor:
    """A tensor in C order at the beginning of a storage."""
    empty: Any = torch.empty(0, dtype=dtype)
    made: torch.Tensor = empty.set_(storage, 0, tuple(shape), torch.empty(shape, device="meta").stride())
    return made


@contextmanager
def _locked() -> Iterator[None]:
    """One process of the user at a time. The lock is let go of by name: a child that was forked meanwhile holds the file open, too."""
    path = cache.folder() / "shared-weights.lock"  # in no directory where another user could be first
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(opened, fcntl.LOCK_UN)
    finally:
        os.close(opened)


def _handed(shared: SharedWeights) -> Any:
    return _received, (vars(shared),)


def _received(state: dict[str, Any]) -> SharedWeights:
    made = object.__new__(SharedWeights)
    vars(made).update(state)
    return made


ForkingPickler.register(SharedWeights, _handed)
