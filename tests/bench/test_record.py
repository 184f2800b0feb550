"""What a measurement leaves behind."""

import json
from pathlib import Path

import pytest
from bench.record import Goal, Record, Series, percentile

FIVE = Series(unit="tokens/s", values=(5.0, 1.0, 4.0, 2.0, 3.00049))


def test_a_record_is_written_with_everything_that_a_reader_needs(tmp_path: Path) -> None:
    record = Record(
        name="speed",
        series={"ours": FIVE},
        goals={"ratio": Goal(value=1.23456, at_least=1.2)},
        facts={"model": "m"},
        command=("bench/speed.py", "--rounds", "5"),
    )
    path = record.write(tmp_path)
    assert path == tmp_path / "speed.json"
    assert list(tmp_path.iterdir()) == [path], "no half-written file stays"
    body = json.loads(path.read_text())
    assert body["command"] == "python bench/speed.py --rounds 5"
    assert body["series"]["ours"] == {"unit": "tokens/s", "median": 3.0, "values": [5.0, 1.0, 4.0, 2.0, 3.0]}
    assert body["goals"]["ratio"] == {"value": 1.235, "at_least": 1.2, "met": True}
    assert {"processor", "cores", "memory_gib"} <= body["machine"].keys()
    assert body["machine"]["cores"] >= 1
    assert {"python", "torch", "transformers"} <= body["versions"].keys()


def test_a_median_of_few_runs_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 5 runs"):
        Series(unit="ms", values=(1.0, 2.0, 3.0, 4.0))


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(value=1.2, at_least=1.2), True),
        (Goal(value=1.19, at_least=1.2), False),
        (Goal(value=4.0, at_most=4.0), True),
        (Goal(value=4.1, at_most=4.0), False),
        (Goal(value=99.0), True),
    ],
)
def test_a_goal_knows_whether_it_is_met(goal: Goal, met: bool) -> None:
    assert goal.met is met


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert (percentile(values, 0.0), percentile(values, 0.5), percentile(values, 0.99)) == (1.0, 51.0, 100.0)
    assert percentile(values, 1.0) == 100.0
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 0.5)


def test_every_committed_result_was_written_by_a_record() -> None:
    results = Path(__file__).parents[2] / "bench" / "results"
    for path in results.glob("*.json"):
        body = json.loads(path.read_text())
        if "goals" in body:
            assert body["name"] == path.stem
            assert body["command"].startswith("python ")
            assert all(len(series["values"]) >= 5 for series in body["series"].values())
