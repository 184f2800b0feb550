"""Access records: who used which extent when, and how often.

One record stands for an extent and the time since the record before it, never for a page and a step: a model of 8 B parameters has
8 000 pages, and a step uses all of them. Every source yields the same records under its own name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """`uses` of `pages` pages from `first_page` of an extent, up to `time` (seconds, the caller's clock), by a source.

    `model` is empty where a source cannot tell which of the models that share an extent used it. `instruction` and `address` are
    virtual addresses of the process that was watched, `thread` is the kernel's number; None where a source does not see them.
    """

    time: float
    source: str
    extent: str
    first_page: int
    pages: int
    uses: int
    model: str = ""
    instruction: int | None = None
    thread: int | None = None
    address: int | None = None
