"""Fine-tunes refer to the tensors that they have in common with a stored model where that one has them.

Theory. Equal pages are stored once, but what comes and goes in an arena is an extent, and two extents that differ in one page are two. Where
tensors are small against a page (a 0.5 B decoder), the extent that a tensor is in is a layer, so 5 % of changed tensors
would cost half of the layers once more in memory. A tensor's place is an extent and an offset, and nobody says that all of
an extent is one's own: so the equal tensors of such a bundle are said to lie in the base's extent, and those that differ are bundled anew,
across layers, in the order of use.

Price: who uses the fine-tune alone also brings the base's versions of what was changed. So a bundle is borrowed if at most 3/4 of it differ, the
most alike first, and all that is brought in vain is at most 1/8 of the model.

Which tensors are equal is known by bytes: pages that hash alike are equal, of the others both are read. Unlike models are found out after
some pages, so that a full fine-tune is not read twice.

Rejected: extents at the granularity of bytes whose neighbours share frames; every kernel's place would hang on who else is mapped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.store.ahead import ahead
from aweigh.memory.store.disk import read_fully
from aweigh.memory.store.layout import Item, Packed, bundles
from aweigh.memory.store.page import is_page, page_buffer
from aweigh.memory.store.plan import Plan, plan_of
from aweigh.memory.store.stored import Stored, StoredExtent

PADDING = 64  # at most 1/64 of a bundle: fine-tunes that are alike in size are many
IN_VAIN = 8  # at most 1/8 of the model
LOOK = 16  # pages; if three of four are unlike by then, so are the models

Page = tuple[memoryview, bytes, int]
"""A page of the checkpoint, its hash, and how many bytes of it were read."""


@dataclass(slots=True)
class _Compared:
    """An extent beside that of the base: hashes of its pages that are equal, by place, and names of tensors that differ."""

    pages: int = 0
    equal: dict[int, bytes] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def borrow(
    plan: Plan,
    base: Stored,
    read_page: Callable[[int], Page],
    give_back: Callable[[Page], None],
) -> Plan:
    """The plan with what `base` has of it taken from there.

    Args:
        base: a model with the plan's extents, and other bytes in them.
        read_page: a page of the plan by its number; called by several threads. `give_back` is told when it was looked at.

    Raises what `read_page` raises.
    """
    if [extent.length for extent in base.extents] != [extent.length for extent in plan.extents]:
        return plan  # another model has its name by now
    compared = _compare(plan, base, read_page, give_back)
    borrowed = _worth_it(plan, compared)
    found: list[tuple[int, Packed, Mapping[int, bytes]]] = []
    own: list[tuple[int, list[Item]]] = []
    for at, extent in enumerate(plan.extents):
        if at in borrowed:
            changed = compared[at].changed
            kept = tuple(tensor for tensor in extent.tensors if tensor.name not in changed)
            own += [(at, [Item(tensor.name, tensor.length)]) for tensor in extent.tensors if tensor.name in changed]
            found.append((at, Packed(kept, extent.length), dict(enumerate(_hashes(base.extents[at])))))
        else:
            found.append((at, extent, compared[at].equal if at in compared else {}))
    found += [(at, extent, {}) for at, extent in bundles(own, PADDING)]
    found.sort(key=lambda one: one[0])
    return plan_of([extent for _, extent, _ in found], [known for _, _, known in found])


def _compare(
    plan: Plan,
    base: Stored,
    read_page: Callable[[int], Page],
    give_back: Callable[[Page], None],
) -> dict[int, _Compared]:
    """Bundles by their index that were compared to the end."""
    other = page_buffer()
    looked = unlike = 0

    def numbers() -> Iterator[tuple[int, int]]:
        for at, extent in enumerate(plan.extents):
            if len(extent.tensors) > 1:
                for number in plan.pages_of(at):
                    if looked >= LOOK and unlike * 4 > looked * 3:
                        return
                    yield at, number

    found: dict[int, _Compared] = {}
    for (at, number), read in ahead(lambda one: read_page(one[1]), numbers()):
        page, name, _ = read
        compared = found.setdefault(at, _Compared())
        place = number - plan.firsts[at]
        looked += 1
        compared.pages += 1
        if name == _hashes(base.extents[at])[place]:
            compared.equal[place] = name
        else:
            unlike += 1
            there = _read(base.extents[at], place, other)
            for piece in plan.pieces(number):
                span = slice(piece.at, piece.at + piece.length)
                if not there or page[span] != other[span]:
                    compared.changed.add(piece.tensor)
        give_back(read)
    return {at: compared for at, compared in found.items() if compared.pages == plan.extents[at].pages}


def _worth_it(plan: Plan, compared: Mapping[int, _Compared]) -> set[int]:
    """Which of the compared extents are borrowed."""
    changed = {
        at: sum(tensor.length for tensor in plan.extents[at].tensors if tensor.name in one.changed)
        for at, one in compared.items()
        if one.changed
    }
    room = sum(tensor.length for extent in plan.extents for tensor in extent.tensors) // IN_VAIN
    found = set()
    for at in sorted(changed, key=lambda at: changed[at] / plan.extents[at].length):
        room -= changed[at]
        if room < 0 or changed[at] * 4 > plan.extents[at].length * 3:
            break
        found.add(at)
    return found


def _hashes(extent: StoredExtent) -> tuple[bytes, ...]:
    return extent.runs[0].hashes if len(extent.runs) == 1 else tuple(page for run in extent.runs for page in run.hashes)


def _read(extent: StoredExtent, place: int, into: memoryview) -> bool:
    """Reads a page of the base; False if it cannot be had as it was stored."""
    run, *rest = extent.runs
    while place >= len(run.hashes):
        place -= len(run.hashes)
        run, *rest = rest
    try:
        count = read_fully(run.descriptor, into, run.offset + place * PAGE_BYTES)
    except OSError:
        return False
    return count == PAGE_BYTES and is_page(into, run.hashes[place])
