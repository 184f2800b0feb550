"""What a pager stands on: the frames of a device, and how what is read reaches them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from aweigh.memory.frames.core import FramePool
from aweigh.memory.frames.cuda import CudaFrames
from aweigh.memory.frames.cuda_driver import CudaDriver
from aweigh.memory.frames.driver import Driver
from aweigh.memory.frames.host import HostFrames
from aweigh.memory.mover.landing import InPlace, Landing
from aweigh.memory.mover.staged import Staged


@dataclass(frozen=True, slots=True)
class Medium:
    """Frames, and the way into them."""

    pool: FramePool
    landing: Landing


def on_host(frames: int) -> Medium:
    """So many frames of this process's memory, that are read into where they are. Raises MemoryError, ValueError."""
    return Medium(HostFrames(frames), InPlace())


def on_driver(driver: Driver, frames: int, host_bytes: int = 0) -> Medium:
    """So many frames of a device, by way of pinned memory, of which `host_bytes` keep what came. Raises MemoryError, ValueError."""
    pool = CudaFrames(driver, frames)
    return Medium(pool, Staged(driver, host_bytes))


def medium_for(device: torch.device, host_bytes: int = 0) -> Callable[[int], Medium]:
    """What makes so many frames of a device. `host_bytes` is for an accelerator."""
    if device.type == "cpu":
        return on_host
    return lambda frames: on_driver(CudaDriver(device), frames, host_bytes)
