"""Load, answer, spike, drop, again and again: the same answers, and no frame, byte, mapping, descriptor or thread more than before."""

import gc
import os
import resource
import threading
from pathlib import Path

import psutil
import pytest
from blake3 import blake3
from tests.faults.life import FRAMES, KV_FRAMES, Life, World

from aweigh.memory.frames.host import HostFrames
from aweigh.memory.mover.mover import MOST_THREADS
from aweigh.proto.errors import Overloaded

WARM = 6


def counted(life: Life) -> dict[str, int]:
    """What a cycle may not leave behind."""
    gc.collect()
    pool = life.pager.frames
    assert isinstance(pool, HostFrames)
    return {
        "mappings": len(Path("/proc/self/maps").read_text().splitlines()),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "places": len(pool._places),
        "regions": len(life.pager._paged),
        "rss": psutil.Process().memory_info().rss,
    }


def cycle(life: Life) -> str:
    """Three models come; keys and values take all that they may; answers; everything goes. Returns the hash of the answers."""
    for name in life.world.models:
        life.load(name)
    said = blake3()
    for _ in range(2):
        for name, heard in life.ask("pages", "small").items():
            said.update(repr((name, heard.tokens)).encode())
        taken = 0
        while life.pager.take_frames(2):
            taken += 2
        assert taken >= KV_FRAMES, "a spike"
        life.pager.give_frames(taken)
        for name, heard in life.ask("plain", "small").items():
            said.update(repr((name, heard.tokens)).encode())
    life.unload(*life.world.models)
    life.pager.check_integrity()
    assert life.pager.frames.free == FRAMES and life.pager.resident_frames == 0
    return said.hexdigest()


@pytest.mark.parametrize("cycles", [8, pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])])
def test_cycles_leave_nothing_behind(life: Life, cycles: int) -> None:
    first = cycle(life)
    for _ in range(WARM - 1):
        assert cycle(life) == first
    before = counted(life)
    for _ in range(cycles - WARM):
        assert cycle(life) == first
    after = counted(life)
    grown = {name: after[name] - before[name] for name in before}
    print(cycles, "cycles:", before, "->", after)
    assert grown["places"] == grown["regions"] == 0
    assert grown["descriptors"] <= 2 and grown["threads"] <= MOST_THREADS
    assert grown["mappings"] <= 3 * FRAMES, "frames lie where they came to lie"
    assert grown["rss"] <= (16 << 20), "bytes"


def test_a_process_that_may_have_no_more_addresses_sheds(world: World) -> None:
    """RLIMIT_AS: an engine that cannot have addresses for a model says so, a hundred times, and goes on with those that it has."""
    life = Life(world)
    life.load("small")
    assert life.right("small")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    refused = 0
    try:
        resource.setrlimit(resource.RLIMIT_AS, (psutil.Process().memory_info().vms + (8 << 20), hard))
        for _ in range(100):
            try:
                life.load("plain")
            except Overloaded:
                refused += 1
            assert life.right("small")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert refused == 100
    life.load("plain")
    assert life.right("plain", "small")
    life.pager.check_integrity()
    life.close()
