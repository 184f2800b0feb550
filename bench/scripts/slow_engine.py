"""A worker whose reads of one file come at so many bytes a second: `python slow_engine.py PATH RATE [arguments of the engine]`.

All reads of the file share that rate, as they would share a disk. A read's own time counts: what waits for the interpreter's lock is not slowed twice.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

from aweigh.engine.__main__ import main

target, rate = os.stat(sys.argv[1]), float(sys.argv[2])
read = os.preadv
lock = threading.Lock()
free_at = 0.0


def slow(descriptor: int, buffers: Sequence[Any], offset: int) -> int:
    global free_at
    status = os.fstat(descriptor)
    if (status.st_dev, status.st_ino) != (target.st_dev, target.st_ino):
        return read(descriptor, buffers, offset)
    count = read(descriptor, buffers, offset)
    with lock:
        free_at = max(free_at, time.monotonic()) + count / rate
        wait = free_at - time.monotonic()
    time.sleep(max(0.0, wait))
    return count


os.preadv = slow
sys.argv[1:3] = []
main()
