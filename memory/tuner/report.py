"""The report: tables in the terminal, and one HTML file with two plots that needs nothing else."""

import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from aweigh.memory.replay.outcome import Outcome, percentile
from aweigh.memory.tuner.measures import Measures
from aweigh.proto.errors import InvalidRequest

_STALLS: dict[str, Callable[[Outcome], float]] = {
    "stall, s": lambda outcome: outcome.stall_seconds,
    "per request p50, ms": lambda outcome: 1e3 * outcome.request_stall(0.5),
    "per request p99, ms": lambda outcome: 1e3 * outcome.request_stall(0.99),
    "per token p50, ms": lambda outcome: 1e3 * outcome.token_stall(0.5),
    "per token p99, ms": lambda outcome: 1e3 * outcome.token_stall(0.99),
    "hits / needed extents": lambda outcome: outcome.hit_ratio,
    "bytes moved / bytes used": lambda outcome: outcome.moved_per_used,
    "decider, us per event": lambda outcome: 1e6 * outcome.decider_seconds / max(1, outcome.events),
}


def rows_of_stalls(measures: Measures) -> list[list[str]]:
    """A header, then a row per figure and a column per replay."""
    rows = [["", *measures.outcomes]]
    for name, figure in _STALLS.items():
        rows.append([name, *(f"{figure(outcome):.4g}" for outcome in measures.outcomes.values())])
    rows.append(["worst window / LRU's", *(f"{worst:.3f}" for worst in measures.worst.values())])
    return rows


def rows_of_ratios(measures: Measures, which: str) -> list[list[str]]:
    """Shares of hits or of hit bytes, a column per budget."""
    rows = [[which, *(f"{budget}" for budget in measures.budgets)]]
    for name, ratios in measures.ratios.items():
        rows.append([name, *(f"{getattr(ratio, which):.3f}" for ratio in ratios)])
    return rows


def show(measures: Measures, console: Console) -> None:
    """Prints the tables."""
    for title, rows in _tables(measures):
        table = Table(title=title)
        for place, name in enumerate(rows[0]):
            table.add_column(name, justify="left" if not place else "right")
        for row in rows[1:]:
            table.add_row(*row)
        console.print(table)


def _tables(measures: Measures) -> list[tuple[str, list[list[str]]]]:
    return [
        ("Stalls of the whole trace", rows_of_stalls(measures)),
        ("Hits as a share of uses, by frames of the arena", rows_of_ratios(measures, "hits")),
        ("Hit bytes as a share of used bytes (MIN: a bound where sizes differ)", rows_of_ratios(measures, "bytes")),
    ]


def write(measures: Measures, title: str, folder: Path) -> Path:
    """Writes `report.html` and returns its path. Raises InvalidRequest where matplotlib is missing."""
    plots = [_plot(_draw_ratios, measures), _plot(_draw_stalls, measures)]
    parts = [f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>", _STYLE]
    parts.append(f"<h1>{html.escape(title)}</h1>")
    parts += plots
    for name, rows in _tables(measures):
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}" for cell in row) for row in rows)
        parts.append(f"<h2>{html.escape(name)}</h2><table>{body}</table>")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "report.html"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


_STYLE = "<style>body{font:15px sans-serif;margin:2em;max-width:70em}td{padding:.1em .8em;text-align:right}td:first-child{text-align:left}</style>"


def _plot(draw: Any, measures: Measures) -> str:
    try:
        import matplotlib
    except ImportError:
        raise InvalidRequest(
            "the report's plots need matplotlib, which is not here: pip install 'aweigh[tune]'"
        ) from None
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "aweigh"
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4.5), layout="constrained")
    draw(figure.subplots(), measures)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()[buffer.getvalue().index("<svg") :]


def _draw_ratios(axes: Any, measures: Measures) -> None:
    for name, ratios in measures.ratios.items():
        strong = name in ("MIN", "tuned")
        axes.plot(
            measures.budgets,
            [r.hits for r in ratios],
            label=name,
            linewidth=2.5 if strong else 1,
            marker="o",
            markersize=3,
        )
    axes.set(
        xscale="log",
        xlabel="arena, frames of 2 MiB",
        ylabel="hits / uses",
        ylim=(0, 1),
        title="Hits over the arena's size",
    )
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)


def _draw_stalls(axes: Any, measures: Measures) -> None:
    shares = [place / 200 for place in range(201)]
    for name, outcome in measures.outcomes.items():
        axes.plot([1e3 * percentile(outcome.request_stalls, share) for share in shares], shares, label=name)
    axes.set(xscale="symlog", xlabel="wait for weights per request, ms", ylabel="share of requests", title="Stalls")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
