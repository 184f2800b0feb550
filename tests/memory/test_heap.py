"""The heap of a worker, in a process of its own: there is no way back."""

import platform
import subprocess
import sys

import pytest

from aweigh.memory.heap import MAX_BYTES, Heap

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not glibc")

_STEPS = """
import resource, sys, threading, torch
from aweigh.memory.heap import HEAP

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def step():
    big = torch.ones(48 << 20, dtype=torch.uint8)  # larger than what glibc ever keeps by itself
    return (big[:5] + 1).sum()

def work():
    if sys.argv[1] == "kept":
        HEAP.keep(128 << 20)
    for _ in range(6):  # a new place now and then, at first
        step()
    before = faults()
    for _ in range(5):
        step()
    print(faults() - before)
    HEAP.trim()
    before = faults()
    step()
    print(faults() - before)

if sys.argv[1] == "kept":
    HEAP.hold()
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""


def test_steps_find_what_the_ones_before_them_freed_until_it_is_given_back() -> None:
    found = {}
    for side in ("kept", "plain"):
        done = subprocess.run([sys.executable, "-c", _STEPS, side], capture_output=True, text=True, check=True)
        found[side] = [int(line) for line in done.stdout.split()]
    pages = (48 << 20) // 4096
    assert found["plain"][0] >= 5 * pages
    assert found["kept"][0] < pages // 10
    assert found["kept"][1] >= pages * 9 // 10, "what was given back comes anew"


def test_nothing_is_kept_before_it_is_held_and_never_more_than_may_be() -> None:
    heap = Heap()
    heap.keep(1 << 20)
    heap.trim()
    assert heap.bytes == 0

    calls: list[tuple[int, int]] = []

    class Library:
        def mallopt(self, parameter: int, value: int) -> int:
            calls.append((parameter, value))
            return 1

    heap._library = Library()  # type: ignore[assignment]
    heap.keep(100 << 20)
    heap.keep(50 << 20)
    heap.keep(1 << 40)
    assert calls == [(-1, 164 << 20), (-1, MAX_BYTES)]
