"""What differs between two answers, as sentences; none: they are equal.

Numbers that are no integers agree within 1e-4. All else is equal: tokens, texts, types, keys, shapes, dtypes, what callbacks saw,
exceptions, and where torch's generator stands afterwards.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy

TOLERANCE = 1e-4
EDGE = 1e-5
OURS = "AweighError"
_DTYPES = {"bfloat16": "uint16", "bool": "bool"}


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[str]:
    """`expected` is the oracle's answer. Where the oracle fails in any way, a typed error of ours may stand. Where it never answers (drafts
    that are checked again and again: assisted decoding with a `MaxLengthCriteria` beyond `max_length`), ours need not either."""
    if expected.get("late") and actual.get("late"):
        return []
    if "died" in actual:
        return [f"our process ended: {actual['died'][-1500:]}"]
    if "died" in expected:
        return (
            []
            if actual["error"] and OURS in actual["error"]["bases"]
            else ["the oracle's process ended, ours answered"]
        )
    found = list(_errors(expected["error"], actual["error"]))
    if found or (expected["error"] and expected["error"] != actual["error"]):
        return found  # a typed error of ours comes when it comes: what was done until then is not compared
    found += _values(expected["values"], actual["values"], "value")
    found += _values(expected["observed"], actual["observed"], "observed")
    if expected["generator"] != actual["generator"]:
        found.append("torch's generator stands elsewhere")
    return found


def excused(
    expected: Mapping[str, Any], actual: Mapping[str, Any], witnessed: Sequence[Mapping[str, Any]]
) -> float | None:
    """The smallest distance of the oracle's decisions from another one, if it is below 1e-5 and tokens or texts differ; else None."""
    if "died" in expected or "died" in actual:
        return None
    if expected.get("error") or actual.get("error") or _decided(expected) == _decided(actual):
        return None
    smallest = min((decision["gap"] for decision in witnessed), default=1.0)
    return smallest if smallest < EDGE else None


def _decided(answer: Mapping[str, Any]) -> Any:
    """What came of decisions: an answer without its real numbers."""
    return [_discrete(answer.get(name)) for name in ("values", "observed")]


def _discrete(value: Any) -> Any:
    match value:
        case {"is": "Tensor", "dtype": str(dtype)} if "float" in dtype:
            return None
        case dict():
            return {name: _discrete(item) for name, item in value.items()}
        case list():
            return [_discrete(item) for item in value]
    return None if isinstance(value, float) else value


def _errors(expected: Mapping[str, Any] | None, actual: Mapping[str, Any] | None) -> Iterator[str]:
    if actual is None:
        if expected is not None:
            yield f"the oracle raises {_error(expected)}, we answer"
    elif expected is None:
        yield f"we raise {_error(actual)}, the oracle answers"
    elif (expected["type"], expected["message"]) != (actual["type"], actual["message"]) and OURS not in actual["bases"]:
        yield f"the oracle raises {_error(expected)}, we {_error(actual)}"


def _error(error: Mapping[str, Any]) -> str:
    return f"{error['type']}: {error['message'][:600]}"


def _values(expected: Any, actual: Any, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        if expected["is"] == actual["is"] == "Tensor":
            yield from _tensors(expected, actual, path)
        elif expected.keys() != actual.keys() or expected["is"] != actual["is"]:
            yield f"{path}: {_brief(actual)} instead of {_brief(expected)}"
        elif "items" in expected and list(expected["items"]) != list(actual["items"]):
            yield f"{path}: keys {list(actual['items'])} instead of {list(expected['items'])}"
        elif "items" in expected:
            for name, item in expected["items"].items():
                yield from _values(item, actual["items"][name], f"{path}.{name}")
        elif "parts" in expected:
            yield from _values(expected["parts"], actual["parts"], path)
        elif expected != actual:
            yield f"{path}: {_brief(actual)} instead of {_brief(expected)}"
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: {len(actual)} parts instead of {len(expected)}"
        for index, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _values(one, other, f"{path}[{index}]")
    elif isinstance(expected, float) and isinstance(actual, float) and not math.isnan(expected):
        if not abs(expected - actual) <= TOLERANCE:
            yield f"{path}: {actual} instead of {expected}"
    elif expected != actual and not (_is_nan(expected) and _is_nan(actual)):
        yield f"{path}: {_brief(actual)} instead of {_brief(expected)}"


def _tensors(expected: Mapping[str, Any], actual: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in ("dtype", "shape", "grad"):
        if expected[name] != actual[name]:
            yield f"{path}: {name} {actual[name]} instead of {expected[name]}"
            return
    if expected["data"] == actual["data"]:
        return
    one, other = numbers(expected), numbers(actual)
    if one.dtype.kind != "f":
        where = tuple(int(index) for index in numpy.argwhere(one != other)[0])
        yield f"{path}: {other[where]} instead of {one[where]} at {where}; {_rows(other)} instead of {_rows(one)}"
        return
    with numpy.errstate(invalid="ignore"):
        apart = numpy.where((one == other) | (numpy.isnan(one) & numpy.isnan(other)), 0.0, numpy.abs(one - other))
    apart = numpy.where(numpy.isnan(apart), numpy.inf, apart)
    if apart.max() > TOLERANCE:
        where = tuple(int(index) for index in numpy.unravel_index(apart.argmax(), apart.shape))
        yield f"{path} {expected['shape']}: {other[where]} instead of {one[where]} at {where}, the worst of {int((apart > TOLERANCE).sum())}"


def numbers(tensor: Mapping[str, Any]) -> Any:
    """The array of an encoded tensor."""
    dtype = _DTYPES.get(tensor["dtype"], tensor["dtype"])
    return numpy.frombuffer(base64.b64decode(tensor["data"]), dtype=dtype).reshape(tensor["shape"])


def _rows(array: Any) -> str:
    return str(array.tolist())[:300]


def _brief(value: Any) -> str:
    return str({**value, "data": "..."} if isinstance(value, dict) and "data" in value else value)[:300]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
