"""The fuzzer's own judgement: it sees a difference, and draws the same cases every time."""

import base64
import copy
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from bench.fuzz.compare import differences, excused
from bench.fuzz.draw import case, cases
from bench.fuzz.journal import Journal
from bench.fuzz.tally import Tally
from bench.fuzz.verdict import verdict


def tensor(values: Any, dtype: str) -> dict[str, Any]:
    array = numpy.array(values, dtype=dtype)
    data = base64.b64encode(array.tobytes()).decode()
    return {"is": "Tensor", "dtype": dtype, "shape": list(array.shape), "grad": False, "data": data}


def answer() -> dict[str, Any]:
    parts = {"sequences": tensor([[1, 2]], "int64"), "scores": tensor([[0.5, -numpy.inf, numpy.nan]], "float32")}
    values = [{"is": "ModelOutput", "items": parts}, {"is": "list", "parts": ["text", 5, 0.25]}]
    return {"values": values, "error": None, "observed": {"is": "list", "parts": [1]}, "generator": "a", "rungs": {}}


def failed(kind: str, *bases: str) -> dict[str, Any]:
    return {**answer(), "error": {"type": kind, "bases": [*bases, "Exception"], "message": "no"}}


def test_equal_answers_and_numbers_within_the_tolerance() -> None:
    other = answer()
    other["values"][0]["items"]["scores"] = tensor([[0.50009, -numpy.inf, numpy.nan]], "float32")
    assert differences(answer(), answer()) == []
    assert differences(answer(), other) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("values", 0, "items", "sequences"), tensor([[1, 3]], "int64")),
        (("values", 0, "items", "sequences"), tensor([[1, 2]], "int32")),
        (("values", 0, "items", "sequences"), tensor([1, 2], "int64")),
        (("values", 0, "items", "scores"), tensor([[0.5002, -numpy.inf, numpy.nan]], "float32")),
        (("values", 0, "items", "scores"), tensor([[0.5, 0.0, numpy.nan]], "float32")),
        (("values", 0, "items", "scores"), tensor([[0.5, -numpy.inf, 0.0]], "float32")),
        (("values", 0, "items", "more"), None),
        (("values", 0, "is"), "Other"),
        (("values", 1, "parts", 0), "texts"),
        (("values", 1, "parts", 2), 0.26),
        (("observed", "parts"), [1, 2]),
        (("generator",), "b"),
    ],
)
def test_every_difference_is_seen(path: tuple[Any, ...], value: Any) -> None:
    other = copy.deepcopy(answer())
    place: Any = other
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert differences(answer(), other)
    assert differences(other, answer())


def test_exceptions_are_equal_or_ours() -> None:
    theirs, ours = failed("builtins.ValueError"), failed("aweigh.proto.errors.InvalidRequest", "AweighError")
    assert differences(theirs, theirs) == []
    assert differences(theirs, ours) == []
    assert differences(theirs, failed("builtins.TypeError"))
    assert differences(theirs, answer())
    assert differences(answer(), ours)
    assert differences(theirs, {"died": "killed"})
    assert differences({"died": "killed"}, ours) == []
    late = {"died": "killed", "late": True}
    assert differences(late, late) == []
    assert differences(late, {"died": "killed", "late": False})
    assert differences(answer(), late)


def test_an_edge_excuses_tokens_and_nothing_else() -> None:
    tokens, scores = copy.deepcopy(answer()), copy.deepcopy(answer())
    tokens["values"][0]["items"]["sequences"] = tensor([[1, 3]], "int64")
    scores["values"][0]["items"]["scores"] = tensor([[0.6, -numpy.inf, numpy.nan]], "float32")
    edges = [{"gap": 0.1}, {"gap": 4e-6}]
    assert excused(answer(), tokens, edges) == 4e-6
    assert excused(answer(), tokens, [{"gap": 0.1}, {"gap": 2e-5}]) is None
    assert excused(answer(), tokens, []) is None
    assert excused(answer(), scores, edges) is None
    assert excused(answer(), failed("builtins.ValueError"), edges) is None
    assert excused(answer(), {"died": "killed"}, edges) is None


def test_cases_are_drawn_from_seed_and_number_alone() -> None:
    drawn = cases(0, 40)
    assert drawn == [case(0, number) for number in range(40)]
    assert drawn[7] != case(1, 7)
    chosen = cases(0, 10, frozenset({"gpt2"}))
    assert [one.family for one in chosen] == ["gpt2"] * 10
    assert all(one == case(0, one.number) for one in chosen)
    assert cases(0, 20, first=20) == drawn[20:]


def test_a_case_travels_as_json_and_prints_as_an_expression() -> None:
    import ast

    for number in range(200):
        drawn = case(0, number)
        json.dumps(drawn.message())
        ast.parse(str(drawn), mode="eval")


def test_the_tally_counts_what_differs_and_what_is_excused() -> None:
    tally = Tally()
    one = {**answer(), "rungs": {"generate": 1, "step": 2, "local": 0, "local: asked for": 0, "local: a hook": 2}}
    for judged in (
        verdict(case(0, 1), answer(), one, [], None),
        verdict(case(0, 2), answer(), answer(), ["value: 1 instead of 2"], 3e-6),
        verdict(case(0, 3), answer(), answer(), ["value: 1 instead of 2"], None),
    ):
        tally.add(judged)
    assert tally.different == [3]
    assert "2 of 3 cases equal, 1 of them excused: ['2: 3.0e-06']" in tally.report()
    assert tally.facts(0)["cases_by_rung"] == {"generate+step": 1, "none": 2}
    assert tally.facts(0)["local_because"] == {"a hook": 1}


def test_a_journal_gives_back_what_was_written_and_drops_a_line_that_was_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 0)
    assert journal.read() == {}
    one = verdict(case(0, 1), answer(), {**answer(), "rungs": {"local: a hook": 1}}, [], None)
    other = verdict(case(0, 2), answer(), answer(), ["value: 1 instead of 2"], 3e-6)
    journal.write(one)
    journal.write(other)
    (path,) = tmp_path.iterdir()
    with path.open("a") as file:
        file.write('{"number": 3, ')
    assert journal.read() == {1: one, 2: other}
    journal.write(one)
    assert journal.read() == {1: one, 2: other}
    assert Journal(tmp_path, 1).read() == {}
    journal.forget()
    assert journal.read() == {}
