"""Workloads from files: recorded accesses (Parquet), requests or accesses as JSON lines, Azure's and ServeGen's tables.

JSON lines: one object a line, with `model` (name), `extents` (bytes each) and perhaps `prefill_seconds` and `step_seconds` for a model; with
`time`, `model`, `prompt`, `new` for a request; with `time`, `extent` (a number, as they stand in the file), `uses` for an access.
"""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from aweigh.memory.core import PAGE_BYTES
from aweigh.memory.replay import servegen
from aweigh.memory.replay.workload import Access, Model, Request, Workload, by_time
from aweigh.memory.trace.file import TraceReader
from aweigh.proto.errors import InvalidRequest

PROMPT, NEW = 512, 64
"""Tokens of a request whose table does not say."""


def load(path: Path, model: Model, seed: int = 0) -> Workload:
    """A workload from a file of any of these kinds; `model` is what each model of a table without sizes looks like.

    Raises InvalidRequest, with one sentence."""
    if path.suffix == ".parquet":
        return accesses(path)
    if path.suffix in (".jsonl", ".ndjson"):
        return lines(path)
    try:
        with path.open("rb") as opened:
            azure = opened.read(9) == b"TIMESTAMP"
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}") from None
    if azure:
        return Workload((model,), azure_requests(path, model.name))
    rows = servegen.read(path)
    start = min((row.start for row in rows), default=0.0)
    end = max((row.start for row in rows), default=0.0) + servegen.WINDOW
    return of_clients(list(servegen.arrivals(rows, start, end - start, seed)), model)


def of_clients(arrivals: list[tuple[float, str]], model: Model) -> Workload:
    """Each client's requests as those of a model of its own, all built alike."""
    names = sorted({client for _, client in arrivals})
    models = tuple(Model(name, model.extents, model.prefill_seconds, model.step_seconds) for name in names)
    return Workload(models, by_time(Request(time, client, PROMPT, NEW) for time, client in arrivals))


def azure_requests(path: Path, model: str) -> tuple[Request, ...]:
    """Requests of one service from Azure's tables of 2023: TIMESTAMP, ContextTokens, GeneratedTokens."""
    found = []
    with path.open(newline="", encoding="utf-8") as opened:
        for number, row in enumerate(csv.DictReader(opened), 2):
            try:
                moment = datetime.fromisoformat(row["TIMESTAMP"][:26]).timestamp()
                found.append(Request(moment, model, int(row["ContextTokens"]), int(row["GeneratedTokens"])))
            except (KeyError, ValueError, TypeError) as error:
                raise InvalidRequest(f"{path}:{number}: {error}") from None
    start = min((request.time for request in found), default=0.0)
    return by_time(request._replace(time=request.time - start) for request in found)


def accesses(path: Path) -> Workload:
    """What `aweigh trace record` wrote. An extent that several models share belongs to the first of them that was seen."""
    extents: dict[str, tuple[str, int]] = {}
    rows = []
    for record in TraceReader(path).records():
        extents.setdefault(record.extent, (record.model, max(1, record.pages) * PAGE_BYTES))
        rows.append((record.time, record.extent, record.uses))
    names = sorted({model for model, _ in extents.values()})
    numbers: dict[str, int] = {}
    models = []
    for name in names:
        own = [extent for extent, (model, _) in extents.items() if model == name]
        numbers.update({extent: len(numbers) + at for at, extent in enumerate(own)})
        models.append(Model(name, tuple(extents[extent][1] for extent in own)))
    start = min((time for time, _, _ in rows), default=0.0)
    return Workload(tuple(models), accesses=tuple(Access(t - start, numbers[e], u) for t, e, u in rows))


def lines(path: Path) -> Workload:
    """The plain form."""
    models: list[Model] = []
    requests: list[Request] = []
    uses: list[Access] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        try:
            row: Any = json.loads(line)
            match row:
                case {"model": str(name), "extents": [*sizes]}:
                    seconds = (float(row.get("prefill_seconds", 0)), float(row.get("step_seconds", 0)))
                    models.append(Model(name, tuple(int(size) for size in sizes), *seconds))
                case {"time": time, "model": str(name), "prompt": prompt, "new": new}:
                    requests.append(Request(float(time), name, int(prompt), int(new)))
                case {"time": time, "extent": extent}:
                    uses.append(Access(float(time), int(extent), int(row.get("uses", 1))))
                case _:
                    raise ValueError("this is no model, no request and no access")
        except (ValueError, TypeError) as error:
            raise InvalidRequest(f"{path}:{number}: {error}") from None
    _check(path, models, requests, uses)
    return Workload(tuple(models), by_time(requests), tuple(sorted(uses)))


def _check(path: Path, models: list[Model], requests: list[Request], uses: list[Access]) -> None:
    count = sum(len(model.extents) for model in models)
    names = {model.name for model in models}
    if unknown := next((request.model for request in requests if request.model not in names), None):
        raise InvalidRequest(f"{path}: a request names the model {unknown!r}, which no line describes")
    if any(not 0 <= access.extent < count for access in uses):
        raise InvalidRequest(f"{path}: an access names an extent that no model has")
    if any(size <= 0 for model in models for size in model.extents) or not all(model.extents for model in models):
        raise InvalidRequest(f"{path}: a model without extents, or an extent without bytes")
    if requests and uses:
        raise InvalidRequest(f"{path}: it has both requests and accesses: split it")
