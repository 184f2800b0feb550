"""docs/scripts.md: its rows are those of the scripts that exist, in the words of their docstrings."""

from collections import Counter

import pytest
from bench import shapes


def test_the_page_has_every_script_and_no_other() -> None:
    lines = shapes.PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and line.split(" | ")[0].removeprefix("| ").isdigit()]
    expected = [f"| {shapes.number(path)} | {shapes.title(path)} `{shapes.name(path)}` | " for path in shapes.scripts()]
    assert len(rows) == len(expected)
    stale = [begin for row, begin in zip(rows, expected, strict=True) if not row.startswith(begin)]
    assert not stale, "make it anew: python -m bench.shapes --write"


def test_every_shape_has_a_script_that_says_what_it_does() -> None:
    assert {shapes.number(path) for path in shapes.scripts()} >= set(range(1, 25))
    assert all(map(shapes.title, shapes.scripts()))


def test_a_row_counts_and_gives_reasons() -> None:
    path = shapes.scripts()[0]
    row = shapes.Row(path, False, Counter(generate=3, local=1), ["a", "b", "c", "d", "e|f", "g"])
    assert str(row).endswith("| no | 3 | 0 | 0 | 1 | a; b; c; d; 2 more |")


def test_a_page_keeps_the_rows_of_scripts_that_were_not_run_again() -> None:
    first, second, *others = shapes.scripts()
    rows = [shapes.Row(first, True, Counter(generate=3), []), shapes.Row(second, False, Counter(), [])]
    page = shapes.page(rows[1:], shapes.page(rows[:1], ""))
    assert f"**1 of {len(others) + 2} scripts print the same**, 1 another, {len(others)} were not run yet." in page
    assert all(f"{row}\n" in page for row in rows)
    assert shapes.page([], page) == page


@pytest.mark.parametrize(
    ("other", "same"), [("a 1.00001", True), ("a 1.1", False), ("b 1.0", False), ("a 1.0 2.0", False)]
)
def test_outputs_are_alike_but_for_noise(other: str, same: bool) -> None:
    assert shapes.alike("a 1.0", other) is same
