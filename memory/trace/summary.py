"""What a trace says, for people: which extents of which models were used how often."""

from collections import Counter
from collections.abc import Iterator

from aweigh.memory.trace.file import TraceReader

_MOST = 10  # extents that are shown


def lines(trace: TraceReader) -> Iterator[str]:
    """The facts, a line per model, and the extents that were used most."""
    facts = trace.facts
    uses: Counter[tuple[str, str]] = Counter()
    pages: dict[tuple[str, str], int] = {}
    last = facts.began
    for record in trace.records():
        key = (record.model, record.extent)
        uses[key] += record.uses
        pages[key] = record.pages
        last = max(last, record.time)
    yield f"source {facts.source}, {facts.rows} records in {last - facts.began:.1f} s, every {facts.interval:g} s" + (
        f", {facts.lost} samples lost" if facts.lost else ""
    )
    if facts.unwatched:
        yield f"{facts.unwatched} extents were not watched: the source could not see them, or not tell them from others"
    for model in dict.fromkeys(model for model, _ in uses):
        mine = {key: count for key, count in uses.items() if key[0] == model}
        size = sum(pages[key] for key in mine) * facts.page_bytes
        yield f"model {model or '(shared)'}: {len(mine)} extents, {size / 1e6:.1f} MB in pages, {sum(mine.values())} uses"
    for (model, extent), count in uses.most_common(_MOST):
        yield f"  {count:10} uses of {pages[model, extent]} page(s): {extent}" + (f" ({model})" if model else "")
    if len(uses) > _MOST:
        yield f"  ... and {len(uses) - _MOST} extents more"
