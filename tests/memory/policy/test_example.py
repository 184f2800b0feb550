"""The policy that docs/policies.md shows is a policy."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from tests.memory.residency.shell import Shell, item

from aweigh.memory.policy.base import Policy
from aweigh.memory.policy.table import POLICIES

PAGE = Path(__file__).parents[3] / "docs" / "policies.md"


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The page's Python, as a module that a user would write."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found and len(found[1].splitlines()) <= 25
    (tmp_path / "largest.py").write_text(found[1])
    monkeypatch.syspath_prepend(str(tmp_path))
    import importlib

    return importlib.import_module("largest")


def test_the_page_shows_a_policy_that_works(shown: ModuleType) -> None:
    policy: Policy = shown.Largest(rest_seconds=0.0)
    shell = Shell(6, [item(0, 1), item(1, 3), item(2, 2), item(3, 2)], policy)
    for ticket in range(4):
        shell.use(ticket, ticket)
    assert shell.manager.resident == (0, 2, 3)
    assert shell.manager.counters.fallback_drops == 0


def test_the_page_names_every_policy() -> None:
    text = PAGE.read_text()
    for name, entry in POLICIES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert all(f"`{parameter}`" in row for parameter in entry.defaults())
