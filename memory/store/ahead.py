"""Work done ahead in threads, its results in order: reading and hashing go on while what came before is written."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

THREADS = min(4, len(os.sched_getaffinity(0)))
DEPTH = 8
"""Results that may wait: with pages of 2 MiB this bounds memory."""


def ahead(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[tuple[_Item, _Result]]:
    """Yields every item with `work(item)`, in the order of items, at most `DEPTH` of them begun and not taken.

    Raises what `work` raised, at its item.
    """
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    pool = ThreadPoolExecutor(THREADS)
    try:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) == DEPTH:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()
    finally:
        pool.shutdown(cancel_futures=True)
