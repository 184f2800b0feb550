"""Requests from ServeGen's tables of clients: per client and window of 600 s the rate, the variation and the distribution of gaps.

Xiang et al.: ServeGen: workload characterization and generation of large language model serving in production. arXiv 2505.09999. Columns:
window_start_s, client, rate_req_s, iat_cv, iat_dist, p1, p2. Each client stands for a model. Gaps are drawn from the gamma or Weibull
distribution with the row's shape, scaled to its mean gap; what runs over a window's end starts the next window.
"""

import csv
import gzip
import io
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aweigh.proto.errors import InvalidRequest

WINDOW = 600.0
_COLUMNS = ["window_start_s", "client", "rate_req_s", "iat_cv", "iat_dist", "p1", "p2"]


@dataclass(frozen=True, slots=True)
class ClientWindow:
    """One row: `rate` in requests per second, `shape` of a gamma or Weibull distribution."""

    start: float
    client: str
    rate: float
    variation: float
    distribution: str
    shape: float


def read(path: Path) -> list[ClientWindow]:
    """The rows of a table, gzip or plain. Raises InvalidRequest with the line that is wrong."""
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw).decode() if raw[:2] == b"\x1f\x8b" else raw.decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read as a table of clients: {error}") from None
    rows = csv.DictReader(io.StringIO(text))
    if rows.fieldnames != _COLUMNS:
        raise InvalidRequest(f"{path} is no table of ServeGen clients: its first line must be {','.join(_COLUMNS)}")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            rate, shape = float(row["rate_req_s"]), float(row["p1"])
            if not (0 < rate < 1e6 and shape > 0 and row["iat_dist"] in ("Gamma", "Weibull")):
                raise ValueError("a rate, a distribution or a shape that cannot be")
            start, variation = float(row["window_start_s"]), float(row["iat_cv"])
            found.append(ClientWindow(start, row["client"], rate, variation, row["iat_dist"], shape))
        except (ValueError, TypeError) as error:
            raise InvalidRequest(f"{path}:{number}: {error}") from None
    return found


def arrivals(
    rows: Sequence[ClientWindow], start: float, seconds: float, seed: int, share: float = 1.0
) -> Iterator[tuple[float, str]]:
    """Times (from 0) and clients of requests in `seconds` from `start`, client by client. `share` of every rate, which keeps popularity and
    shape. The same for a seed."""
    windows: dict[str, list[ClientWindow]] = {}
    for row in rows:
        if start <= row.start < start + seconds:
            windows.setdefault(row.client, []).append(row)
    for client, own in sorted(windows.items()):
        draw = random.Random(f"{seed}:{client}")
        for row in sorted(own, key=lambda row: row.start):
            time = row.start - start
            end = min(time + WINDOW, seconds)
            mean = 1 / (row.rate * share)
            time += draw.random() * _gap(draw, row, mean)
            while time < end:
                yield time, client
                time += _gap(draw, row, mean)


def _gap(draw: random.Random, row: ClientWindow, mean: float) -> float:
    if row.distribution == "Gamma":
        return draw.gammavariate(row.shape, mean / row.shape)
    return draw.weibullvariate(mean / math.gamma(1 + 1 / row.shape), row.shape)
