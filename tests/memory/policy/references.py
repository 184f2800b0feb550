"""The textbooks' definitions again, by hand and slowly: extents of one frame, a use at a time, a use brings in what is missing.

Each gives for a trace and a budget whether every use was a hit. Lists have the newest first.
"""

from collections.abc import Sequence


def lru(trace: Sequence[int], budget: int) -> list[bool]:
    here: list[int] = []
    hits = []
    for use in trace:
        hits.append(use in here)
        here = [use, *(other for other in here if other != use)][:budget]
    return hits


def clock(trace: Sequence[int], budget: int) -> list[bool]:
    ring: list[list[int]] = []
    hand = 0
    hits = []
    for use in trace:
        found = [entry for entry in ring if entry[0] == use]
        hits.append(bool(found))
        if found:
            found[0][1] = 1
        elif len(ring) < budget:
            ring.insert(hand, [use, 0])
            hand = (hand + 1) % len(ring) if hand + 1 < len(ring) else 0
        else:
            while ring[hand][1]:
                ring[hand][1] = 0
                hand = (hand + 1) % budget
            ring[hand] = [use, 0]
            hand = (hand + 1) % budget
    return hits


def lfu(trace: Sequence[int], budget: int) -> list[bool]:
    """Without aging; counts of what left are kept; among equals the least recently used leaves."""
    here: set[int] = set()
    counts: dict[int, int] = {}
    last: dict[int, int] = {}
    hits = []
    for use in trace:
        hits.append(use in here)
        if use not in here and len(here) == budget:
            here.remove(min(here, key=lambda other: (counts[other], last[other])))
        here.add(use)
        last[use] = len(hits)
        counts[use] = counts.get(use, 0) + 1
    return hits


def gdsf(trace: Sequence[int], budget: int) -> list[bool]:
    """All extents cost one and have one byte; among equals the lowest number leaves."""
    key: dict[int, float] = {}
    uses: dict[int, int] = {}
    clock_value = 0.0
    hits = []
    for use in trace:
        hits.append(use in key)
        if use in key:
            uses[use] += 1
        else:
            if len(key) == budget:
                victim = min(key, key=lambda other: (key[other], other))
                clock_value = key.pop(victim)
            uses[use] = 1
        key[use] = clock_value + uses[use]
    return hits


def two_queue(trace: Sequence[int], budget: int) -> list[bool]:
    short: list[int] = []
    long: list[int] = []
    left: list[int] = []
    hits = []
    for use in trace:
        hits.append(use in short or use in long)
        if use in long:
            long = [use, *(other for other in long if other != use)]
        elif use not in short:
            returns = use in left
            if len(short) + len(long) == budget:
                if len(short) > 0.25 * budget or not long:
                    left = [short.pop(), *left][: int(0.5 * budget)]
                else:
                    long.pop()
            if returns:
                left = [other for other in left if other != use]
                long.insert(0, use)
            else:
                short.insert(0, use)
    return hits


def arc(trace: Sequence[int], budget: int) -> list[bool]:
    t1: list[int] = []
    t2: list[int] = []
    b1: list[int] = []
    b2: list[int] = []
    p = 0.0
    hits = []

    def replace(use: int) -> None:
        if t1 and ((use in b2 and len(t1) == p) or len(t1) > p):
            b1.insert(0, t1.pop())
        elif t2:
            b2.insert(0, t2.pop())
        else:
            b1.insert(0, t1.pop())

    for use in trace:
        hits.append(use in t1 or use in t2)
        full = len(t1) + len(t2) == budget
        if use in t1 or use in t2:
            (t1 if use in t1 else t2).remove(use)
            t2.insert(0, use)
        elif use in b1:
            p = min(budget, p + max(len(b2) / len(b1), 1))
            if full:
                replace(use)
            b1.remove(use)
            t2.insert(0, use)
        elif use in b2:
            p = max(0.0, p - max(len(b1) / len(b2), 1))
            if full:
                replace(use)
            b2.remove(use)
            t2.insert(0, use)
        else:
            if len(t1) + len(b1) == budget:
                if len(t1) < budget:
                    b1.pop()
                    if full:
                        replace(use)
                else:
                    t1.pop()
            elif len(t1) + len(t2) + len(b1) + len(b2) >= budget:
                if len(t1) + len(t2) + len(b1) + len(b2) == 2 * budget:
                    b2.pop()
                if full:
                    replace(use)
            t1.insert(0, use)
    return hits


def s3_fifo(trace: Sequence[int], budget: int) -> list[bool]:
    small: list[int] = []
    main: list[int] = []
    ghosts: list[int] = []
    uses: dict[int, int] = {}
    hits = []
    for use in trace:
        hits.append(use in small or use in main)
        if use in small or use in main:
            uses[use] = min(3, uses[use] + 1)
            continue
        returns = use in ghosts
        gone = len(small) + len(main) < budget
        while not gone:
            if small and (len(small) >= 0.1 * budget or not main):
                tail = small.pop()
                if uses[tail] > 1:
                    main.insert(0, tail)
                    uses[tail] = 0
                else:
                    ghosts = [tail, *ghosts][: int(0.9 * budget)]
                    gone = True
            else:
                tail = main.pop()
                if uses[tail]:
                    uses[tail] -= 1
                    main.insert(0, tail)
                else:
                    gone = True
        returns = returns and use in ghosts
        ghosts = [other for other in ghosts if other != use]
        (main if returns else small).insert(0, use)
        uses[use] = 0
    return hits


def sieve(trace: Sequence[int], budget: int) -> list[bool]:
    queue: list[int] = []
    visited: set[int] = set()
    hand: int | None = None
    hits = []
    for use in trace:
        hits.append(use in queue)
        if use in queue:
            visited.add(use)
            continue
        if len(queue) == budget:
            at = len(queue) - 1 if hand is None else queue.index(hand)
            while queue[at] in visited:
                visited.discard(queue[at])
                at = at - 1 if at else len(queue) - 1
            hand = queue[at - 1] if at else None
            queue.pop(at)
        queue.insert(0, use)
    return hits


def minimum(trace: Sequence[int], budget: int) -> list[bool]:
    here: set[int] = set()
    hits = []
    for position, use in enumerate(trace):
        hits.append(use in here)
        if use not in here and len(here) == budget:
            rest = trace[position:]
            here.remove(max(here, key=lambda other: rest.index(other) if other in rest else len(trace)))
        here.add(use)
    return hits
